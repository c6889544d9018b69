"""The steps a case has taken, with actor and day: the text twin of its diagrams.

Registration is a page, not a step of the diagram, and what a body does with the case are steps of
its meeting: both stand in the list where they happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine import history, instances, tasks
from engine.tables import EventLog, Instance, Task, TaskStatus
from processes import accounts, agenda, meetings
from processes.agenda import AgendaItem
from processes.case_card import CaseCard
from processes.meetings import Meeting
from web import dates
from web.names import process_name
from web.texts import gettext as _

ENTERED, COMPLETED = "element_entered", "element_completed"
STATES = {
    TaskStatus.OPEN: "here",
    TaskStatus.COMPLETED: "done",
    TaskStatus.CANCELLED: "stopped",
}
# The meeting's own affairs; the first of them concerns the cases that came late.
LATE_CASES = "sena_arenden"
NOT_OF_CASES = frozenset({LATE_CASES, "forteckna_anmalningar"})


@dataclass(frozen=True, kw_only=True)
class WalkedStep:
    name: str
    process: str
    state: str  # done | here | stopped
    who: str
    since: datetime
    until: datetime | None = None
    due_at: datetime | None = None


def walked(session: Session, card: CaseCard) -> list[WalkedStep]:
    """Every human step, in the order they came."""
    found = [(task, process_name(task.process_key)) for task in _of_case(session, card.instances)]
    for item in agenda.of_case(session, card.case.number):
        meeting = meetings.find(session, item.meeting_id)
        if meeting is not None and item.ready_at is not None:
            found += [
                (task, _meeting_name(meeting)) for task in _of_meeting(session, meeting, item)
            ]
    log = _Log.of(session, {task.business_key for task, _where in found})
    found.sort(key=lambda pair: log.place(pair[0]))
    names = _names(session, card, (task for task, _where in found), log)
    return [
        _registered(card, names),
        *(_step(task, where, names, log) for task, where in found),
    ]


@dataclass(frozen=True, kw_only=True)
class _Log:
    """When each task came, in the order that the event log knows, and for whom it was done."""

    places: Mapping[str, int]
    absent: Mapping[tuple[str, str, datetime], str]

    @classmethod
    def of(cls, session: Session, keys: Iterable[str | None]) -> _Log:
        rows = [
            row
            for key in keys
            if key
            for row in history.of_business_key(session, key, {ENTERED, COMPLETED})
        ]
        entered: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for row in rows:
            if row.kind == ENTERED:
                entered[_of(row)].append(row.id)
        places: dict[str, int] = {}
        for key in {row.business_key for row in rows if row.business_key}:
            every = tasks.of_business_key(session, key, open_only=False)
            for task in sorted(every, key=lambda task: (task.created_at, task.id)):
                waiting = entered[key, task.process_key, task.element]
                places[task.id] = waiting.pop(0) if waiting else 0
        absent = {
            (row.process_key or "", row.element or "", row.at): row.on_behalf_of
            for row in rows
            if row.kind == COMPLETED and row.on_behalf_of
        }
        return cls(places=places, absent=absent)

    def place(self, task: Task) -> tuple[int, datetime]:
        return self.places.get(task.id, 0), task.created_at

    def on_behalf_of(self, task: Task) -> str:
        if task.completed_at is None:
            return ""
        return self.absent.get((task.process_key, task.element, task.completed_at), "")


def _of(row: EventLog) -> tuple[str, str, str]:
    return row.business_key or "", row.process_key or "", row.element or ""


def _of_case(session: Session, found: list[Instance]) -> Iterator[Task]:
    for instance in found:
        yield from tasks.of_instance(session, instance.id)


def _of_meeting(session: Session, meeting: Meeting, item: AgendaItem) -> Iterator[Task]:
    """What was done with the case at its meeting, from when it was reported until it left."""
    left = item.outcome_sent_at or item.ready_at if item.status in agenda.GONE else None
    for instance in instances.of_business_key(session, meeting.business_key):
        for task in tasks.of_instance(session, instance.id):
            about = task.element not in NOT_OF_CASES or (item.late and task.element == LATE_CASES)
            if about and _overlaps(task, item.ready_at, left):
                yield task


def _overlaps(task: Task, since: datetime | None, left: datetime | None) -> bool:
    if left is not None:
        return (
            task.completed_at is not None
            and since is not None
            and (since <= task.completed_at <= left)
        )
    return task.completed_at is None or since is None or task.completed_at >= since


def _meeting_name(meeting: Meeting) -> str:
    return _("Sammanträde %(organ)s %(day)s", organ=meeting.organ_code, day=dates.day(meeting.on))


def _names(session: Session, card: CaseCard, found: Iterable[Task], log: _Log) -> Mapping[str, str]:
    people = {card.case.created_by, *log.absent.values()}
    people |= {task.completed_by or task.assignee or "" for task in found}
    return accounts.names(session, sorted(people - {""}))


def _registered(card: CaseCard, names: Mapping[str, str]) -> WalkedStep:
    case = card.case
    return WalkedStep(
        name=_("Registrera ärendet"),
        process=_("Registrering"),
        state=STATES[TaskStatus.COMPLETED],
        who=names.get(case.created_by, case.created_by),
        since=case.created_at,
        until=case.created_at,
    )


def _step(task: Task, where: str, names: Mapping[str, str], log: _Log) -> WalkedStep:
    who = names.get(task.completed_by or task.assignee or "", task.candidate_label)
    absent = log.on_behalf_of(task)
    return WalkedStep(
        name=task.name,
        process=where,
        state=STATES[TaskStatus(task.status)],
        who=_("%(who)s, för %(absent)s", who=who, absent=names.get(absent, absent))
        if absent
        else who,
        since=task.created_at,
        until=task.completed_at,
        due_at=task.due_at,
    )


def state_words() -> dict[str, tuple[str, str]]:
    """Words and tone of each state."""
    return {
        "done": (_("Klart"), "success"),
        "here": (_("Pågår"), "accent"),
        "stopped": (_("Avbröts"), "neutral"),
    }
