"""Ten thousand timers due at once, and as many cases that stand idle."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from engine import jobs
from engine.clock import SettableClock
from engine.engine import Engine
from engine.scheduler import TICK_SECONDS
from engine.tables import EventLog, Instance, InstanceStatus, Job, JobStatus
from tests.benchmarks import copies, region
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import DATA, Flow, Step
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.service import ServicePlayer
from tests.benchmarks.spiffworkflow import BarePlayer, bare_process
from tests.engine import bpmn
from tests.engine.statements import counted

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


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds that letting all timers go off took."""

    clock: float
    cpu: float  # of our processes
    server: float | None  # of the database's, where that is a process of its own on this machine


def measure(number: int, backends: Sequence[Backend]) -> list[Line]:
    """Bare SpiffWorkflow plays its share before, between and after the databases."""
    flow, bare = waiting(), 0.0
    found: list[tuple[Group, Spent, list[Line]]] = []
    with bare_process() as process:
        player = BarePlayer(process, flow)
        share = number // (len(backends) + 1) + 1
        for backend in backends:
            bare += _bare(player, share)
            found.append(_on(backend, flow, number))
        bare += _bare(player, share)
    bare_for_all = bare / (share * (len(backends) + 1)) * number
    return [
        line
        for group, spent, lines in found
        for line in (*lines, *_spent_lines(group, spent, number, bare_for_all))
    ]


def _bare(player: BarePlayer, times: int) -> float:
    return sum(player.play().cpu[0] for _case in range(times))


def _on(backend: Backend, flow: Flow, number: int) -> tuple[Group, Spent, list[Line]]:
    group = Group(f"timers.{backend.name.lower()}", f"Cases that wait, {backend.name}")
    with region.engine_on(backend, rules=False) as engine:
        with engine.database.writing() as session:
            region.put_in_force(session, engine, flow)
        none = _statements_of_a_minute(engine)
        instance_id = ServicePlayer(engine, flow).start()
        copies.copy(engine, instance_id, number - 1)
        idle = _statements_of_a_minute(engine)
        spent = _let_go_off(backend, engine)
        once = _fired_once(engine, number)
    return group, spent, [_idle_line(group, none, idle, number), _once_line(group, once, number)]


def _statements_of_a_minute(engine: Engine) -> int:
    assert isinstance(engine.clock, SettableClock)
    with counted(engine.database) as statements:
        for _second in range(MINUTE):
            engine.clock.forward(seconds=1)
            jobs.tick(engine)
    return len(statements)


def _idle_line(group: Group, none: int, idle: int, number: int) -> Line:
    line = group.line("idle", f"statements in a minute of ticks, {number} idle cases", idle)
    return line.with_budget(f"as many as with none ({none})", holds=idle == none)


def _once_line(group: Group, once: int, number: int) -> Line:
    line = group.line("once", f"of {number} timers due at once, fired exactly once", once)
    return line.with_budget(f"= {number}", holds=once == number)


def _spent_lines(group: Group, spent: Spent, number: int, bare: float) -> list[Line]:
    times = spent.cpu / bare
    what = f"{number} timers due at once, our processor"
    cpu = group.line("cpu", what, spent.cpu, "s", ratio_to_bare=times)
    budget = f"<= {MOST_TIMES_BARE:.0f} x bare"
    found = [cpu.with_budget(budget, holds=times <= MOST_TIMES_BARE)]
    if spent.server is not None:
        what = "the same, the database server's processor"
        found.append(group.line("server", what, spent.server, "s"))
    return [*found, group.line("clock", "the same, by the clock", spent.clock, "s")]


def _let_go_off(backend: Backend, engine: Engine) -> Spent:
    """As the product does it: ticks claim them, and what carries jobs there carries them."""
    assert isinstance(engine.clock, SettableClock)
    unfinished = Job.status.in_((JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING))
    query = sa.select(Job.id).where(unfinished).limit(1)
    with region.delivering(engine):
        server_began, cpu_began = backend.cpu_seconds(), time.process_time()
        began = time.perf_counter()
        engine.clock.set(engine.clock.now() + AN_HOUR)
        left: str | None = "all"
        while left:
            time.sleep(TICK_SECONDS)
            with engine.database.reading() as session:
                left = session.scalar(query)
        clock, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    server = backend.cpu_seconds()
    of_server = None if server is None or server_began is None else server - server_began
    return Spent(clock=clock, cpu=cpu, server=of_server)


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
