"""What an empty inbox tells: what comes here, what is known to come next, what was done lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from engine import deployments, drafts, tasks
from engine.spiff import ElementInfo
from processes import meetings, organisation
from processes.access import Reader
from processes.meetings import Meeting
from web import subjects
from web.current import engine, now, today
from web.subjects import Subject, meeting_address

LATELY = timedelta(days=7)
SHOWN = 10
NAMED = 3  # this many tasks are named as examples
HUMAN = frozenset({"userTask", "manualTask", "task"})


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


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a process owner looks after."""

    processes: int
    drafts: int


def usual_tasks(session: Session, reader: Reader) -> list[str]:
    """Some of what the diagrams in force give to the reader's roles: that is what comes here."""
    slugs = {candidate.partition("@")[0] for candidate in reader.candidates}
    names = [info.name for info in _human_tasks(session) if organisation.slug(info.role) in slugs]
    return list(dict.fromkeys(names))[:NAMED]


def _human_tasks(session: Session) -> list[ElementInfo]:
    return [
        info
        for version in deployments.all_current(session)
        for (key, _element), info in engine().specs_of(session, version.id).elements.items()
        if key == version.key and info.type in HUMAN and info.name and info.role
    ]


def kept(session: Session) -> Kept:
    return Kept(
        processes=len(deployments.all_current(session)), drafts=len(drafts.everything(session))
    )


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
