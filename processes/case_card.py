"""Everything the case card shows, gathered in few questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import instances, tasks
from engine.tables import Instance, InstanceStatus, Task
from engine.texts import gettext as _
from processes import (
    access,
    accounts,
    case_dates,
    case_history,
    cases,
    casework,
    consultations,
    organisation,
    records,
)
from processes.access import Reader
from processes.case_dates import ImportantDate, PathStop
from processes.case_history import Sentence
from processes.cases.tables import Case
from processes.consultations import Consultation
from processes.records.tables import Record, RecordFile


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody's part in the case; `user_id` is None for a role or a group."""

    part: str
    name: str
    user_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    task: Task
    holder: str  # who has it: a person's name, or the role's


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    record: Record
    files: list[RecordFile]
    description: str  # "Inkommen", "Arbetsmaterial, registreras efter beslut"


@dataclass(frozen=True, kw_only=True)
class CaseCard:
    case: Case
    aliases: list[str]
    phases: list[cases.Phase]
    path: list[PathStop]
    tasks: list[OpenTask]
    records: list[RecordLine]
    consultations: list[Consultation]  # the first asked first
    people: list[Person]
    dates: list[ImportantDate]
    history: list[Sentence]
    has_papers: bool  # the basis for decision or the memorandum has been written
    instances: list[Instance]  # of the case's processes, the running first

    @property
    def instance(self) -> Instance | None:
        """The one that moves the case."""
        return self.instances[0] if self.instances else None


def card(session: Session, reader: Reader, number: str) -> CaseCard:
    """By any of the case's numbers; NotFound when the reader may not see it."""
    case = access.case(session, reader, number)
    stops = case_dates.path_stops(session, case)
    return CaseCard(
        case=case,
        aliases=cases.aliases(session, case.number),
        phases=cases.phases(session, case),
        path=stops,
        tasks=_tasks(session, case),
        records=_records(session, reader, case),
        consultations=consultations.of_case(session, case.number),
        people=people(session, reader, case),
        dates=case_dates.important(session, case, stops),
        history=case_history.sentences(session, reader, case),
        has_papers=bool(casework.with_papers(session, [case.number])),
        instances=_instances(session, case),
    )


def people(session: Session, reader: Reader, case: Case) -> list[Person]:
    """Those with a part, in the order a colleague asks for them."""
    parts = [
        (_("Handläggare"), case.case_officer),
        *((_("Med"), officer) for officer in case.co_officers),
        (_("Ansvarig chef"), case.responsible_manager),
        (_("Delegat"), case.delegate),
    ]
    names = accounts.names(session, [user_id for _part, user_id in parts if user_id])
    found = [
        Person(part=part, name=names.get(user_id, user_id), user_id=user_id)
        for part, user_id in parts
        if user_id
    ]
    if case.organ:
        found += _secretaries(session, reader, case.organ)
    if case.initiator:
        found.append(Person(part=_("Väckt av"), name=case.initiator))
    return found


def _secretaries(session: Session, reader: Reader, organ: str) -> Iterable[Person]:
    for user in organisation.holders(session, "Sekreterare", organ, reader.on):
        yield Person(part=_("Sekreterare"), name=user.name, user_id=user.id)


def _tasks(session: Session, case: Case) -> list[OpenTask]:
    found = tasks.of_business_key(session, case.number)
    names = accounts.names(session, [task.assignee for task in found if task.assignee])
    return [
        OpenTask(
            task=task,
            holder=names.get(task.assignee or "", task.assignee or task.candidate_label),
        )
        for task in sorted(found, key=lambda task: (task.due_at, task.created_at, task.id))
    ]


def _records(session: Session, reader: Reader, case: Case) -> list[RecordLine]:
    found = access.records_of(session, reader, case)
    files = records.files(session, [record.id for record in found])
    return [
        RecordLine(record=record, files=files[record.id], description=describe(record))
        for record in found
    ]


def describe(record: Record) -> str:
    """What kind of thing a record is, in a word or two."""
    if record.annulled_at is not None:
        return _("Makulerad")
    if not record.registered:
        if record.to_be_decided:
            return _("Arbetsmaterial, registreras efter beslut")
        return _("Arbetsmaterial")
    return {
        records.Direction.IN: _("Inkommen"),
        records.Direction.OUT: _("Expedierad"),
        records.Direction.DRAWN_UP: _("Upprättad"),
    }[records.Direction(record.direction)]


def _instances(session: Session, case: Case) -> list[Instance]:
    found = instances.of_business_key(session, case.number)
    running = {InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED, InstanceStatus.FAILED}
    return sorted(found, key=lambda each: (each.status not in running, each.started_at))
