"""What an empty inbox tells: what is known to come next, and what was done lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from engine import tasks
from processes import meetings
from processes.access import Reader
from processes.meetings import Meeting
from web import subjects
from web.current import now, today
from web.subjects import Subject, meeting_address

LATELY = timedelta(days=7)
SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A meeting that the reader has a role in."""

    organ: str
    on: date
    address: str


@dataclass(frozen=True, kw_only=True)
class Done:
    task_id: str
    name: str
    subject: Subject
    at: datetime


def next_known(session: Session, reader: Reader) -> Coming | None:
    """The next meeting of a body in which the reader holds a role."""
    scopes = {candidate.partition("@")[2] for candidate in reader.candidates}
    found: list[Meeting] = []
    for organ in sorted(scopes):
        found += meetings.upcoming(session, organ, on_or_after=today(), limit=1)
    if not found:
        return None
    first = min(found, key=lambda meeting: (meeting.on, meeting.organ_code))
    return Coming(organ=first.organ_code, on=first.on, address=meeting_address(first.id))


def done_lately(session: Session, reader: Reader) -> list[Done]:
    rows = tasks.completed_by(session, reader.user_id, since=now() - LATELY, limit=SHOWN)
    about = subjects.of_keys(session, (task.business_key for task in rows))
    return [
        Done(
            task_id=task.id,
            name=task.name,
            subject=about.get(task.business_key or "", subjects.NOTHING),
            at=task.completed_at,
        )
        for task in rows
        if task.completed_at
    ]
