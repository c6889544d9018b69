"""Who has a part in a case: its officers, its manager and its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import tasks
from engine.engine import Engine
from engine.errors import Invalid
from engine.host import Actor
from engine.tables import Task, TaskStatus
from engine.texts import gettext as _
from processes import accounts, consultations, organisation
from processes.case_events import CaseEvent, note
from processes.cases.lookup import get
from processes.cases.tables import Case, CaseMember
from processes.organisation import candidate_key
from processes.swedish_calendar import local_date

CASE_OFFICER_ROLE = "Handläggare"
CONSULTATION = "avstamning"  # the process that runs one


def change_officer(
    session: Session,
    engine: Engine,
    number: str,
    officer: str,
    *,
    actor: Actor,
    reason: str = "",
    doing: str | None = None,
) -> Case:
    """The new case officer gets the open tasks of the one before.

    `doing`: the element whose task is being completed by this, which stays. Handing over locks the
    instance, which comes before the case in every command.
    """
    case = get(session, number)
    check_user(session, officer, field="case_officer")
    before = case.case_officer
    if before == officer:
        return case
    if not may_be_officer(session, officer, local_date(engine.clock.now())):
        raise Invalid.field("case_officer", not_an_officer())
    move_tasks(session, engine, case, before, officer, actor=actor, doing=doing)
    case.case_officer = officer
    note(
        session, engine, case.number, CaseEvent.OFFICER_CHANGED, actor,
        before=before, after=officer, reason=reason.strip(),
    )  # fmt: skip
    return case


def set_co_officers(
    session: Session, engine: Engine, number: str, officers: Sequence[str], *, actor: Actor
) -> Case:
    case = get(session, number, lock=True)
    for officer in officers:
        check_user(session, officer, field="co_officers")
    before, after = list(case.co_officers), list(dict.fromkeys(officers))
    if before != after:
        case.co_officers = after
        note(
            session, engine, case.number, CaseEvent.CO_OFFICERS_CHANGED, actor,
            before=before, after=after,
        )  # fmt: skip
    return case


def members(session: Session, number: str) -> list[CaseMember]:
    statement = (
        sa.select(CaseMember)
        .where(CaseMember.case_number == number)
        .order_by(CaseMember.added_at, CaseMember.member)
    )
    return list(session.scalars(statement))


def add_member(session: Session, engine: Engine, number: str, member: str, *, actor: Actor) -> None:
    """`member` is a user id or a role with its scope ("sekreterare@RS")."""
    case = get(session, number)
    if "@" not in member:
        check_user(session, member, field="member")
    if _put(session, case.number, member, now=engine.clock.now(), actor=actor):
        note(session, engine, case.number, CaseEvent.MEMBER_ADDED, actor, member=member)


def remove_member(
    session: Session, engine: Engine, number: str, member: str, *, actor: Actor
) -> None:
    """A secretary's group can't be removed: the rules want it there always (chapter 5.1)."""
    case = get(session, number)
    if member in _secretaries(case):
        raise Invalid.field("member", _("Gruppen sekreterare ska alltid vara med i ärendet."))
    row = session.get(CaseMember, (case.number, member))
    if row is not None:
        session.delete(row)
        note(session, engine, case.number, CaseEvent.MEMBER_REMOVED, actor, member=member)


def add_secretaries(session: Session, case: Case, *, now: datetime, actor: Actor) -> None:
    """The secretaries of every organ on the path are members of the case."""
    for member in _secretaries(case):
        _put(session, case.number, member, now=now, actor=actor)


def move_tasks(
    session: Session,
    engine: Engine,
    case: Case,
    before: str | None,
    after: str,
    *,
    actor: Actor,
    doing: str | None = None,
) -> None:
    """Open tasks that the officer before had as officer; what they took in another role stays."""
    if before is None:
        return
    statement = sa.select(Task).where(
        tasks.has_business_key(case.number),
        Task.status == TaskStatus.OPEN,
        Task.assignee == before,
        _as_officer(session, case.number, before),
        Task.element.is_distinct_from(doing),
    )
    for task in session.scalars(statement):
        tasks.delegate(
            session, engine, task.id, to=after, actor=actor, lock_version=task.lock_version
        )


def _as_officer(session: Session, number: str, officer: str) -> sa.ColumnElement[bool]:
    """The officer writes in the replies of those outside, too (A18g)."""
    open_ones = consultations.open_ones(session, number)
    if any(one.user_id == officer for one in open_ones):
        return Task.role == CASE_OFFICER_ROLE
    return sa.or_(Task.role == CASE_OFFICER_ROLE, Task.process_key == CONSULTATION)


def possible_officers(session: Session, on: date) -> list[accounts.User]:
    """Those who may be named case officer; a secretary or a manager only if they hold it too."""
    return organisation.holders(session, CASE_OFFICER_ROLE, organisation.REGION, on)


def may_be_officer(session: Session, user_id: str, on: date) -> bool:
    return any(user.id == user_id for user in possible_officers(session, on))


def not_an_officer() -> str:
    return _("Välj en person som har rollen Handläggare.")


def works_here(session: Session, user_id: str | None) -> bool:
    user = session.get(accounts.User, user_id) if user_id else None
    return user is not None and user.active


def check_user(session: Session, user_id: str, *, field: str) -> None:
    if not works_here(session, user_id):
        raise Invalid.field(field, _("Välj en person som arbetar här."))


def _secretaries(case: Case) -> list[str]:
    return [candidate_key("Sekreterare", organ) for organ in case.path]


def _put(session: Session, number: str, member: str, *, now: datetime, actor: Actor) -> bool:
    if session.get(CaseMember, (number, member)) is not None:
        return False
    session.add(CaseMember(case_number=number, member=member, added_at=now, added_by=actor.id))
    return True
