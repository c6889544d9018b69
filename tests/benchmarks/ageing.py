"""Whether completing a task costs more the longer a case has gone on."""

from __future__ import annotations

import statistics

from tests.benchmarks import lines, region
from tests.benchmarks.flows import Flow, loop
from tests.benchmarks.lines import Line
from tests.benchmarks.played import Stopwatch
from tests.benchmarks.service import ServicePlayer

GROUP = "A case that goes round and round, service layer, SQLite"
YOUNG, OLD = 10, 1_000
MOST = 1.5


def measure(pairs: int) -> list[Line]:
    """Completion 1 000 against completion 10, time and bytes."""
    flow = loop(OLD + YOUNG)
    with region.on_sqlite() as url, region.engine_on(url, rules=False) as engine:
        with engine.database.writing() as session:
            region.put_in_force(session, engine, flow)
        player = ServicePlayer(engine, flow)
        young, old = Stopwatch(), Stopwatch()
        sizes: dict[int, list[int]] = {YOUNG: [], OLD: []}
        for _pair in range(pairs):
            _measure_pair(player, flow, young, old, sizes)
    return [*_time_lines(young, old), _size_line(sizes)]


def _measure_pair(
    player: ServicePlayer,
    flow: Flow,
    young: Stopwatch,
    old: Stopwatch,
    sizes: dict[int, list[int]],
) -> None:
    """The last of an old case's completions, each beside one of a young case."""
    step = flow.steps[0]
    aged, fresh = player.start(), player.start()
    for _completion in range(OLD - YOUNG):
        player.completion(aged, step)()
    for _completion in range(YOUNG):
        young.time(player.completion(fresh, step))
        old.time(player.completion(aged, step))
    sizes[YOUNG].append(player.size(fresh))
    sizes[OLD].append(player.size(aged))


def _time_lines(young: Stopwatch, old: Stopwatch) -> list[Line]:
    times = statistics.median(old.cpu) / statistics.median(young.cpu)
    first = lines.of_seconds(GROUP, f"completions 1 to {YOUNG}, processor", young.cpu)
    last = lines.of_seconds(GROUP, f"completions {OLD - YOUNG + 1} to {OLD}, processor", old.cpu)
    return [first, last.with_budget(f"<= {MOST} x the first ({times:.2f})", holds=times <= MOST)]


def _size_line(sizes: dict[int, list[int]]) -> Line:
    value = statistics.median(sizes[OLD])
    times = value / statistics.median(sizes[YOUNG])
    line = Line(group=GROUP, what=f"state after {OLD} completions", value=value, unit="bytes")
    return line.with_budget(f"<= {MOST} x after {YOUNG} ({times:.2f})", holds=times <= MOST)
