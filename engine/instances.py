"""Running processes: start, cancel, look at."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import deployments, incidents, timers
from engine.context import Context
from engine.database import has_cause
from engine.errors import NotFound, Refusal, Stale
from engine.execution import Execution, executing
from engine.history import Entry
from engine.host import SYSTEM, Actor
from engine.lost_run import LostRun
from engine.paging import Page, cut, place_of
from engine.spiff import Moved, RecordKind, Run
from engine.storable import require_storable
from engine.tables import (
    RUNNING,
    EventLog,
    Incident,
    IncidentStatus,
    Instance,
    InstanceStatus,
    Job,
    JobKind,
    JobStatus,
    MessageWait,
    Task,
    TaskStatus,
    new_id,
)
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

ElementState = Literal["done", "here", "fault"]


@dataclass(frozen=True, kw_only=True)
class Active:
    """A place where an instance is now."""

    process_key: str
    element: str
    name: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class InstanceView:
    """Everything an administrator asks of one instance."""

    instance: Instance
    active: list[Active]
    timers: list[Job]
    waits: list[MessageWait]
    data: dict[str, Any]
    incidents: list[Incident]
    children: list[Instance]


def start(
    session: Session,
    engine: Engine,
    key: str,
    *,
    business_key: str | None = None,
    data: Mapping[str, Any] | None = None,
    actor: Actor,
    version: int | None = None,
    parent_id: str | None = None,
) -> Instance:
    """Start a process and run it until it waits; its current version unless one is named."""
    require_storable(data or {})
    found = (
        deployments.current(session, key)
        if version is None
        else deployments.version(session, key, version)
    )
    instance = Instance(
        id=new_id(),
        process_version_id=found.id,
        process_key=key,
        business_key=business_key,
        status=InstanceStatus.ACTIVE,
        lock_version=0,
        state=b"",
        parent_id=parent_id,
        started_at=engine.clock.now(),
        started_by=actor.id,
    )
    execution = Execution.start(session, engine, found, instance, data or {}, actor)
    execution.save(Entry(kind="instance_started", detail={"version": found.version}))
    return instance


def cancel(
    session: Session,
    engine: Engine,
    instance_id: str,
    *,
    reason: str,
    actor: Actor,
    lock_version: int | None = None,
) -> Instance:
    """End an instance where it stands: its tasks, timers and waits go with it."""
    execution = _opened(session, engine, instance_id, actor)
    if lock_version not in (None, execution.instance.lock_version):
        raise Stale
    execution.status = InstanceStatus.CANCELLED
    execution.run.cancel()
    execution.save(last=[Entry(kind="instance_cancelled", detail={"reason": reason})])
    return get(session, instance_id)


def _opened(session: Session, engine: Engine, instance_id: str, actor: Actor) -> Execution:
    """Whatever makes its state unreadable, it must not have to run for ever."""
    try:
        return Execution.open(session, engine, instance_id, actor)
    except Refusal:
        raise
    except Exception as error:
        if has_cause(error, SQLAlchemyError):  # which says nothing of the state
            raise
        log.warning("instance %s can't be loaded and is called off unread", instance_id)
        return Execution.lost(session, engine, instance_id, actor)


def get(session: Session, instance_id: str) -> Instance:
    instance = session.get(Instance, instance_id)
    if instance is None:
        raise NotFound(_("Flödet finns inte."))
    return instance


def find(
    session: Session,
    *,
    process: str | None = None,
    status: str | None = None,
    business_key: str | None = None,
    element: str | None = None,
    incident: bool | None = None,
    hidden: sa.Select[str] | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Instance]:
    """Instances, the latest started first. `element`: only those that are there now.

    `hidden` selects the business keys that the reader may not see.
    """
    query = sa.select(Instance)
    if hidden is not None:
        key = sa.func.coalesce(Instance.business_key, "")
        query = query.where(key.not_in(hidden))
    for column, value in (
        (Instance.process_key, process),
        (Instance.status, status),
        (Instance.business_key, business_key),
    ):
        if value is not None:
            query = query.where(column == value)
    if element is not None:
        query = query.where(_is_at(element))
    if incident is not None:
        has = sa.exists().where(
            Incident.instance_id == Instance.id, Incident.status == IncidentStatus.OPEN
        )
        query = query.where(has if incident else ~has)
    place = sa.tuple_(Instance.started_at, Instance.id)
    if cursor:
        query = query.where(place < tuple(place_of(cursor, [datetime, str])))
    query = query.order_by(Instance.started_at.desc(), Instance.id.desc()).limit(limit + 1)
    return cut(session.scalars(query).all(), limit, lambda found: [found.started_at, found.id])


def of_business_key(session: Session, business_key: str) -> list[Instance]:
    """Every instance that the domain's thing has had, the latest first."""
    query = sa.select(Instance).where(Instance.business_key == business_key)
    return list(session.scalars(query.order_by(Instance.started_at.desc(), Instance.id)))


def view(session: Session, engine: Engine, instance_id: str) -> InstanceView:
    instance = get(session, instance_id)
    specs = engine.specs_of(session, instance.process_version_id)
    run = _run(session, engine, instance)
    names = {place: info.name or info.id for place, info in specs.elements.items()}
    waits = _waits(session, instance_id)
    children = sa.select(Instance).where(Instance.parent_id == instance_id)
    return InstanceView(
        instance=instance,
        active=_active(session, instance_id, waits, names),
        timers=timers.of_instance(session, instance_id),
        waits=waits,
        data=run.data(),
        incidents=incidents.of_instance(session, instance_id),
        children=list(session.scalars(children.order_by(Instance.started_at, Instance.id))),
    )


def _run(session: Session, engine: Engine, instance: Instance) -> Run:
    """One that can't be read is looked at too: it is there that it is called off."""
    specs = engine.specs_of(session, instance.process_version_id)
    try:
        return Run.load(specs, instance.state, Context(session, engine, instance, SYSTEM))
    except Exception as error:
        if has_cause(error, SQLAlchemyError):
            raise
        log.warning("instance %s can't be loaded", instance.id, exc_info=True)
        return LostRun(instance.state)


def reschedule(
    session: Session,
    engine: Engine,
    business_keys: Iterable[str],
    *,
    actor: Actor,
    reason: str,
) -> list[Moved]:
    """Move every timer and deadline that hangs on facts of these, which have just changed."""
    query = sa.select(Instance.id).where(
        Instance.business_key.in_(list(business_keys)), Instance.status.in_(RUNNING)
    )
    moved = []
    for instance_id in session.scalars(query.order_by(Instance.id)).all():
        running = executing(session).get(instance_id)
        if running:
            running.when_at_rest(lambda execution: execution.reschedule(reason))
            continue
        try:
            execution = Execution.open(session, engine, instance_id, actor)
        except Stale:
            continue  # it ended after it was looked up
        found = execution.reschedule(reason)
        if found:
            execution.save()
        else:
            execution.leave()
        moved += found
    return moved


def add_to_multi_instance(
    session: Session, engine: Engine, instance_id: str, element: str, item: Any, *, actor: Actor
) -> None:
    """One more of what is done several times at `element`; Stale when it is over."""
    running = executing(session).get(instance_id)
    if running:
        running.when_at_rest(lambda execution: execution.run.add_to_multi_instance(element, item))
        return
    execution = Execution.open(session, engine, instance_id, actor)
    execution.run.add_to_multi_instance(element, item)
    execution.save()


def element_states(session: Session, instance_id: str) -> dict[tuple[str, str], ElementState]:
    """What a diagram shows: where it is now, where it has been, where it failed."""
    query = (
        sa.select(EventLog.process_key, EventLog.element, EventLog.kind, sa.func.count())
        .where(
            EventLog.chain == instance_id,
            EventLog.element.is_not(None),
            EventLog.process_key.is_not(None),
        )
        .group_by(EventLog.process_key, EventLog.element, EventLog.kind)
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    for process, element, kind, number in session.execute(query):
        counts.setdefault((str(process), str(element)), Counter())[kind] = number
    faults = {incident.element for incident in incidents.of_instance(session, instance_id)}
    ended = get(session, instance_id).status not in RUNNING
    states: dict[tuple[str, str], ElementState] = {}
    for place, kinds in counts.items():
        left = kinds[RecordKind.COMPLETED] + kinds[RecordKind.CANCELLED]
        if place[1] in faults:
            states[place] = "fault"
        elif kinds[RecordKind.ENTERED] > left and not ended:
            states[place] = "here"
        elif kinds[RecordKind.COMPLETED]:
            states[place] = "done"
    return states


def _is_at(element: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.exists().where(
            Task.instance_id == Instance.id,
            Task.status == TaskStatus.OPEN,
            Task.element == element,
        ),
        sa.exists().where(Job.instance_id == Instance.id, _unfinished(), Job.element == element),
        sa.exists().where(MessageWait.instance_id == Instance.id, MessageWait.element == element),
    )


def _unfinished() -> sa.ColumnElement[bool]:
    return Job.status.in_((JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING))


def _waits(session: Session, instance_id: str) -> list[MessageWait]:
    query = sa.select(MessageWait).where(MessageWait.instance_id == instance_id)
    return list(session.scalars(query.order_by(MessageWait.since, MessageWait.id)))


def _active(
    session: Session,
    instance_id: str,
    waits: list[MessageWait],
    names: Mapping[tuple[str, str], str],
) -> list[Active]:
    """Where people, timers, outside calls and messages are waited for, the oldest first."""
    tasks = session.scalars(
        sa.select(Task).where(Task.instance_id == instance_id, Task.status == TaskStatus.OPEN)
    )
    jobs = session.scalars(
        sa.select(Job).where(
            Job.instance_id == instance_id,
            Job.kind.in_((JobKind.TIMER, JobKind.OPERATION)),
            sa.or_(_unfinished(), Job.status == JobStatus.FAILED),
        )
    )
    places = [(task.process_key, task.element, task.created_at) for task in tasks]
    places += [(job.payload["process_key"], job.element or "", job.created_at) for job in jobs]
    places += [(wait.process_key, wait.element, wait.since) for wait in waits]
    found = [
        Active(
            process_key=process,
            element=element,
            name=names.get((process, element), element),
            since=since,
        )
        for process, element, since in places
    ]
    return sorted(found, key=lambda active: (active.since, active.element))
