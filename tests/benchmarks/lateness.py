"""How late timers go off when nothing else happens. Scheduler, threads and clock are the product's.

A timer is late from when it is due until what it led to is written.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from engine import commands, instances
from engine.clock import SystemClock
from engine.engine import Engine
from engine.tables import Job, JobKind, JobStatus
from tests.benchmarks import lines, region
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import DATA, Flow
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.service import REGISTRAR
from tests.engine import bpmn

MOST_SECONDS = 2.0
A_SECOND = 20  # timers


def measure(number: int, backends: Sequence[Backend]) -> list[Line]:
    return [line for backend in backends for line in _on(backend, number)]


def _on(backend: Backend, number: int) -> list[Line]:
    with (
        region.engine_on(backend, rules=False, clock=SystemClock()) as engine,
        region.delivering(engine),
    ):
        _start(engine, number)
        late = _lateness(engine, number)
    spread = f"{number} timers, {A_SECOND} a second"
    group = Group(f"lateness.{backend.name.lower()}", f"How late timers go off, {backend.name}")
    worst = group.line("worst", f"{spread}, the latest", max(late), "s")
    return [
        group.line("median", f"{spread}, the median", statistics.median(late), "s"),
        group.line("p95", f"{spread}, 95 in a hundred sooner", lines.percentile(late, 95), "s"),
        worst.with_budget(f"<= {MOST_SECONDS:.0f} s", holds=worst.value <= MOST_SECONDS),
    ]


def _start(engine: Engine, number: int) -> None:
    """The first is due when the last has been made."""
    flow = _waiting()
    with engine.database.writing() as session:
        region.put_in_force(session, engine, flow)
    first = engine.clock.now() + timedelta(seconds=1 + number / 50)
    for place in range(number):
        data = {**DATA, "till": (first + timedelta(seconds=place / A_SECOND)).isoformat()}
        commands.perform(
            engine,
            lambda session, data=data: instances.start(  # type: ignore[misc]
                session, engine, flow.key, data=data, actor=REGISTRAR
            ),
        )


def _waiting() -> Flow:
    text = bpmn.diagram(
        "vantar", bpmn.start(), bpmn.timer("paus", "till", kind="timeDate"), bpmn.end(),
        bpmn.chain("start", "paus", "slut"),
    )  # fmt: skip
    return Flow(name="a timer", key="vantar", files={"vantar.bpmn": text}, data=DATA, steps=[])


def _lateness(engine: Engine, number: int) -> list[float]:
    query = sa.select(Job.due_at, Job.finished_at).where(
        Job.kind == JobKind.TIMER, Job.status == JobStatus.DONE
    )
    until = time.monotonic() + 60 + number / 10
    while time.monotonic() < until:
        time.sleep(0.5)
        with engine.database.reading() as session:
            done = session.execute(query).all()
        if len(done) == number:
            return [(finished_at - due_at).total_seconds() for due_at, finished_at in done]
    raise SystemExit(f"only {len(done)} of {number} timers went off")
