"""What must hold in a whole database between any two transactions, and where it doesn't.

The stored state of an instance is the truth; the rows beside it say the same, or something is
wrong. Every part is looked at in a view of its own, so that nothing waits for this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, undefer

from engine import history
from engine.database import has_cause
from engine.spiff import RecordKind
from engine.stored_state import OPEN_JOBS, Rows, differences
from engine.tables import (
    RUNNING,
    EventLog,
    Incident,
    IncidentStatus,
    Instance,
    Job,
    JobKind,
    JobStatus,
    Message,
    MessageStatus,
    MessageWait,
    Task,
    TaskDraft,
    TaskStatus,
)
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

BATCH = 200

Counts = dict[tuple[Any, ...], int]


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One thing that doesn't hold. `place` is the instance, the job, the chain …"""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def breaches(engine: Engine) -> Iterator[Breach]:
    """Everything that is wrong, as it is found."""
    yield from of_chains(engine)
    with engine.database.reading() as session:
        yield from _of_effects(session)
        yield from _of_leftovers(session)
        yield from _of_undelivered(session)
    yield from of_instances(engine)


def batches(engine: Engine, key: sa.ColumnElement[str]) -> Iterator[tuple[Session, list[str]]]:
    """All values of a key, so many at a time, each time with a view of its own."""
    last = ""
    found: list[str] = []
    while last == "" or len(found) == BATCH:
        with engine.database.reading() as session:
            query = sa.select(key).where(key > last).distinct().order_by(key).limit(BATCH)
            found = list(session.scalars(query))
            if found:
                yield session, found
        last = found[-1] if found else "end"


def of_chains(engine: Engine) -> Iterator[Breach]:
    for session, chains in batches(engine, EventLog.__table__.c.chain):
        for chain, rows in history.broken(session, chains).items():
            where = ", ".join(map(str, rows[:5]))
            yield Breach(place=chain, what=_("loggkedjan är bruten vid rad %(row)s", row=where))


def _of_effects(session: Session) -> Iterator[Breach]:
    """What was done has its effect in the log as often as it was done."""
    by_element = (EventLog.instance_id, EventLog.process_key, EventLog.element)
    completed = _counted(session, by_element, EventLog.kind == RecordKind.COMPLETED)
    yield from _unlike(
        _counted(
            session,
            (Task.instance_id, Task.process_key, Task.element),
            Task.status == TaskStatus.COMPLETED,
        ),
        completed,
        _("gjorda uppgifter"),
    )
    jobs = _counted(
        session,
        (Job.kind, Job.instance_id, _process_key(session), Job.element),
        sa.and_(Job.status == JobStatus.DONE, Job.element.is_not(None)),
    )
    yield from _unlike(_of_kind(jobs, JobKind.OPERATION), completed, _("utförda åtgärder"))
    fired = _counted(session, by_element, EventLog.kind == RecordKind.TIMER_FIRED)
    # What was due at once went off in the run that came to it, without a job.
    what = _("klockor som gått")
    yield from _unlike(_of_kind(jobs, JobKind.TIMER), fired, what, may_be_fewer=True)
    delivered = _counted(
        session, (Message.receiver_instance_id,), Message.status == MessageStatus.DELIVERED
    )
    received = _counted(
        session, (EventLog.instance_id,), EventLog.kind == RecordKind.MESSAGE_RECEIVED
    )
    yield from _unlike(delivered, received, _("mottagna meddelanden"))


def _counted(session: Session, columns: tuple[Any, ...], where: Any) -> Counts:
    query = sa.select(*columns, sa.func.count()).where(where).group_by(*columns)
    return {tuple(row[:-1]): row[-1] for row in session.execute(query)}


def _process_key(session: Session) -> sa.ColumnElement[str]:
    """Of the diagram that a job's element stands in."""
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.json_extract(Job.payload, "$.process_key")
    of_payload: sa.ColumnElement[str] = sa.cast(Job.payload, postgresql.JSON)["process_key"].astext
    return of_payload


def _of_kind(jobs: Counts, kind: JobKind) -> Counts:
    return {key[1:]: number for key, number in jobs.items() if key[0] == kind}


def _unlike(
    done: Counts, told: Counts, what: str, *, may_be_fewer: bool = False
) -> Iterator[Breach]:
    for key, number in done.items():
        logged = told.get(key, 0)
        if number > logged or (number < logged and not may_be_fewer):
            yield Breach(
                place=" ".join(str(part) for part in key if part),
                what=_(
                    "%(what)s är %(rows)s, men loggen har %(logged)s",
                    what=what,
                    rows=number,
                    logged=logged,
                ),
            )


def _of_leftovers(session: Session) -> Iterator[Breach]:
    """Rows that have outlived what they belong to, or stand there twice."""
    ended = Instance.status.not_in(RUNNING)
    twice = sa.func.count() > 1
    questions: tuple[tuple[sa.Select[Any], str], ...] = (
        (
            sa.select(Task.instance_id).join(Instance).where(ended, Task.status == TaskStatus.OPEN),
            _("har en öppen uppgift fast flödet är avslutat"),
        ),
        (
            sa.select(MessageWait.instance_id).join(Instance).where(ended),
            _("väntar på ett meddelande fast flödet är avslutat"),
        ),
        (
            sa.select(Job.instance_id)
            .join(Instance)
            .where(ended, Job.status.in_(OPEN_JOBS), Job.spiff_id.is_not(None)),
            _("har ett jobb kvar fast flödet är avslutat"),
        ),
        (
            sa.select(TaskDraft.task_id).join(Task).where(Task.status != TaskStatus.OPEN),
            _("har ett utkast fast uppgiften är avslutad"),
        ),
        (
            sa.select(Task.instance_id).group_by(Task.instance_id, Task.spiff_id).having(twice),
            _("har samma uppgift två gånger"),
        ),
        (
            sa.select(Job.instance_id)
            .where(Job.kind == JobKind.OPERATION, Job.status == JobStatus.DONE)
            .group_by(Job.instance_id, Job.spiff_id)
            .having(twice),
            _("har gjort samma åtgärd två gånger"),
        ),
        (
            sa.select(Job.id).where(
                Job.status == JobStatus.FAILED,
                ~sa.exists().where(
                    Incident.job_id == Job.id, Incident.status == IncidentStatus.OPEN
                ),
            ),
            _("har misslyckats utan att någon incident är öppen"),
        ),
    )
    for query, what in questions:
        for place in session.scalars(query):
            yield Breach(place=place, what=what)


def _of_undelivered(session: Session) -> Iterator[Breach]:
    """What has been sent lies somewhere, or a job is on its way with it."""
    carried = sa.select(Job.payload).where(Job.kind == JobKind.MESSAGE, Job.status.in_(OPEN_JOBS))
    on_the_way = {payload["message_id"] for payload in session.scalars(carried)}
    pending = sa.select(Message.id).where(Message.status == MessageStatus.PENDING)
    for message_id in session.scalars(pending):
        if message_id not in on_the_way:
            yield Breach(place=message_id, what=_("är skickat, men inget jobb bär fram det"))


def of_instances(engine: Engine) -> Iterator[Breach]:
    for session, ids in batches(engine, Instance.__table__.c.id):
        query = sa.select(Instance).where(Instance.id.in_(ids)).options(undefer(Instance.state))
        rows = Rows(session, ids)
        for instance in session.scalars(query.order_by(Instance.id)):
            try:
                found = list(differences(session, engine, instance, rows))
            except Exception as error:  # whatever it is, the others are looked at too
                if has_cause(error, SQLAlchemyError):  # which says nothing of the state
                    raise
                found = [_("går inte att läsa in: %(error)s", error=error)]
            session.expunge(instance)
            for what in found:
                yield Breach(place=instance.id, what=what)
