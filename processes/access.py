"""Who may see what, and who may do what.

A case without secrecy is open to everyone who works here. A secret one is there only for those
with a part in it: its members, officers and manager, the registrars of its registries, and whoever
has or had a task in it. For everybody else, administrators too, it doesn't exist: not in lists,
searches, logs or links. A secret record in an open case follows the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.host import Actor
from engine.tables import Instance, Task
from engine.texts import gettext as _
from processes import accounts, cases, records, standing
from processes.cases.tables import Case, CaseAlias, CaseMember
from processes.records.tables import Record, RecordFile
from processes.swedish_calendar import local_date

Statement = TypeVar("Statement", bound="sa.Select[Any]")
REGISTRAR = "registrator@"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One person with what they hold that day, substitution included; made once per request."""

    user_id: str
    on: date
    standing: standing.Standing
    assignees: tuple[str, ...]  # the person and those whom they stand in for
    candidates: tuple[str, ...]  # roles whose tasks the person may take: "sekreterare@RS" …
    opening: tuple[str, ...]  # those of them that open a secret case

    @property
    def registries(self) -> tuple[str, ...]:
        """Those where the person is registrar."""
        found = (key for key in self.candidates if key.startswith(REGISTRAR))
        return tuple(key.removeprefix(REGISTRAR) for key in found)


def reader(session: Session, user_id: str, now: datetime) -> Reader:
    on = local_date(now)
    who = standing.of(session, user_id, on)
    return Reader(
        user_id=user_id,
        on=on,
        standing=who,
        assignees=who.assignees,
        candidates=tuple(who.candidates),
        opening=tuple(who.opening),
    )


def visible(statement: Statement, reader: Reader) -> Statement:
    """Only the cases that the reader may see, of a statement that selects from `Case`."""
    return statement.where(sa.or_(Case.secret.is_(False), _has_part(reader)))


def visible_records(statement: Statement, reader: Reader) -> Statement:
    """The same for a statement that selects from `Record` joined with `Case`."""
    return visible(statement, reader).where(sa.or_(Record.secret.is_(False), _has_part(reader)))


def may_see(session: Session, reader: Reader, thing: Case | Record) -> bool:
    if isinstance(thing, Case):
        return not thing.secret or _is_part_of(session, reader, thing.number)
    case = session.get_one(Case, thing.case_number)
    if not thing.secret and not case.secret:
        return True
    return _is_part_of(session, reader, case.number)


def case(session: Session, reader: Reader, number: str) -> Case:
    """The case by any of its numbers; NotFound in the same words when the reader may not see it."""
    found = cases.get(session, number)
    if not may_see(session, reader, found):
        raise cases.CaseNotFound(number)  # as it was asked for: an alias tells no other number
    return found


def find_case(session: Session, reader: Reader, number: str | None) -> Case | None:
    """The case that a business key names; None for another's, or one that is hidden."""
    found = session.get(Case, number) if number else None
    return found if found is not None and may_see(session, reader, found) else None


def visible_numbers(session: Session, reader: Reader, numbers: Sequence[str]) -> list[str]:
    """Those of the cases that the reader may see, in the order given."""
    statement = visible(sa.select(Case.number).where(Case.number.in_(numbers)), reader)
    seen = set(session.scalars(statement))
    return [number for number in numbers if number in seen]


def record(session: Session, reader: Reader, record_id: str) -> Record:
    found = records.get(session, record_id)
    if not may_see(session, reader, found):
        raise records.RecordNotFound
    return found


def records_of(session: Session, reader: Reader, case: Case) -> list[Record]:
    """The records of a case that the reader may see, newest first."""
    found = records.of_case(session, case.number)
    if not case.secret and any(record.secret for record in found):
        allowed = _is_part_of(session, reader, case.number)
        return [record for record in found if allowed or not record.secret]
    return found if may_see(session, reader, case) else []


def file(session: Session, reader: Reader, file_id: str) -> RecordFile:
    """A file of a record that the reader may see; the store opens it by its `sha256`."""
    found = records.get_file(session, file_id)
    if not may_see(session, reader, records.get(session, found.record_id)):
        raise records.FileNotFound
    return found


def may_see_key(session: Session, reader: Reader, business_key: str | None) -> bool:
    """True for what runs under this key: a meeting's process is open, a case's is as its case."""
    found = session.get(Case, business_key) if business_key else None
    return found is None or may_see(session, reader, found)


def works_in(session: Session, reader: Reader, case: Case) -> bool:
    """Whether the reader has a part in the case: only they may change its card and records."""
    return _is_part_of(session, reader, case.number)


def require_part(session: Session, reader: Reader, case: Case) -> None:
    if not works_in(session, reader, case):
        raise NotAllowed(
            _(
                "Bara de som arbetar i ärendet kan ändra det. "
                "Handläggaren eller registratorn hjälper dig."
            )
        )


def require_may_add_records(session: Session, reader: Reader, case: Case) -> None:
    """Those who work in the case may: officers, manager, members, secretaries, registrars.

    An administrator keeps the system, not the cases. Whoever is refused is told where to go.
    """
    if works_in(session, reader, case):
        return
    officer = accounts.find(session, case.case_officer) if case.case_officer else None
    whom = _("Registrator %(registry)s", registry=case.registry_code)
    if officer is not None:
        whom = _("%(registrar)s eller %(officer)s", registrar=whom, officer=officer.name)
    raise NotAllowed(
        _(
            "Bara de som arbetar i ärendet lägger handlingar i det. "
            "Sänd handlingen till %(whom)s, så läggs den in.",
            whom=whom,
        )
    )


def require_registrar(reader: Reader, registry_code: str) -> None:
    """Only its registrars give numbers in a registry (chapter 3.1)."""
    if registry_code not in reader.registries:
        raise NotAllowed(
            _("Bara registratorn för diariet %(code)s kan registrera där.", code=registry_code)
        )


def hidden_numbers(reader: Reader) -> sa.Select[str]:
    """The numbers of the cases hidden from the reader, for lists of tasks and instances."""
    # A case without officer compares to NULL, and NOT NULL would let it slip through.
    has_part = sa.func.coalesce(_has_part(reader), sa.false())
    return sa.select(Case.number).where(Case.secret.is_(True), sa.not_(has_part))


def may_act(reader: Reader, task: Task) -> Actor:
    """As whom the reader may work on the task. NotAllowed when it is somebody else's.

    By what the reader held when the request came: who then waits for a lock doesn't lose it.
    """
    who = reader.standing
    if task.assignee is not None:
        allowed = task.assignee in who.assignees
    else:
        allowed = task.candidate in who.candidates
    if not allowed:
        raise NotAllowed(
            _("Uppgiften är inte din: den ligger hos %(label)s.", label=task.candidate_label)
        )
    absent = who.on_behalf_of(candidate=task.candidate, assignee=task.assignee)
    return Actor(id=reader.user_id, on_behalf_of=absent)


def visible_tasks(reader: Reader) -> sa.ColumnElement[bool]:
    """The condition on `Task` that it is not of a case hidden from the reader.

    Only what a role that opens no case may take has to be looked up: a case officer's task that
    was handed back lies open to everyone who may be named case officer.
    """
    hidden = sa.and_(
        Case.number == Task.business_key,
        Case.secret.is_(True),
        sa.not_(sa.func.coalesce(_has_part(reader), sa.false())),
    )
    return sa.or_(
        Task.candidate.in_(reader.opening), sa.not_(sa.exists().where(hidden).correlate(Task))
    )


def may_see_task(session: Session, reader: Reader, task: Task) -> bool:
    return may_see_key(session, reader, task.business_key)


def _is_part_of(session: Session, reader: Reader, number: str) -> bool:
    statement = sa.select(sa.literal(1)).where(Case.number == number, _has_part(reader))
    return session.scalar(statement) is not None


def _has_part(reader: Reader) -> sa.ColumnElement[bool]:
    """The condition on `Case` that the reader has a part in it."""
    people = reader.assignees
    co_officers = sa.type_coerce(Case.co_officers, sa.Text)  # a JSON list: '["a", "b"]'
    return sa.or_(
        Case.case_officer.in_(people),
        Case.responsible_manager.in_(people),
        Case.delegate.in_(people),
        *(co_officers.contains(f'"{person}"', autoescape=True) for person in people),
        Case.registry_code.in_(reader.registries),
        _exists(
            CaseAlias.case_number == Case.number,
            CaseAlias.registry_code.in_(reader.registries),
        ),
        _exists(
            CaseMember.case_number == Case.number,
            CaseMember.member.in_((*people, *reader.opening)),
        ),
        _exists(
            Instance.business_key == Case.number,
            Task.instance_id == Instance.id,
            sa.or_(
                Task.assignee.in_(people),
                Task.completed_by == reader.user_id,
                Task.candidate.in_(reader.opening),
            ),
        ),
    )


def _exists(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(*conditions).correlate(Case)
