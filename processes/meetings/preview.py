"""What moving a meeting would move, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import Actor
from engine.spiff import Moved
from engine.texts import gettext as _
from processes import agenda
from processes.meetings import calendar, timeline
from processes.meetings.changes import move
from processes.meetings.checks import warnings
from processes.meetings.tables import StepDate
from processes.swedish_calendar import local_date


@dataclass(frozen=True, kw_only=True)
class MovePreview:
    before: list[StepDate]
    after: list[StepDate]
    case_numbers: list[str]
    moved: list[Moved]
    warnings: list[str]


def preview_move(
    session: Session,
    engine: Engine,
    meeting_id: str,
    on: date,
    *,
    actor: Actor,
    last_day_on: date | None = None,
    submission_on: date | None = None,
) -> MovePreview:
    """Found out by moving it and taking it back: nobody can reckon it differently.

    Needs a transaction that may write, and leaves nothing in it.
    """
    meeting = calendar.get(session, meeting_id)
    today = local_date(engine.clock.now())
    before = timeline.dates(session, meeting, today=today)
    numbers = agenda.case_numbers(session, meeting_id)
    trial = session.begin_nested()
    try:
        moved = move(
            session,
            engine,
            meeting_id,
            on,
            actor=actor,
            reason=_("Förhandsvisning"),
            last_day_on=last_day_on,
            submission_on=submission_on,
        )
        after = timeline.dates(session, meeting, today=today)
        said = warnings(meeting, today=today)
    finally:
        trial.rollback()
    return MovePreview(before=before, after=after, case_numbers=numbers, moved=moved, warnings=said)
