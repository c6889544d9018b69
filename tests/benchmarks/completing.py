"""Completing tasks: bare SpiffWorkflow against the service layer, case by case in turn."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Protocol

from engine.engine import Engine
from tests.benchmarks import lines, real_case, region
from tests.benchmarks.backends import POSTGRESQL, SQLITE, Backend
from tests.benchmarks.flows import Flow, loop, sequence
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.played import Played, StatementCount, Stopwatch
from tests.benchmarks.service import RealCasePlayer, ServicePlayer
from tests.benchmarks.spiffworkflow import BarePlayer, bare_process

BARE = "bare SpiffWorkflow"
IDS = {BARE: "bare", SQLITE: "sqlite", POSTGRESQL: "postgresql"}
MOST_TIMES_BARE = {"sekvens": 2.0, "arende": 1.0}
MOST_TIMES_SQLITE = 1.6
MOST_BYTES = 12 * 1024
MOST_STATEMENTS = 12


class Player(Protocol):
    def play(self) -> Played: ...


class ProductPlayer(Player, Protocol):
    engine: Engine

    def play(self, completing: Stopwatch | None = None) -> Played: ...


def measure(rounds: int, backends: Sequence[Backend], loop_rounds: int = 100) -> list[Line]:
    """`rounds` cases of each flow by each player; the loop is long, so it is played less often.

    The machine's moods last for seconds, so what counts is how often the players take turns.
    """
    with ExitStack() as stack:
        process = stack.enter_context(bare_process())
        engines = {
            backend.name: stack.enter_context(region.engine_on(backend)) for backend in backends
        }
        row, real, round_and_round = sequence(), real_case.recorded(backends[0]), loop(loop_rounds)
        for engine in engines.values():
            with engine.database.writing() as session:
                for flow in (row, round_and_round):
                    region.put_in_force(session, engine, flow)
        found: list[Line] = []
        turns = ((row, rounds * 2), (real, rounds), (round_and_round, rounds // 2 or 1))
        for flow, times in turns:
            ours = {name: _player(engine, flow) for name, engine in engines.items()}
            played = _in_turn({BARE: BarePlayer(process, flow), **ours}, times)
            found += [*_lines(flow, played), *_statement_lines(flow, ours)]
    return found


def _player(engine: Engine, flow: Flow) -> ProductPlayer:
    return RealCasePlayer(engine) if flow.key == real_case.KEY else ServicePlayer(engine, flow)


def _in_turn(players: Mapping[str, Player], rounds: int) -> dict[str, list[Played]]:
    """Each plays a case before any plays the next, so that all meet the machine's moods alike."""
    played: dict[str, list[Played]] = {name: [] for name in players}
    for player in players.values():
        player.play()  # what is made once is made now
    for _round in range(rounds):
        for name, player in players.items():
            played[name].append(player.play())
    return played


def _lines(flow: Flow, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    group = _group(flow)
    bare = lines.completions(played[BARE])
    found = [group.of_seconds(IDS[BARE], BARE, bare)]
    for name in _ours(played):
        seconds = lines.completions(played[name])
        line = group.of_seconds(IDS[name], f"service layer, {name}", seconds, bare)
        found.append(_judged(line, flow, name, played))
    return [
        *found,
        *_cpu_lines(group, played),
        *_start_lines(group, played),
        *_size_lines(group, played),
    ]


def _ours(played: Mapping[str, Sequence[Played]]) -> list[str]:
    return [name for name in played if name != BARE]


def _cpu_lines(group: Group, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    """The same without waiting for disk, server and other programs; it informs, it doesn't bind."""
    cpu = {name: [one for case in cases for one in case.cpu] for name, cases in played.items()}
    return [
        group.of_seconds(f"{IDS[name]}.cpu", f"our processor only, {name}", cpu[name], cpu[BARE])
        for name in _ours(played)
    ]


def _statement_lines(flow: Flow, players: Mapping[str, ProductPlayer]) -> list[Line]:
    return [line for name in players for line in _statements(flow, name, players[name])]


def _statements(flow: Flow, name: str, player: ProductPlayer) -> list[Line]:
    count = StatementCount(player.engine.database)
    player.play(count)
    group, most = _group(flow), max(count.commits)
    median = statistics.median(count.statements)
    said = group.line(f"{IDS[name]}.statements", f"SQL statements a completion, {name}", median)
    said = replace(said, p95=lines.percentile(count.statements, 95))
    if flow.key != real_case.KEY:  # there, the domain's own are counted too
        said = said.with_budget(f"<= {MOST_STATEMENTS}", holds=said.value <= MOST_STATEMENTS)
    commits = group.line(f"{IDS[name]}.commits", f"commits a completion, {name}", most)
    return [said, commits.with_budget("1", holds=most == 1)]


def _group(flow: Flow) -> Group:
    return Group(f"completing.{flow.key}", f"Complete a task, {flow.name}")


def _judged(line: Line, flow: Flow, name: str, played: Mapping[str, Sequence[Played]]) -> Line:
    if name == POSTGRESQL:
        sqlite = statistics.median(lines.completions(played[SQLITE]))
        times = line.value / 1000 / sqlite
        return line.with_budget(
            f"<= {MOST_TIMES_SQLITE} x SQLite ({times:.2f})", holds=times <= MOST_TIMES_SQLITE
        )
    most = MOST_TIMES_BARE.get(flow.key)
    assert line.ratio_to_bare is not None
    if most is None:
        return line
    return line.with_budget(f"<= {most:.0f} x bare", holds=line.ratio_to_bare <= most)


def _start_lines(group: Group, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    bare = [case.start for case in played[BARE]]
    return [
        group.of_seconds(
            f"{IDS[name]}.start",
            f"start a case, {name}",
            [case.start for case in cases],
            None if name == BARE else bare,
        )
        for name, cases in played.items()
    ]


def _size_lines(group: Group, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    middle = len(played[BARE][0].bytes) // 2
    sizes = {name: cases[0].bytes[middle] for name, cases in played.items()}
    found = [
        group.line(
            f"{IDS[name]}.bytes", f"state at the case's middle, {name}", sizes[name], "bytes",
            ratio_to_bare=sizes[name] / sizes[BARE],
        )
        for name in _ours(played)
    ]  # fmt: skip
    most = f"<= {MOST_BYTES // 1024} KB"
    return [line.with_budget(most, holds=line.value <= MOST_BYTES) for line in found]
