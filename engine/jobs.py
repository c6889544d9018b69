"""Everything that is to happen by itself. The row is the record; whoever delivers it may err.

Lock order everywhere: instance before job. A job changes status only from the one it is known
to have, so whatever is delivered twice has its effect once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import incidents
from engine.errors import EngineError, Stale
from engine.tables import Job, JobKind, JobStatus, new_id
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=2)
_WAITING = (JobStatus.SCHEDULED, JobStatus.QUEUED)
_UNFINISHED = (*_WAITING, JobStatus.RUNNING)
JOB = "job"  # the name of the command that runs a job again


class Overtaken(EngineError):
    """Another delivery of the same job, or its cancelling, came first: undo and be silent."""


def add(
    session: Session,
    engine: Engine,
    *,
    kind: JobKind,
    due_at: datetime | None = None,
    name: str = "",
    payload: Mapping[str, Any] | None = None,
    instance_id: str | None = None,
    spiff_id: str | None = None,
    element: str | None = None,
) -> Job:
    """Something to do at `due_at`, at once if it isn't given."""
    now = engine.clock.now()
    job = Job(
        id=new_id(),
        kind=kind,
        instance_id=instance_id,
        spiff_id=spiff_id,
        element=element,
        name=name,
        payload=dict(payload or {}),
        due_at=due_at or now,
        status=JobStatus.SCHEDULED,
        created_at=now,
    )
    session.add(job)
    if job.due_at <= now:
        session.info["due_now"] = True
    return job


def is_waiting(session: Session, kind: JobKind, name: str) -> bool:
    """Whether such a job is still to be done; the one that is running now does not count."""
    query = sa.select(Job.id).where(Job.kind == kind, Job.name == name, Job.status.in_(_WAITING))
    return session.scalar(query.limit(1)) is not None


def move(session: Session, instance_id: str, spiff_id: str, due_at: datetime) -> None:
    """Let a waiting timer be due at another instant, also when it was just claimed."""
    session.execute(
        _those(instance_id, [spiff_id], _WAITING)
        .values(due_at=due_at, status=JobStatus.SCHEDULED)
        .execution_options(synchronize_session=False)
    )


def end(
    session: Session,
    instance_id: str,
    spiff_ids: Collection[str | None],
    status: JobStatus,
    now: datetime,
) -> None:
    """Close the jobs of what an instance no longer waits for."""
    if spiff_ids:
        session.execute(
            _those(instance_id, spiff_ids, _UNFINISHED)
            .values(status=status, finished_at=now)
            .execution_options(synchronize_session=False)
        )


def retry(session: Session, engine: Engine, command: Mapping[str, Any]) -> None:
    """Give a failed job all its attempts again, from now."""
    job = session.get_one(Job, command["job_id"], with_for_update=True)
    if job.status == JobStatus.FAILED:
        job.status, job.attempt, job.due_at = JobStatus.SCHEDULED, 0, engine.clock.now()
        session.info["due_now"] = True


def tick(engine: Engine) -> int:
    """Claim what is due and hand it over; how many that was. An idle system costs one query."""
    now = engine.clock.now()
    with engine.database.reading() as session:
        if not session.scalar(_anything_to_do(now)):
            return 0
    with engine.database.writing() as session:
        _take_back_expired(session, engine, now)
        claimed = _claim(session, engine, now)
    engine.dispatcher.hand_over(claimed)
    if len(claimed) == BATCH:
        engine.dispatcher.nudge()
    return len(claimed)


def recover(engine: Engine) -> None:
    """What was on its way when the process died goes on. Only for a single process's dispatcher."""
    now = engine.clock.now()
    with engine.database.writing() as session:
        session.execute(
            sa.update(Job)
            .where(Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING)))
            .values(lease_until=now - LEASE)
        )


def drain(engine: Engine, limit: int = 10_000) -> int:
    """Do everything that is due until nothing is, here and now; how many jobs that was."""
    done = 0
    while done < limit:
        now = engine.clock.now()
        with engine.database.writing() as session:
            _take_back_expired(session, engine, now)
            _claim(session, engine, now)
            queued = session.scalars(
                sa.select(Job.id).where(Job.status == JobStatus.QUEUED).order_by(Job.due_at)
            ).all()
        if not queued:
            return done
        for job_id in queued:
            run_job(engine, job_id)
        done += len(queued)
    raise EngineError(_("Jobben tar aldrig slut."))


def run_job(engine: Engine, job_id: str) -> None:
    """Do one claimed job. What it does to the database is done once, or an incident is opened.

    An outside call is made at least once, with the job's id as idempotency key.
    """
    session: Session | None = None
    try:
        with engine.database.writing() as session:
            job = session.get(Job, job_id)
            if job is None or job.status != JobStatus.QUEUED:
                return
            inside = engine.inside_jobs.get(job.kind)
            if inside:
                inside(session, engine, job)
                _turn(session, job, JobStatus.DONE, finished_at=engine.clock.now())
            else:
                _start_attempt(session, engine, job)
        if not inside:
            _call_outside(engine, job)
        nudge_if_due(engine, session)
    except Overtaken:
        return
    except Stale:
        _withdraw(engine, job_id)
    except Exception as error:
        log.warning("job %s failed", job_id, exc_info=True)
        _fail(engine, job_id, error, incidents.place_in(session))


def nudge_if_due(engine: Engine, session: Session) -> None:
    """After a commit: don't let what is due already wait for the next tick."""
    if session.info.pop("due_now", False):
        engine.dispatcher.nudge()


def _call_outside(engine: Engine, job: Job) -> None:
    handler = engine.job_handlers.get(job.name) or engine.job_handlers.get(job.kind)
    if handler is None:
        raise EngineError(_("Ingen tar hand om jobb av slaget ”%(kind)s”.", kind=job.kind))
    result = handler(engine, job)
    with engine.database.writing() as session:
        finish = engine.job_results.get(job.kind)
        if finish:
            finish(session, engine, job, result)
        _turn(session, job, JobStatus.DONE, finished_at=engine.clock.now())
    nudge_if_due(engine, session)


def _start_attempt(session: Session, engine: Engine, job: Job) -> None:
    lease_until = engine.clock.now() + LEASE
    attempt = job.attempt + 1
    _turn(session, job, JobStatus.RUNNING, attempt=attempt, lease_until=lease_until)
    session.expunge(job)
    job.status, job.attempt = JobStatus.RUNNING, attempt


def _turn(session: Session, job: Job, status: JobStatus, **values: Any) -> None:
    """Change status if the job still is as `job` says, in the same attempt; else Overtaken."""
    known = (Job.id == job.id, Job.status == job.status, Job.attempt == job.attempt)
    update = sa.update(Job).where(*known).values(status=status, **values)
    session.flush()
    update = update.execution_options(synchronize_session=False).returning(Job.id)
    if session.execute(update).first() is None:
        raise Overtaken(job.id)


def _fail(engine: Engine, job_id: str, error: Exception, place: incidents.Place) -> None:
    with engine.database.writing() as session:
        job = session.get_one(Job, job_id, with_for_update=True)
        if job.status not in (JobStatus.QUEUED, JobStatus.RUNNING):
            return
        # What fails inside our own transaction fails again, unless it was the database itself.
        again = job.kind not in engine.inside_jobs or isinstance(error, OperationalError)
        _count_failure(session, engine, job, error, again=again, place=place)


def _count_failure(
    session: Session,
    engine: Engine,
    job: Job,
    error: Exception,
    *,
    again: bool,
    place: incidents.Place,
) -> None:
    """Try again later, twice as long each time; at the end of the attempts people must look."""
    now = engine.clock.now()
    if job.status == JobStatus.QUEUED:
        job.attempt += 1
    job.error, job.lease_until = str(error), None
    if again and job.attempt < job.max_attempts:
        job.status = JobStatus.SCHEDULED
        job.due_at = now + timedelta(seconds=job.backoff_seconds * 2 ** (job.attempt - 1))
        return
    job.status = JobStatus.FAILED
    place = replace(place, instance_id=place.instance_id or job.instance_id, job_id=job.id)
    place = replace(place, command={"name": JOB, "job_id": job.id})
    incidents.open_(session, engine, error, place)


def _withdraw(engine: Engine, job_id: str) -> None:
    """What the job was for has ended in the meantime."""
    with engine.database.writing() as session:
        job = session.get_one(Job, job_id, with_for_update=True)
        if job.status in _UNFINISHED:
            job.status, job.finished_at = JobStatus.CANCELLED, engine.clock.now()


def _claim(session: Session, engine: Engine, now: datetime) -> list[str]:
    query = sa.select(Job).where(_is(JobStatus.SCHEDULED), Job.due_at <= now)
    query = query.order_by(Job.due_at, Job.id).limit(BATCH).with_for_update(skip_locked=True)
    claimed = session.scalars(query).all()
    for job in claimed:
        job.status, job.lease_until = JobStatus.QUEUED, now + LEASE
        engine.dispatcher.enqueue(session, job)
    return [job.id for job in claimed]


def _take_back_expired(session: Session, engine: Engine, now: datetime) -> None:
    """A job whose worker died counts that attempt: one that kills its worker must not go on."""
    query = sa.select(Job).where(_is_held(), Job.lease_until < now)
    for job in session.scalars(query.with_for_update(skip_locked=True)):
        if job.status == JobStatus.QUEUED:
            job.status = JobStatus.SCHEDULED
            continue
        error = EngineError(_("Arbetet avbröts innan det var klart."))
        place = incidents.Place(instance_id=job.instance_id)
        _count_failure(session, engine, job, error, again=True, place=place)


def _anything_to_do(now: datetime) -> sa.Select[tuple[bool]]:
    due = sa.exists().where(_is(JobStatus.SCHEDULED), Job.due_at <= now)
    expired = sa.exists().where(_is_held(), Job.lease_until < now)
    return sa.select(sa.or_(due, expired))


def _is(status: JobStatus) -> sa.ColumnElement[bool]:
    # Said in the statement itself: a partial index is not found through a parameter.
    return Job.status == sa.literal_column(f"'{status}'")


def _is_held() -> sa.ColumnElement[bool]:
    return sa.or_(_is(JobStatus.QUEUED), _is(JobStatus.RUNNING))


def _those(
    instance_id: str, spiff_ids: Collection[str | None], statuses: Collection[JobStatus]
) -> sa.Update:
    return sa.update(Job).where(
        Job.instance_id == instance_id, Job.spiff_id.in_(spiff_ids), Job.status.in_(statuses)
    )
