"""Everything that is to happen by itself. The row is the record; whoever delivers it may err.

A job changes status only from the one it is known to have, so whatever is delivered twice has its
effect once. Where an instance is concerned too, its lock is taken before the job's.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import attempts, incidents
from engine.database import was_turned_away
from engine.errors import EngineError
from engine.retrying import Retrying
from engine.statements import Statement, mirror, say, say_all, updating
from engine.tables import Job, JobKind, JobStatus, new_id
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

Turn = Mapping[str, Any]  # what a job was, by `id_`, `status_` and `attempt_`, and what it is now
BATCH = 200
LEASE = timedelta(minutes=2)
LONGEST_CALL = timedelta(hours=1)
_ROWS = Job.metadata.tables["job"]
_HOLD = updating(_ROWS, "status", "lease_until")
_WAITING = (JobStatus.SCHEDULED, JobStatus.QUEUED)
_UNFINISHED = (*_WAITING, JobStatus.RUNNING, JobStatus.FAILED)
_END = Statement(
    sa.update(_ROWS)
    .where(
        _ROWS.c.instance_id == sa.bindparam("of"),
        _ROWS.c.spiff_id == sa.bindparam("where"),
        _ROWS.c.status.in_([sa.literal_column(f"'{status}'") for status in _UNFINISHED]),
    )
    .values(status=sa.bindparam("status"), finished_at=sa.bindparam("finished_at"))
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """An outside call that is being made in this process."""

    attempt: int
    begun_at: datetime


class Overtaken(EngineError):
    """Another delivery of the same job, or its cancelling, came first: undo and be silent."""


class Withdrawn(EngineError):
    """What the job was for has ended in the meantime: undo, and call the job off."""


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
    again: Retrying | None = None,
) -> Job:
    """Something to do at `due_at`, at once if it isn't given."""
    again = again or Retrying()
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
        max_attempts=again.max_attempts,
        backoff_seconds=again.backoff_seconds,
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


def move(
    session: Session, engine: Engine, instance_id: str, spiff_id: str, due_at: datetime
) -> None:
    """Let a waiting timer be due at another instant, also when it was just claimed."""
    session.execute(
        sa.update(Job)
        .where(Job.instance_id == instance_id, Job.spiff_id == spiff_id, Job.status.in_(_WAITING))
        .values(due_at=due_at, status=JobStatus.SCHEDULED)
        .execution_options(synchronize_session=False)
    )
    if due_at <= engine.clock.now():
        session.info["due_now"] = True


def end(
    session: Session,
    instance_id: str,
    spiff_ids: Collection[str | None],
    status: JobStatus,
    now: datetime,
) -> None:
    """Close the jobs of what an instance no longer waits for."""
    if not spiff_ids:
        return
    session.flush()  # what was added may be over already
    whose = {"of": instance_id, "status": status, "finished_at": now}
    say_all(session, [(_END, [{**whose, "where": place} for place in spiff_ids if place])])


def unfinished(session: Session, instance_id: str) -> set[str | None]:
    """The run's own ids of what waits to be done there, or stands still."""
    query = sa.select(Job.spiff_id).where(
        Job.instance_id == instance_id, Job.status.in_(_UNFINISHED)
    )
    return set(session.scalars(query))


def failed(session: Session, instance_id: str) -> set[str | None]:
    """The run's own ids of what stands still there until people have looked."""
    query = sa.select(Job.spiff_id).where(
        Job.instance_id == instance_id, Job.status == JobStatus.FAILED
    )
    return set(session.scalars(query))


def tick(engine: Engine) -> int:
    """Claim what is due and hand it over; how many that was. An idle system costs one query."""
    now = engine.clock.now()
    with engine.database.reading() as session:
        if not session.scalar(_anything_to_do(now)):
            return 0
    _take_back_expired(engine, now)
    with engine.database.writing() as session:
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
        _take_back_expired(engine, now)
        with engine.database.writing() as session:
            _claim(session, engine, now)
            queued = session.scalars(
                sa.select(Job.id).where(Job.status == JobStatus.QUEUED).order_by(Job.due_at, Job.id)
            ).all()
        if not queued:
            return done
        for job_id in queued:
            run_job(engine, job_id)
        done += len(queued)
    raise EngineError(_("Jobben tar aldrig slut."))


def run_job(engine: Engine, job_id: str, *, again: bool = True) -> None:
    """Do one claimed job. What it does to the database is done once, or an incident is opened.

    An outside call is made at least once, with the job's id as idempotency key. What the database
    turned away, in a deadlock or at a lock, is begun once more if `again`.
    """
    session: Session | None = None
    inside = True
    try:
        with engine.database.writing() as session:
            job = session.get(Job, job_id)
            if job is None or job.status != JobStatus.QUEUED:
                return None
            inside = job.kind in engine.inside_jobs
            if inside:
                turn(session, [do_inside(session, engine, job)])
            else:
                _start_attempt(session, engine, job)
        nudge_if_due(engine, session)
        if not inside:
            _do_outside(engine, job)
    except Overtaken:
        return None
    except Withdrawn:
        attempts.withdraw(engine, job_id)
    except Exception as error:
        if again and was_turned_away(error):
            return run_job(engine, job_id, again=False)
        log.warning("job %s failed", job_id, exc_info=True)
        attempts.fail(engine, job_id, error, incidents.place_in(session), again=not inside)


def nudge_if_due(engine: Engine, session: Session) -> None:
    """After a commit: don't let what is due already wait for the next tick."""
    if session.info.pop("due_now", False):
        engine.dispatcher.nudge()


def do_inside(session: Session, engine: Engine, job: Job) -> Turn:
    """Do a claimed job in its transaction, before whose end it is to be turned as is returned.

    What fails here fails again if it is tried again, unless it was the database.
    """
    later = engine.inside_jobs[job.kind](session, engine, job)
    now = engine.clock.now()
    if later is None:
        return _turned(job, JobStatus.DONE, due_at=job.due_at, finished_at=now)
    session.info["due_now"] = session.info.get("due_now") or later <= now
    return _turned(job, JobStatus.SCHEDULED, due_at=later, finished_at=None)


def _do_outside(engine: Engine, job: Job) -> None:
    result = job.payload[attempts.RESULT] if attempts.RESULT in job.payload else _call(engine, job)
    _finish(engine, job, result)


def _finish(engine: Engine, job: Job, result: Any, *, again: bool = True) -> None:
    session: Session | None = None
    try:
        with engine.database.writing() as session:
            finish = engine.job_results.get(job.kind)
            if finish:
                finish(session, engine, job, result)
            turn(session, [_turned(job, JobStatus.DONE, finished_at=engine.clock.now())])
        nudge_if_due(engine, session)
    except (Overtaken, Withdrawn):
        raise
    except Exception as error:
        if again and was_turned_away(error):
            return _finish(engine, job, result, again=False)
        log.warning("what job %s led to failed", job.id, exc_info=True)
        attempts.keep_result(engine, job, result, error, incidents.place_in(session))


def _call(engine: Engine, job: Job) -> Any:
    handler = engine.job_handlers.get(job.name) or engine.job_handlers.get(job.kind)
    if handler is None:
        raise EngineError(_("Ingen tar hand om jobb av slaget ”%(kind)s”.", kind=job.kind))
    engine.calls[job.id] = Call(attempt=job.attempt, begun_at=engine.clock.now())
    try:
        return handler(engine, job)
    finally:
        del engine.calls[job.id]


def renew(engine: Engine) -> None:
    """Let no call expire that this process is still making, unless it has taken far too long."""
    now = engine.clock.now()
    held = {
        job_id: call for job_id, call in engine.calls.copy().items()
        if now - call.begun_at < LONGEST_CALL
    }  # fmt: skip
    if not held:
        return
    with engine.database.writing() as session:
        for job_id, call in sorted(held.items()):
            own = (Job.id == job_id, Job.attempt == call.attempt, _is(JobStatus.RUNNING))
            session.execute(sa.update(Job).where(*own).values(lease_until=now + LEASE))


def _start_attempt(session: Session, engine: Engine, job: Job) -> None:
    lease_until = engine.clock.now() + LEASE
    attempt = job.attempt + 1
    turn(session, [_turned(job, JobStatus.RUNNING, attempt=attempt, lease_until=lease_until)])
    session.expunge(job)
    job.status, job.attempt = JobStatus.RUNNING, attempt


def turn(session: Session, turns: Sequence[Turn]) -> None:
    """Change each job, alike, if it still is as it was and in the same attempt; else Overtaken."""
    session.flush()
    known = ("id_", "status_", "attempt_")
    names = tuple(name for name in turns[0] if name not in known)
    if say(session, _turning(names), turns) < len(turns):
        raise Overtaken(turns[0]["id_"])


def _turned(job: Job, status: JobStatus, **values: Any) -> Turn:
    known = {"id_": job.id, "status_": job.status, "attempt_": job.attempt}
    return {**known, "status": status, **values}


@cache
def _turning(names: tuple[str, ...]) -> Statement:
    known = (
        _ROWS.c.id == sa.bindparam("id_"),
        _ROWS.c.status == sa.bindparam("status_"),
        _ROWS.c.attempt == sa.bindparam("attempt_"),
    )
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    return Statement(sa.update(_ROWS).where(*known).values(values))


def _claim(session: Session, engine: Engine, now: datetime) -> list[Job]:
    query = sa.select(Job).where(_is(JobStatus.SCHEDULED), Job.due_at <= now)
    query = query.order_by(Job.due_at, Job.id).limit(BATCH).with_for_update(skip_locked=True)
    claimed = session.scalars(query).all()
    held = {"status": JobStatus.QUEUED, "lease_until": now + engine.dispatcher.hold}
    if claimed:
        say(session, _HOLD, [{"id_": job.id, **held} for job in claimed])
    for job in claimed:
        mirror(session, Job, job.id, held)
    engine.dispatcher.enqueue(session, engine, claimed)
    return list(claimed)


def _take_back_expired(engine: Engine, now: datetime) -> None:
    """What was claimed or begun by somebody who is no longer there."""
    with engine.database.reading() as session:
        held = session.execute(
            sa.select(Job.id, Job.status).where(_is_held(), Job.lease_until < now)
        ).all()
    if any(status == JobStatus.QUEUED for _id, status in held):
        with engine.database.writing() as session:
            unstarted = sa.update(Job).where(_is(JobStatus.QUEUED), Job.lease_until < now)
            session.execute(unstarted.values(status=JobStatus.SCHEDULED))
    for job_id, status in held:
        if status == JobStatus.RUNNING:
            try:
                attempts.give_up(engine, job_id)
            except Exception:
                # Looked at again at the next tick; the other jobs must not wait for it.
                log.exception("job %s could not be given up", job_id)


def _anything_to_do(now: datetime) -> sa.Select[tuple[bool]]:
    due = sa.exists().where(_is(JobStatus.SCHEDULED), Job.due_at <= now)
    expired = sa.exists().where(_is_held(), Job.lease_until < now)
    return sa.select(sa.or_(due, expired))


def _is(status: JobStatus) -> sa.ColumnElement[bool]:
    # Said in the statement itself: a partial index is not found through a parameter.
    return Job.status == sa.literal_column(f"'{status}'")


def _is_held() -> sa.ColumnElement[bool]:
    return sa.or_(_is(JobStatus.QUEUED), _is(JobStatus.RUNNING))
