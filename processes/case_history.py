"""What has happened in a case, in plain sentences made from the event log.

Gateways, scripts and other machinery are left out: they stand in the log of the instance. What a
completed task brought about ("fördelade ärendet till …") is said instead of that it was completed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from engine import history, tasks
from engine.host import SYSTEM_ACTOR
from engine.tables import EventLog
from processes import access, accounts
from processes.access import Reader
from processes.case_events import CaseEvent
from processes.case_phrases import PHRASES, Words
from processes.cases.tables import Case

# What a command writes is stamped within this time of the task it completes.
SAME_ACT = timedelta(seconds=1)
TASK_COMPLETED = "element_completed"
# A new status or body follows by itself from what somebody did: it doesn't say who.
OF_TWO_CASES = (CaseEvent.RAISED, CaseEvent.RAISED_BY)
DEEDS = frozenset(CaseEvent) - {CaseEvent.STATUS_CHANGED, CaseEvent.MOVED_ON}


@dataclass(frozen=True, kw_only=True)
class Sentence:
    at: datetime
    text: str
    kind: str
    actor: str  # a user id, or "system"
    instance_id: str | None = None
    element: str | None = None


def sentences(session: Session, reader: Reader, case: Case) -> list[Sentence]:
    """The latest first; what concerns records hidden from the reader is not told."""
    rows = history.of_business_key(session, case.number, PHRASES.keys())
    words = _words(session, reader, case, rows)
    said = [(row, text) for row in rows if (text := _text(row, words))]
    deeds = _deeds(row for row, _text in said)
    return [
        Sentence(
            at=row.at,
            text=text,
            kind=row.kind,
            actor=row.actor,
            instance_id=row.instance_id,
            element=row.element,
        )
        for row, text in reversed(said)
        if not _is_said_better(row, deeds)
    ]


def _text(row: EventLog, words: Words) -> str | None:
    if row.kind == TASK_COMPLETED and (
        row.actor == SYSTEM_ACTOR or (row.process_key, row.element) not in words.tasks
    ):
        return None
    return PHRASES[row.kind](row, words)


def _deeds(said: Iterable[EventLog]) -> dict[str, list[datetime]]:
    """When each person did something that the domain itself tells of."""
    found: dict[str, list[datetime]] = {}
    for row in said:
        if row.kind in DEEDS:
            found.setdefault(row.actor, []).append(row.at)
    return found


def _is_said_better(row: EventLog, deeds: Mapping[str, list[datetime]]) -> bool:
    """True for a completed task whose outcome is told by itself."""
    return row.kind == TASK_COMPLETED and any(
        abs(at - row.at) <= SAME_ACT for at in deeds.get(row.actor, [])
    )


def _words(
    session: Session,
    reader: Reader,
    case: Case,
    rows: Iterable[EventLog],
) -> Words:
    people = {person for row in rows for person in _people_in(row)}
    known = access.records_of(session, reader, case)
    human = tasks.of_business_key(session, case.number, open_only=False)
    return Words(
        names=accounts.names(session, sorted(people)),
        records={record.id: record for record in known},
        cases=frozenset(access.visible_numbers(session, reader, _others_in(rows))),
        tasks={(task.process_key, task.element): task.name for task in human},
    )


def _others_in(rows: Iterable[EventLog]) -> list[str]:
    """The cases that this one raised, or was raised by."""
    return [str(row.detail["case"]) for row in rows if row.kind in OF_TWO_CASES]


def _people_in(row: EventLog) -> Iterable[str]:
    """Everything in a row that may be a user id: looked up all at once."""
    yield row.actor
    yield row.on_behalf_of or ""
    for value in row.detail.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each
