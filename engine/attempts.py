"""What becomes of a job that was not done: tried again, shown to people, or called off.

The lock order is the same everywhere: instance, job, incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import incidents
from engine.database import has_cause
from engine.errors import EngineError
from engine.incidents import Place
from engine.tables import Instance, Job, JobStatus
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

JOB = "job"  # the name of the command that runs a job again
RESULT = "result"  # where the payload keeps what a call gave, when the rest failed
_HELD = (JobStatus.QUEUED, JobStatus.RUNNING)


def fail(engine: Engine, job_id: str, error: Exception, place: Place, *, again: bool) -> None:
    """A job raised. Unless `again`, only a fault of the database itself is worth another try."""
    with engine.database.writing() as session:
        job = _locked(session, job_id, place.instance_id)
        if job.status in _HELD:
            again = again or has_cause(error, OperationalError)
            _count(session, engine, job, error, place, again=again)


def keep_result(engine: Engine, job: Job, result: Any, error: Exception, place: Place) -> None:
    """The call was made, and what it led to failed: it must not be made a second time."""
    with engine.database.writing() as session:
        held = _locked(session, job.id, place.instance_id)
        if held.status == JobStatus.RUNNING and held.attempt == job.attempt:
            held.payload = {**held.payload, RESULT: result}
            again = has_cause(error, OperationalError)
            _count(session, engine, held, error, place, again=again)


def give_up(engine: Engine, job_id: str) -> None:
    """Whoever ran the job has died. It counts: a job that kills its worker must not go on."""
    with engine.database.writing() as session:
        job = _locked(session, job_id, None)
        if job.status == JobStatus.RUNNING and _is_overdue(engine, job):
            error = EngineError(_("Arbetet avbröts innan det var klart."))
            _count(session, engine, job, error, Place(), again=True)


def withdraw(engine: Engine, job_id: str) -> None:
    """What the job was for has ended in the meantime."""
    with engine.database.writing() as session:
        job = _locked(session, job_id, None)
        if job.status in _HELD:
            job.status, job.finished_at = JobStatus.CANCELLED, engine.clock.now()


def retry(session: Session, engine: Engine, command: Mapping[str, Any]) -> None:
    """Give a failed job all its attempts again, from now."""
    job = _locked(session, command["job_id"], None)
    if job.status == JobStatus.FAILED:
        job.status, job.attempt, job.due_at = JobStatus.SCHEDULED, 0, engine.clock.now()
        session.info["due_now"] = True


def is_over(session: Session, command: Mapping[str, Any]) -> bool:
    """Whether the job has been done, called off or taken up again since it failed."""
    return session.get_one(Job, command["job_id"]).status != JobStatus.FAILED


def _locked(session: Session, job_id: str, instance_id: str | None) -> Job:
    job = session.get_one(Job, job_id)
    holder = instance_id or job.instance_id
    if holder:
        session.execute(sa.select(Instance.id).where(Instance.id == holder).with_for_update())
    session.refresh(job, with_for_update=True)
    return job


def _is_overdue(engine: Engine, job: Job) -> bool:
    return job.lease_until is not None and job.lease_until < engine.clock.now()


def _count(
    session: Session, engine: Engine, job: Job, error: Exception, place: Place, *, again: bool
) -> None:
    """Try again later, twice as long each time; at the end of the attempts people must look."""
    if job.status == JobStatus.QUEUED:
        job.attempt += 1
    job.error, job.lease_until = str(error), None
    if again and job.attempt < job.max_attempts:
        pause = timedelta(seconds=job.backoff_seconds * 2 ** (job.attempt - 1))
        job.status, job.due_at = JobStatus.SCHEDULED, engine.clock.now() + pause
        return
    job.status = JobStatus.FAILED
    place = replace(
        place,
        instance_id=place.instance_id or job.instance_id,
        job_id=job.id,
        command={"name": JOB, "job_id": job.id},
    )
    incidents.open_(session, engine, error, place)
