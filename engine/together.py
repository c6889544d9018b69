"""Several jobs in one transaction: to commit costs more than what most of them do.

Only while all goes well. When one can't be done nothing of any is kept, and each is done by
itself, where what is wrong is its own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine import held, jobs
from engine.tables import Job, JobStatus

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

MOST = 20
SOME_MORE = 5
LONGEST_SECONDS = 0.05  # others wait for the database meanwhile
_QUEUED = sa.select(Job).where(
    Job.id.in_(sa.bindparam("ids", expanding=True)), Job.status == JobStatus.QUEUED
)


def run(engine: Engine, job_ids: Sequence[str]) -> None:
    """Do claimed jobs in the order given; what each does to the database is done once."""
    left, done = list(job_ids), MOST
    while left:
        # No more are fetched than were done in the time the last had, and some to find out if all
        # is well again.
        some = left[: done + SOME_MORE]
        done = _some(engine, some) if len(some) > 1 else 0
        if not done:
            for job_id in some:
                jobs.run_job(engine, job_id)
        left = left[done or len(some) :]
        done = done or MOST


def _some(engine: Engine, job_ids: Sequence[str]) -> int:
    """How many of the first were done, or were no longer to be; none when one can't be."""
    done, until = 0, time.monotonic() + LONGEST_SECONDS
    try:
        with engine.database.writing() as session:
            found = {job.id: job for job in session.scalars(_QUEUED, {"ids": job_ids})}
            if any(job.kind not in engine.inside_jobs for job in found.values()):
                return 0
            held.read_ahead(session, {job.instance_id for job in found.values() if job.instance_id})
            turns = []
            for job_id in job_ids:
                if job_id in found:
                    turns.append(jobs.do_inside(session, engine, found[job_id]))
                done += 1
                if time.monotonic() > until:
                    break
            if turns:
                jobs.turn(session, turns)
    except Exception:
        log.debug("of %s jobs one can't be done with the others", len(job_ids), exc_info=True)
        return 0
    jobs.nudge_if_due(engine, session)
    return done
