"""Whether completing a task costs more the longer a case has gone on."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tests.benchmarks import region
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import Step, loop
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.played import Stopwatch
from tests.benchmarks.service import ServicePlayer

YOUNG, OLD = 10, 1_000
MOST = 1.5


def measure(pairs: int, backends: Sequence[Backend], old: int = OLD) -> list[Line]:
    """Completion 1 000 against completion 10, time and bytes."""
    return [line for backend in backends for line in _on(backend, pairs, old)]


def _on(backend: Backend, pairs: int, age: int) -> list[Line]:
    heading = f"A case that goes round and round, service layer, {backend.name}"
    group = Group(f"ageing.{backend.name.lower()}", heading)
    flow = loop(age + YOUNG)
    with region.engine_on(backend, rules=False) as engine:
        with engine.database.writing() as session:
            region.put_in_force(session, engine, flow)
        player = ServicePlayer(engine, flow)
        young, old = Stopwatch(), Stopwatch()
        sizes: dict[int, list[int]] = {YOUNG: [], age: []}
        for _pair in range(pairs):
            _measure_pair(player, flow.steps[0], age, young, old, sizes)
    if engine.database.is_sqlite:
        times = _time_lines(group, age, young.cpu, old.cpu, "processor")
    else:  # whose own work our processor's clock doesn't see
        times = _time_lines(group, age, young.seconds, old.seconds, "by the clock")
    return [*times, _size_line(group, age, sizes)]


def _measure_pair(
    player: ServicePlayer,
    step: Step,
    age: int,
    young: Stopwatch,
    old: Stopwatch,
    sizes: dict[int, list[int]],
) -> None:
    """The last of an old case's completions, each beside one of a young case."""
    aged, fresh = player.start(), player.start()
    for _completion in range(age - YOUNG):
        player.completion(aged, step)()
    for _completion in range(YOUNG):
        young.time(player.completion(fresh, step))
        old.time(player.completion(aged, step))
    sizes[YOUNG].append(player.size(fresh))
    sizes[age].append(player.size(aged))


def _time_lines(
    group: Group, age: int, young: Sequence[float], old: Sequence[float], clock: str
) -> list[Line]:
    times = statistics.median(old) / statistics.median(young)
    first = group.of_seconds("young", f"completions 1 to {YOUNG}, {clock}", young)
    last = group.of_seconds("old", f"completions {age - YOUNG + 1} to {age}, {clock}", old)
    return [first, last.with_budget(f"<= {MOST} x the first ({times:.2f})", holds=times <= MOST)]


def _size_line(group: Group, age: int, sizes: dict[int, list[int]]) -> Line:
    value = statistics.median(sizes[age])
    times = value / statistics.median(sizes[YOUNG])
    line = group.line("bytes", f"state after {age} completions", value, "bytes")
    return line.with_budget(f"<= {MOST} x after {YOUNG} ({times:.2f})", holds=times <= MOST)
