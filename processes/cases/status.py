"""The status of a case, when each was set, and the line of phases that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import messages
from engine.engine import Engine
from engine.errors import Invalid, Refusal
from engine.host import Actor
from engine.texts import gettext as _
from engine.texts import marked
from processes.case_events import CaseEvent, note
from processes.cases.lookup import get
from processes.cases.tables import Case, CaseStatus, CaseStatusChange
from processes.swedish_calendar import local_date

ENDED = frozenset({CaseStatus.CLOSED, CaseStatus.ARCHIVED})
TOO_LATE_TO_WITHDRAW = ENDED | {
    CaseStatus.DECIDED,
    CaseStatus.ATTESTED,
    CaseStatus.DISPATCHED,
    CaseStatus.WITHDRAWN,
    CaseStatus.WRITTEN_OFF,
}
_END_COLUMNS = {
    CaseStatus.CLOSED: "closed_at",
    CaseStatus.ARCHIVED: "archived_at",
    CaseStatus.WITHDRAWN: "withdrawn_at",
}


class StatusRefused(Refusal):
    """The case is past the point where that can be done."""


def set_status(session: Session, engine: Engine, number: str, status: str, *, actor: Actor) -> Case:
    """Setting the status it has already does nothing; an archived case keeps its own."""
    case = get(session, number)
    wanted = CaseStatus(status)
    if case.status == wanted:
        return case
    if case.status == CaseStatus.ARCHIVED:
        raise StatusRefused(_("Ärendet är arkiverat och kan inte ändras."))
    before, now = case.status, engine.clock.now()
    case.status, case.status_at = wanted, now
    if column := _END_COLUMNS.get(wanted):
        setattr(case, column, now)
    record(session, case, now=now, actor=actor)
    note(session, engine, case.number, CaseEvent.STATUS_CHANGED, actor, before=before, after=wanted)
    return case


def withdraw(session: Session, engine: Engine, number: str, *, reason: str, actor: Actor) -> Case:
    """The one who raised the case takes it back: its process is told, and closes it."""
    case = get(session, number, lock=True)
    if not reason.strip():
        raise Invalid.field("reason", _("Skriv vem som återkallar ärendet och varför."))
    if case.status in TOO_LATE_TO_WITHDRAW:
        raise StatusRefused(
            _("Ärendet kan inte återkallas: det är redan %(status)s.", status=case.status.lower())
        )
    case.withdrawal_reason = reason.strip()
    set_status(session, engine, case.number, CaseStatus.WITHDRAWN, actor=actor)
    note(session, engine, case.number, CaseEvent.WITHDRAWN, actor, reason=case.withdrawal_reason)
    payload = {"skal": case.withdrawal_reason}
    messages.send(session, engine, "aterkallat", [case.number], payload, actor=actor)
    return case


def record(session: Session, case: Case, *, now: datetime, actor: Actor) -> None:
    """Keep when the case got the status it has, and from whom."""
    session.add(
        CaseStatusChange(
            case_number=case.number,
            status=case.status,
            at=now,
            actor=actor.id,
            on_behalf_of=actor.on_behalf_of,
        )
    )


def changes(session: Session, number: str) -> list[CaseStatusChange]:
    """Every status the case has had, oldest first."""
    statement = (
        sa.select(CaseStatusChange)
        .where(CaseStatusChange.case_number == number)
        .order_by(CaseStatusChange.id)
    )
    return list(session.scalars(statement))


class PhaseState(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"
    SKIPPED = "skipped"  # a case that was withdrawn never gets there


@dataclass(frozen=True, kw_only=True)
class Phase:
    """One stop on the line; dates are those that happened, `until_on` the one planned for now."""

    name: str
    state: PhaseState
    reached_on: date | None = None
    until_on: date | None = None


# The phase that each status stands in, and the status by which a phase was reached.
_NAMES = (
    marked("Väckt"), marked("Registrerat"), marked("Fördelat"), marked("Handläggs"),
    marked("Beslut"), marked("Efterarbete"), marked("Arkiv"),
)  # fmt: skip
_PHASE_OF = {
    CaseStatus.REGISTERED: 2,  # it waits to be allocated
    CaseStatus.ALLOCATED: 3,
    CaseStatus.PREPARING: 3,
    CaseStatus.REFERRED: 3,
    CaseStatus.READY: 4,
    CaseStatus.LISTED: 4,
    CaseStatus.NOTICED: 4,
    CaseStatus.DECIDED: 5,
    CaseStatus.ATTESTED: 5,
    CaseStatus.DISPATCHED: 5,
    CaseStatus.WITHDRAWN: 5,
    CaseStatus.WRITTEN_OFF: 5,
    CaseStatus.CLOSED: 6,
    CaseStatus.ARCHIVED: 7,
}
_CUT_SHORT = frozenset({CaseStatus.WITHDRAWN, CaseStatus.WRITTEN_OFF})


def phases(session: Session, case: Case) -> list[Phase]:
    """Väckt · Registrerat · Fördelat · Handläggs · Beslut · Efterarbete · Arkiv, with dates."""
    reached, cut_short = _reached(case, changes(session, case.number))
    now = _PHASE_OF[CaseStatus(case.status)]
    until = {3: case.ready_by_on, 4: case.decide_by_on}
    return [
        Phase(
            name=_(name),
            state=_state(index, now, reached, cut_short=cut_short),
            reached_on=reached.get(index) if index <= now else None,
            until_on=until.get(index) if index >= now else None,
        )
        for index, name in enumerate(_NAMES)
    ]


def _reached(case: Case, changes: list[CaseStatusChange]) -> tuple[dict[int, date], bool]:
    """The first day of each phase; a case referred back keeps the day it first got there."""
    reached = {0: case.received_on, 1: local_date(case.created_at)}
    cut_short = False
    for change in changes:
        status, on = CaseStatus(change.status), local_date(change.at)
        cut_short = cut_short or status in _CUT_SHORT
        if status == CaseStatus.ALLOCATED:
            reached.setdefault(2, on)
        elif status == CaseStatus.ARCHIVED:
            reached[6] = on
        elif status not in {CaseStatus.REGISTERED, CaseStatus.CLOSED}:
            reached.setdefault(_PHASE_OF[status], on)
    return reached, cut_short


def _state(index: int, now: int, reached: dict[int, date], *, cut_short: bool) -> PhaseState:
    if index > now:
        return PhaseState.LATER
    if cut_short and index not in reached and index < now:
        return PhaseState.SKIPPED
    return PhaseState.NOW if index == now else PhaseState.DONE
