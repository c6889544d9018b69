"""An instance's stored state against the rows that mirror it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.context import Context
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
    TaskStatus,
)
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

OPEN_JOBS = (JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED)


class Rows:
    """The rows of a batch of instances: one question for each kind."""

    def __init__(self, session: Session, ids: Collection[str]) -> None:
        self.tasks = self._of(session, sa.select(Task).where(
            Task.instance_id.in_(ids), Task.status == TaskStatus.OPEN))  # fmt: skip
        self.waits = self._of(session, sa.select(MessageWait).where(
            MessageWait.instance_id.in_(ids)))  # fmt: skip
        self.jobs = self._of(session, sa.select(Job).where(
            Job.instance_id.in_(ids), Job.status.in_(OPEN_JOBS)))  # fmt: skip
        self.incidents = self._of(session, sa.select(Incident).where(
            Incident.instance_id.in_(ids), Incident.status == IncidentStatus.OPEN))  # fmt: skip

    @staticmethod
    def _of(session: Session, query: sa.Select[Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in session.scalars(query):
            found.setdefault(row.instance_id, []).append(row)
        return found


def differences(session: Session, engine: Engine, instance: Instance, rows: Rows) -> Iterator[str]:
    """What the rows of an instance say that its state doesn't. Raises when it can't be loaded."""
    specs = engine.specs_of(session, instance.process_version_id)
    run = Run.load(specs, instance.state, Context(session, engine, instance, SYSTEM))
    runs = instance.status in RUNNING
    if run.completed is runs:
        yield _("är %(status)s, men tillståndet säger annat", status=instance.status)
    if (instance.ended_at is None) is not runs:
        yield _("är %(status)s, men sluttiden säger annat", status=instance.status)
    timers = {} if run.completed else {timer.spiff_id: timer for timer in run.timers()}
    jobs = rows.jobs.get(instance.id, [])
    pairs: tuple[tuple[str, list[Any], Callable[[], Collection[Any]]], ...] = (
        (_("uppgifter"), rows.tasks.get(instance.id, []), run.open_tasks),
        (_("väntade meddelanden"), rows.waits.get(instance.id, []), run.waits),
        (_("klockor"), [job for job in jobs if job.kind == JobKind.TIMER], timers.values),
        (_("åtgärder"), [job for job in jobs if job.kind == JobKind.OPERATION], run.calls),
    )
    for what, there, wanted in pairs:
        listed = sorted(str(row.spiff_id) for row in there)
        stored = [] if run.completed else sorted(str(found.spiff_id) for found in wanted())
        if listed != stored:
            yield _("har %(rows)s %(what)s, men tillståndet %(stored)s", what=what,
                    rows=len(listed), stored=len(stored))  # fmt: skip
    for job in jobs:
        timer = timers.get(str(job.spiff_id))
        # What was tried and failed is due later than its timer says.
        if job.kind == JobKind.TIMER and timer and not job.attempt and job.due_at != timer.due_at:
            yield _("har klockan %(element)s på en annan tid än tillståndet", element=job.element)
    has_failed = any(incident.command for incident in rows.incidents.get(instance.id, []))
    if runs and (instance.status == InstanceStatus.FAILED) is not has_failed:
        yield _("är %(status)s, men incidenterna säger annat", status=instance.status)
