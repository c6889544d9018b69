"""Under load, killed again and again: nothing acknowledged is lost, and nothing happens twice.

Twenty storms on each database, a line for each of them:

    ARENDEGANG_STORM_SECONDS=30 ARENDEGANG_STORM_SEEDS=1-20 pytest -s -q tests/chaos/test_storm.py

Thirty seconds of work each, beside what starting again takes: `-k sqlite` or `-k postgresql` on one
only. `ARENDEGANG_STORM_SEEDS=7-7` is the seventh alone. What the processes said in one that fails
lies in its folder, which pytest then keeps (`--basetemp` says where), in `told.txt`.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.database import Database
from engine.tables import Instance, Job, JobStatus, Task, TaskStatus
from processes import data_folder, verification
from tests import databases
from tests.chaos import world
from tests.chaos.machines import Machines
from tests.chaos.people import Acknowledged, People

SECONDS = float(os.environ.get("ARENDEGANG_STORM_SECONDS", "12"))
FIRST, _, LAST = os.environ.get("ARENDEGANG_STORM_SEEDS", "1-1").rpartition("-")
SEEDS = range(int(FIRST or 1), int(LAST) + 1)
QUIET_SECONDS = 90
PEOPLE = 4

pytestmark = [pytest.mark.long, pytest.mark.timeout(10 * SECONDS + 300)]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    if request.param == "postgresql":
        with databases.own_postgresql() as database:
            yield database
    else:
        database = Database(f"sqlite:///{folder / 'arendegang.sqlite'}")
        yield database
        database.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data_folder.prepare(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    database: Database, folder: Path, seed: int
) -> None:
    tokens = world.make(database)
    chance = random.Random(seed)
    machines = Machines(database, folder)
    try:
        with People(machines.web, tokens, count=PEOPLE, seed=seed) as people:
            left = SECONDS
            while left > 0:
                calm = chance.uniform(1, 3)
                time.sleep(calm)
                left -= calm
                machines.kill_one(chance)
        wait_until_quiet(database)
    finally:
        machines.stop()
    product = world.product_on(database, folder)
    breaches = [str(breach) for breach in verification.breaches(product)]
    product.close()
    kind = "sqlite" if database.is_sqlite else "postgresql"
    told = f"killed {len(machines.killed)} times, {summary(people.saw)}, {len(breaches)} breaches"
    print(f"{kind} seed {seed}: {told}")  # noqa: T201
    assert breaches == []
    require_kept(database, people.saw)
    assert people.saw.completed, "hardly a storm"
    assert not people.saw.in_vain, "a process that lives has stood still"


def wait_until_quiet(database: Database) -> None:
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


def require_kept(database: Database, saw: Acknowledged) -> None:
    with database.reading() as session:
        there = set(session.scalars(sa.select(Instance.id)))
        done = set(session.scalars(sa.select(Task.id).where(Task.status == TaskStatus.COMPLETED)))
    assert saw.started <= there
    assert saw.completed <= done


def summary(saw: Acknowledged) -> str:
    acknowledged = f"{len(saw.started)} started, {len(saw.completed)} completed"
    return f"{acknowledged}, {saw.cut_off} cut off, {saw.failed} failed"
