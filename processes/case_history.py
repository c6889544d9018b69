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
from processes.case_phrases import PHRASES, Words
from processes.cases.tables import Case

# What a command writes is stamped within this time of the task it completes.
SAME_ACT = timedelta(seconds=1)
TASK_COMPLETED = "element_completed"


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
    rows = history.of_business_key(session, case.number)
    human = {
        (task.process_key, task.element): task.name
        for task in tasks.of_business_key(session, case.number, open_only=False)
    }
    words = _words(session, reader, case, rows, human)
    told = [row for row in rows if _is_told(row, words, rows)]
    found = []
    for row in reversed(told):
        if text := PHRASES[row.kind](row, words):
            found.append(
                Sentence(
                    at=row.at,
                    text=text,
                    kind=row.kind,
                    actor=row.actor,
                    instance_id=row.instance_id,
                    element=row.element,
                )
            )
    return found


def _is_told(row: EventLog, words: Words, rows: Iterable[EventLog]) -> bool:
    if row.kind not in PHRASES:
        return False
    if row.kind != TASK_COMPLETED:
        return True
    if (row.process_key, row.element) not in words.tasks or row.actor == SYSTEM_ACTOR:
        return False
    return not any(_says_it_better(other, row) for other in rows)


def _says_it_better(other: EventLog, completed: EventLog) -> bool:
    return (
        other.instance_id is None  # written by the domain, not by the run
        and other.kind in PHRASES
        and other.actor == completed.actor
        and abs(other.at - completed.at) <= SAME_ACT
    )


def _words(
    session: Session,
    reader: Reader,
    case: Case,
    rows: Iterable[EventLog],
    human: Mapping[tuple[str, str], str],
) -> Words:
    people = {person for row in rows for person in _people_in(row)}
    known = access.records_of(session, reader, case)
    return Words(
        names=accounts.names(session, sorted(people)),
        records={record.id: record for record in known},
        tasks=human,
    )


def _people_in(row: EventLog) -> Iterable[str]:
    """Everything in a row that may be a user id: looked up all at once."""
    yield row.actor
    yield row.on_behalf_of or ""
    for value in row.detail.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each
