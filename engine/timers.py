"""Timers that go off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import jobs
from engine.execution import Execution
from engine.jobs import Withdrawn
from engine.paging import Page, cut, place_of
from engine.spiff import TimerWait
from engine.tables import Instance, Job, JobKind, JobStatus

if TYPE_CHECKING:
    from engine.engine import Engine


def fire(session: Session, engine: Engine, job: Job) -> datetime | None:
    """Let a due timer go off; when it is to be looked at again, if it hasn't gone off by this.

    The run says when it is due, not the job: since the job was claimed the timer may have been
    moved, or the clock set back.
    """
    execution, spiff_id = Execution.of_job(session, engine, job)
    timers, now = execution.before.timers, execution.context.now
    if spiff_id not in timers:
        raise Withdrawn(job.id)
    if timers[spiff_id].due_at > now:
        execution.leave()
        return timers[spiff_id].due_at
    first = _first(session, execution, timers[spiff_id])
    execution.run.fire(first.spiff_id, now)
    execution.save()
    return None if first.spiff_id == spiff_id else now


def _first(session: Session, execution: Execution, own: TimerWait) -> TimerWait:
    """Who was due earlier goes first: it may call off the later one."""
    earlier = [timer for timer in execution.before.timers.values() if timer.due_at < own.due_at]
    if earlier:
        # What has failed waits for people, and nobody waits for it.
        stuck = jobs.failed(session, execution.instance.id)
        earlier = [timer for timer in earlier if timer.spiff_id not in stuck]
    return min([own, *earlier], key=lambda timer: timer.due_at)


def waiting(session: Session, *, due_before: datetime | None = None, limit: int = 200) -> list[Job]:
    """The timers that run, soonest first."""
    query = sa.select(Job).where(Job.kind == JobKind.TIMER, Job.status == JobStatus.SCHEDULED)
    if due_before is not None:
        query = query.where(Job.due_at < due_before)
    return list(session.scalars(query.order_by(Job.due_at, Job.id).limit(limit)))


def page(
    session: Session,
    *,
    due_before: datetime | None = None,
    hidden: sa.Select[str],
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Job]:
    """Those that run, soonest first. `hidden` selects business keys that the reader may not see."""
    key = sa.func.coalesce(Instance.business_key, "")
    query = (
        sa.select(Job)
        .join(Instance, Instance.id == Job.instance_id)
        .where(Job.kind == JobKind.TIMER, Job.status == JobStatus.SCHEDULED, key.not_in(hidden))
    )
    if due_before is not None:
        query = query.where(Job.due_at < due_before)
    if cursor:
        place = tuple(place_of(cursor, [datetime, str]))
        query = query.where(sa.tuple_(Job.due_at, Job.id) > place)
    query = query.order_by(Job.due_at, Job.id).limit(limit + 1)
    return cut(session.scalars(query).all(), limit, lambda job: [job.due_at, job.id])


def of_instance(session: Session, instance_id: str) -> list[Job]:
    query = sa.select(Job).where(
        Job.instance_id == instance_id,
        Job.kind == JobKind.TIMER,
        Job.status.in_((JobStatus.SCHEDULED, JobStatus.QUEUED)),
    )
    return list(session.scalars(query.order_by(Job.due_at, Job.id)))
