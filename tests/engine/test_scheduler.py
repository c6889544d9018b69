"""The pulse of the engine: it costs nothing while nothing is due, and it never stops."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from engine import jobs
from engine.clock import SettableClock, SystemClock
from engine.database import Database
from engine.engine import Engine
from engine.scheduler import Scheduler
from engine.tables import Instance, Job, MessageWait, Task, new_id
from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    chain,
    diagram,
    end,
    start,
    task,
    timer,
)
from tests.engine.case import Cases
from tests.engine.host import SmallHost
from tests.engine.statements import counted

IDLE = diagram("vila", start(), task("ett"), boundary_timer("sent", "ett", "P30D"),
    boundary_message("avbryt", "ett", "aterkallat", "[dnr]"), end(),
    chain("start", "ett", "slut"), chain("sent", "slut"), chain("avbryt", "slut"),
    messages=("aterkallat",))  # fmt: skip


def per_tick(database: Database, engine: Engine) -> int:
    with counted(database) as statements:
        for _tick in range(10):
            jobs.tick(engine)
    return len(statements)


def multiply(database: Database, instance_id: str, times: int) -> None:
    """As many more of that instance, with every row it has."""
    with database.writing() as session:
        for table in (Instance, Task, Job, MessageWait):
            own = table.id if table is Instance else table.instance_id
            row = session.execute(sa.select(table.__table__).where(own == instance_id)).one()
            copies = []
            for number in range(times):
                copy = {**row._mapping, "id": new_id()}
                copy["id" if table is Instance else "instance_id"] = f"{number:032}"
                copies.append(copy)
            session.execute(sa.insert(table), copies)


def test_a_thousand_idle_instances_cost_as_many_statements_as_none(
    cases: Cases, database: Database, engine: Engine
) -> None:
    none = per_tick(database, engine)
    cases.deploy("vila", IDLE)
    instance_id = cases.start("vila", dnr="RS/1/2026")
    multiply(database, instance_id, 999)
    found = cases.read(lambda session: session.scalar(sa.select(sa.func.count(Instance.id))))
    assert found == 1000
    assert per_tick(database, engine) == none


def test_a_tick_that_finds_nothing_takes_no_write_lock(database: Database, engine: Engine) -> None:
    with counted(database) as statements:
        jobs.tick(engine)
    assert "BEGIN IMMEDIATE" not in statements


def test_the_scheduler_lets_what_is_due_happen(database: Database, host: SmallHost) -> None:
    engine = Engine(database=database, host=host, clock=SystemClock())
    cases = Cases(engine)
    cases.deploy("p", diagram("p", start(), timer("paus", "PT0.2S"), end(),
        chain("start", "paus", "slut")))  # fmt: skip
    scheduler = Scheduler(engine)
    scheduler.start()
    try:
        instance_id = cases.start("p")
        deadline = time.monotonic() + 10
        while cases.status(instance_id) != "completed" and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        scheduler.stop()
    assert cases.status(instance_id) == "completed"
    assert scheduler.ticked_at is not None
    assert datetime.now(UTC) - scheduler.ticked_at < timedelta(seconds=10)


def test_what_a_dead_process_held_is_taken_up_when_the_scheduler_starts(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), end(),
        chain("start", "paus", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.tick(engine)  # claimed, and then the process died
    restarted = Engine(database=engine.database, host=engine.host, clock=clock)
    scheduler = Scheduler(restarted)
    scheduler.start()
    deadline = time.monotonic() + 10
    while cases.status(instance_id) != "completed" and time.monotonic() < deadline:
        time.sleep(0.05)
    scheduler.stop()
    assert cases.count(instance_id, "timer_fired") == 1
