"""What has happened to a meeting: the days that its process writes as they come."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import Actor
from engine.texts import gettext as _
from processes import organisation
from processes.meetings import calendar, timeline
from processes.meetings.changes import log, reschedule
from processes.meetings.tables import Meeting, MeetingStatus


def notice_sent(
    session: Session, engine: Engine, meeting_id: str, on: date, *, actor: Actor
) -> Meeting:
    return _write(session, engine, meeting_id, "notice_sent_on", on, actor)


def held(session: Session, engine: Engine, meeting_id: str, *, actor: Actor) -> Meeting:
    meeting = calendar.get(session, meeting_id)
    meeting.status = MeetingStatus.HELD
    return _saved(session, engine, meeting, "meeting_held", meeting.last_day_on, actor)


def attested(
    session: Session, engine: Engine, meeting_id: str, on: date, *, actor: Actor
) -> Meeting:
    return _write(session, engine, meeting_id, "attested_on", on, actor)


def posted(session: Session, engine: Engine, meeting_id: str, on: date, *, actor: Actor) -> Meeting:
    """The notice is up: from here the appeal time runs, for a body whose decisions have one."""
    meeting = calendar.get(session, meeting_id)
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    if organ.appealable:
        meeting.appeal_ends_on = timeline.appeal_ends_on(on)
    return _write(session, engine, meeting_id, "posted_on", on, actor)


def gained_legal_force(
    session: Session, engine: Engine, meeting_id: str, on: date, *, actor: Actor
) -> Meeting:
    return _write(session, engine, meeting_id, "legal_force_on", on, actor)


def taken_down(
    session: Session, engine: Engine, meeting_id: str, on: date, *, actor: Actor
) -> Meeting:
    return _write(session, engine, meeting_id, "taken_down_on", on, actor)


def _write(
    session: Session, engine: Engine, meeting_id: str, column: str, on: date, actor: Actor
) -> Meeting:
    meeting = calendar.get(session, meeting_id)
    setattr(meeting, column, on)
    return _saved(session, engine, meeting, f"meeting_{column.removesuffix('_on')}", on, actor)


def _saved(
    session: Session, engine: Engine, meeting: Meeting, kind: str, on: date, actor: Actor
) -> Meeting:
    meeting.lock_version += 1
    session.flush()
    log(session, engine, kind, meeting, actor, on=on.isoformat())
    reschedule(session, engine, meeting, actor=actor, reason=_("Sammanträdets datum"))
    return meeting
