"""Many timers fall due at once on two machines, one of which dies: each goes off once.

`ARENDEGANG_TIMERS=10000` takes minutes and is what docs/operations.md tells of.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SettableClock, SystemClock
from engine.database import Database
from engine.engine import Engine
from engine.tables import EventLog, Instance, Job, JobStatus, new_id
from processes import database_version
from tests import databases
from tests.engine.bpmn import chain, diagram, end, start, timer
from tests.engine.case import Cases
from tests.engine.host import SmallHost
from tests.engine.invariants import require_sound
from tests.web.started import ROOT

COUNT = int(os.environ.get("ARENDEGANG_TIMERS", "300"))
AT_ONCE = 1000
PATIENCE_SECONDS = 120 + COUNT / 10

pytestmark = [pytest.mark.long, pytest.mark.timeout(2 * PATIENCE_SECONDS)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with databases.database("postgresql", tmp_path, database_version.upgrade) as database:
        yield database


def test_timers_on_two_machines_go_off_once_though_one_dies(database: Database) -> None:
    fill(database)
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.chaos.node", url]
    began = time.monotonic()
    nodes = [subprocess.Popen(command, cwd=ROOT) for _node in range(2)]
    try:
        wait_until_done(database, COUNT // 3)
        nodes[0].kill()
        wait_until_done(database, COUNT)
    finally:
        for node in nodes:
            node.kill()
            node.wait()
    print(f"{COUNT} timers in {time.monotonic() - began:.0f} s")  # noqa: T201
    with database.reading() as session:
        fired = sa.select(EventLog.instance_id, sa.func.count()).where(
            EventLog.kind == "timer_fired"
        )
        counts = dict(session.execute(fired.group_by(EventLog.instance_id)).all())
    assert len(counts) == COUNT
    assert set(counts.values()) == {1}
    require_sound(Engine(database=database, host=SmallHost(), clock=SystemClock()))


def fill(database: Database) -> None:
    """One case that waits an hour, begun an hour ago, with every row it has as often as wanted."""
    clock = SettableClock(SystemClock().now() - timedelta(hours=1))
    cases = Cases(Engine(database=database, host=SmallHost(), clock=clock))
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), end(),
        chain("start", "paus", "slut")))  # fmt: skip
    cases.start("p")
    with database.writing() as session:
        session.execute(sa.delete(EventLog))  # the copies have none either
        rows = [session.execute(sa.select(table.__table__)).one() for table in (Instance, Job)]
        for number in range(1, COUNT, AT_ONCE):
            ids = [new_id() for _copy in range(min(AT_ONCE, COUNT - number))]
            instances = [{**rows[0]._mapping, "id": id_} for id_ in ids]
            jobs = [{**rows[1]._mapping, "id": new_id(), "instance_id": id_} for id_ in ids]
            session.execute(sa.insert(Instance), instances)
            session.execute(sa.insert(Job), jobs)


def wait_until_done(database: Database, wanted: int) -> None:
    query = sa.select(sa.func.count()).where(Job.status == JobStatus.DONE)
    until = time.monotonic() + PATIENCE_SECONDS
    done = 0
    while done < wanted:
        assert time.monotonic() < until, f"{done} of {wanted}"
        time.sleep(0.2)
        with database.reading() as session:
            done = session.scalar(query) or 0
