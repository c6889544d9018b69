"""Timers that go off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import Stale
from engine.execution import Execution
from engine.host import SYSTEM
from engine.paging import Page, cut, place_of
from engine.tables import Instance, Job, JobKind, JobStatus

if TYPE_CHECKING:
    from engine.engine import Engine


def fire(session: Session, engine: Engine, job: Job) -> None:
    """Let a due timer go off, in the transaction that closes its job."""
    if job.instance_id is None or job.spiff_id is None:
        raise Stale
    execution = Execution.open(session, engine, job.instance_id, SYSTEM)
    execution.job = job
    execution.run.fire(job.spiff_id, execution.context.now)
    execution.save()


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
