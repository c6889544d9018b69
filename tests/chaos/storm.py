"""A storm: people at work, and the product's processes killed again and again under them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from engine.clock import SystemClock
from engine.database import Database
from engine.tables import Instance, Job, JobStatus, Task, TaskStatus
from processes import verification
from tests.chaos import world
from tests.chaos.machines import Machines
from tests.chaos.people import Acknowledged, People

QUIET_SECONDS = 90
PEOPLE = 4


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What was done in it, and what was found when it was over."""

    saw: Acknowledged
    killed: list[str]
    lost: set[str]  # acknowledged, and not there
    breaches: list[str]  # of what `verify` demands

    def __str__(self) -> str:
        saw = self.saw
        return (
            f"killed {len(self.killed)} times, {len(saw.started)} started, "
            f"{len(saw.completed)} completed, {saw.cut_off} cut off, {saw.failed} failed, "
            f"{len(self.breaches)} breaches"
        )


def weather(database: Database, folder: Path, *, seconds: float, seed: int) -> Storm:
    """So many seconds of work, beside what starting again takes; then a rest, and a look round."""
    tokens = world.make(database)
    with Machines(database, folder) as machines:
        with People(machines.web, tokens, count=PEOPLE, seed=seed) as people:
            _kill(machines, random.Random(seed), seconds)
        _wait_until_quiet(database)
    product = world.product_on(database, folder)
    breaches = [str(breach) for breach in verification.breaches(product)]
    product.close()
    return Storm(
        saw=people.saw,
        killed=machines.killed,
        lost=set(_lost(database, people.saw)),
        breaches=breaches,
    )


def _kill(machines: Machines, chance: random.Random, seconds: float) -> None:
    while seconds > 0:
        calm = chance.uniform(1, 3)
        time.sleep(calm)
        seconds -= calm
        machines.kill_one(chance)


def _wait_until_quiet(database: Database) -> None:
    """Everything due has been done; what failed in the storm need not wait its half minute."""
    now = SystemClock().now()
    due = sa.and_(Job.status == JobStatus.SCHEDULED, Job.due_at <= now)
    held = Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING))
    left = sa.select(sa.func.count()).where(sa.or_(due, held))
    retried = sa.update(Job).where(Job.attempt > 0, Job.status == JobStatus.SCHEDULED)
    until = time.monotonic() + QUIET_SECONDS
    while True:
        with database.writing() as session:
            session.execute(retried.values(due_at=Job.created_at))
            if not session.scalar(left):
                return
        assert time.monotonic() < until, "it never came to rest by itself"
        time.sleep(0.3)


def _lost(database: Database, saw: Acknowledged) -> Iterator[str]:
    with database.reading() as session:
        there = set(session.scalars(sa.select(Instance.id)))
        done = set(session.scalars(sa.select(Task.id).where(Task.status == TaskStatus.COMPLETED)))
    yield from saw.started - there
    yield from saw.completed - done
