"""What holds in a whole database between any two transactions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from engine import history
from engine.context import Context
from engine.engine import Engine
from engine.host import SYSTEM
from engine.spiff import Run
from engine.tables import (
    RUNNING,
    Incident,
    IncidentStatus,
    Instance,
    InstanceStatus,
    Job,
    JobKind,
    JobStatus,
    MessageWait,
    Task,
    TaskDraft,
    TaskStatus,
)

_OPEN_JOBS = (JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED)


def require_sound(engine: Engine) -> None:
    """The rows say of every instance what its stored state says, and every chain holds."""
    with engine.database.reading() as session:
        for instance in session.scalars(sa.select(Instance).options(undefer(Instance.state))):
            assert history.verify(session, instance.id) == []
            _require_rows(session, engine, instance)
        of_ended = sa.select(TaskDraft).join(Task).where(Task.status != TaskStatus.OPEN)
        assert session.scalars(of_ended).all() == []


def _require_rows(session: Session, engine: Engine, instance: Instance) -> None:
    specs = engine.specs_of(session, instance.process_version_id)
    run = Run.load(specs, instance.state, Context(session, engine, instance, SYSTEM))
    assert run.completed is (instance.status not in RUNNING)
    assert (instance.ended_at is None) is (instance.status in RUNNING)
    if run.completed:
        waiting: list[set[Any]] = [set(), set(), set(), set()]
    else:
        waiting = [
            {task.spiff_id for task in run.open_tasks()},
            {point.spiff_id for point in run.waits()},
            {timer.spiff_id for timer in run.timers()},
            {call.spiff_id for call in run.calls()},
        ]
    assert rows(session, instance) == waiting
    due = {timer.spiff_id: timer.due_at for timer in run.timers()}
    for job in session.scalars(_jobs(instance).where(Job.kind == JobKind.TIMER)):
        # What is tried again is due later than its timer says.
        assert job.attempt or job.due_at == due[str(job.spiff_id)]
    stopped = sa.select(Incident).where(
        Incident.instance_id == instance.id, Incident.status == IncidentStatus.OPEN
    )
    has_failed = any(incident.command for incident in session.scalars(stopped))
    assert (instance.status == InstanceStatus.FAILED) is has_failed


def rows(session: Session, instance: Instance) -> list[set[Any]]:
    """Open tasks, message waits, timers and outside calls, each there once."""
    tasks = session.scalars(
        sa.select(Task.spiff_id).where(
            Task.instance_id == instance.id, Task.status == TaskStatus.OPEN
        )
    ).all()
    waits = session.scalars(
        sa.select(MessageWait.spiff_id).where(MessageWait.instance_id == instance.id)
    ).all()
    jobs = session.scalars(_jobs(instance)).all()
    timers = [job.spiff_id for job in jobs if job.kind == JobKind.TIMER]
    calls = [job.spiff_id for job in jobs if job.kind == JobKind.OPERATION]
    found: list[list[Any]] = [list(tasks), list(waits), timers, calls]
    for listed in found:
        assert len(listed) == len(set(listed))
    return [set(listed) for listed in found]


def _jobs(instance: Instance) -> sa.Select[Job]:
    return sa.select(Job).where(Job.instance_id == instance.id, Job.status.in_(_OPEN_JOBS))
