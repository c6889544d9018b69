"""Ten thousand timers due at once, and as many cases that stand idle."""

from __future__ import annotations

import time
from datetime import timedelta

import sqlalchemy as sa

from engine import jobs
from engine.clock import SettableClock
from engine.engine import Engine
from engine.scheduler import TICK_SECONDS
from engine.tables import EventLog, Instance, InstanceStatus, Job, JobStatus
from tests.benchmarks import copies, region
from tests.benchmarks.flows import DATA, Flow, Step
from tests.benchmarks.lines import Line
from tests.benchmarks.service import ServicePlayer
from tests.benchmarks.spiffworkflow import BarePlayer, bare_process
from tests.engine import bpmn
from tests.engine.statements import counted

GROUP = "Cases that wait, SQLite"
MOST_TIMES_BARE = 2.0
MINUTE = 60  # ticks, one a second
AN_HOUR = timedelta(hours=1)


def waiting() -> Flow:
    """A case that waits an hour and is over."""
    text = bpmn.diagram(
        "vantar", bpmn.start(), bpmn.timer("paus", "PT1H"), bpmn.end(),
        bpmn.chain("start", "paus", "slut"),
    )  # fmt: skip
    fire = Step(do="fire", element="paus")
    return Flow(
        name="a timer", key="vantar", files={"vantar.bpmn": text}, data=DATA, steps=[fire],
        start=Step(do="fire", element=""), replayed=True,
    )  # fmt: skip


def measure(number: int) -> list[Line]:
    flow = waiting()
    with region.on_sqlite() as url, region.engine_on(url, rules=False) as engine:
        with engine.database.writing() as session:
            region.put_in_force(session, engine, flow)
        none = _statements_of_a_minute(engine)
        instance_id = ServicePlayer(engine, flow).start()
        copies.copy(engine, instance_id, number - 1)
        idle = _statements_of_a_minute(engine)
        return [_idle_line(none, idle, number), *_due_lines(engine, flow, number)]


def _statements_of_a_minute(engine: Engine) -> int:
    assert isinstance(engine.clock, SettableClock)
    with counted(engine.database) as statements:
        for _second in range(MINUTE):
            engine.clock.forward(seconds=1)
            jobs.tick(engine)
    return len(statements)


def _idle_line(none: int, idle: int, number: int) -> Line:
    what = f"statements in a minute of ticks, {number} idle cases"
    line = Line(group=GROUP, what=what, value=idle, unit="")
    return line.with_budget(f"as many as with none ({none})", holds=idle == none)


def _due_lines(engine: Engine, flow: Flow, number: int) -> list[Line]:
    assert isinstance(engine.clock, SettableClock)
    engine.clock.set(engine.clock.now() + AN_HOUR)
    cpu_began, began = time.process_time(), time.perf_counter()
    _let_go_off(engine)
    cpu, seconds = time.process_time() - cpu_began, time.perf_counter() - began
    with bare_process() as process:
        player = BarePlayer(process, flow)
        bare = sum(player.play().cpu[0] for _case in range(number))
    once = _fired_once(engine, number)
    line = Line(
        group=GROUP, what=f"{number} timers due at once, processor", value=cpu, unit="s",
        ratio_to_bare=cpu / bare,
    )  # fmt: skip
    times = cpu / bare
    return [
        line.with_budget(f"<= {MOST_TIMES_BARE:.0f} x bare", holds=times <= MOST_TIMES_BARE),
        Line(group=GROUP, what="the same, by the clock", value=seconds, unit="s"),
        Line(group=GROUP, what="timers that fired exactly once", value=once, unit="").with_budget(
            f"= {number}", holds=once == number
        ),
    ]


def _let_go_off(engine: Engine) -> None:
    """As the product does it: ticks claim them, and its threads carry them out."""
    unfinished = Job.status.in_((JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING))
    query = sa.select(Job.id).where(unfinished).limit(1)
    engine.dispatcher.start(engine)
    left: str | None = "all"
    while left:
        jobs.tick(engine)
        time.sleep(TICK_SECONDS)
        with engine.database.reading() as session:
            left = session.scalar(query)
    engine.dispatcher.stop()


def _fired_once(engine: Engine, number: int) -> int:
    """Cases that ended and whose log says that the timer fired one time."""
    fired = (
        sa.select(EventLog.instance_id)
        .where(EventLog.kind == "timer_fired")
        .group_by(EventLog.instance_id)
        .having(sa.func.count() == 1)
    )
    query = sa.select(sa.func.count()).where(
        Instance.id.in_(fired), Instance.status == InstanceStatus.COMPLETED
    )
    with engine.database.reading() as session:
        return session.scalar(query) or 0
