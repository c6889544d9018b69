"""Completing tasks: bare SpiffWorkflow against the service layer, case by case in turn."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Protocol

from engine.engine import Engine
from tests.benchmarks import lines, real_case, region, servers
from tests.benchmarks.flows import Flow, loop, sequence
from tests.benchmarks.lines import Line
from tests.benchmarks.played import Played, StatementCount, Stopwatch
from tests.benchmarks.service import RealCasePlayer, ServicePlayer
from tests.benchmarks.spiffworkflow import BarePlayer, bare_process

BARE, SQLITE, POSTGRESQL = "bare SpiffWorkflow", "SQLite", "PostgreSQL"
MOST_TIMES_BARE = {"sekvens": 2.0, "arende": 1.0}
MOST_TIMES_SQLITE = 1.6
MOST_BYTES = 12 * 1024
MOST_STATEMENTS = 12


class Player(Protocol):
    def play(self) -> Played: ...


class ProductPlayer(Player, Protocol):
    engine: Engine

    def play(self, completing: Stopwatch | None = None) -> Played: ...


def measure(rounds: int, urls: Mapping[str, str], loop_rounds: int = 100) -> list[Line]:
    """`rounds` cases of each flow by each player; the loop is long, so it is played less often."""
    with ExitStack() as stack:
        process = stack.enter_context(bare_process())
        engines = {name: stack.enter_context(region.engine_on(url)) for name, url in urls.items()}
        real = real_case.recorded(engines[SQLITE])
        row, round_and_round = sequence(), loop(loop_rounds)
        for engine in engines.values():
            with engine.database.writing() as session:
                for flow in (row, round_and_round):
                    region.put_in_force(session, engine, flow)
        found: list[Line] = []
        for flow, times in ((row, rounds * 2), (real, rounds), (round_and_round, rounds // 6 or 1)):
            ours = {name: _player(engine, flow) for name, engine in engines.items()}
            played = _in_turn({BARE: BarePlayer(process, flow), **ours}, times)
            found += [*_lines(flow, played), *_statement_lines(flow, ours[SQLITE])]
    return found


def on_every_database(rounds: int, postgresql: str | None) -> list[Line]:
    """On SQLite, and on PostgreSQL when there is one at hand."""
    with region.on_sqlite() as sqlite, servers.on_postgresql(postgresql) as other:
        return measure(rounds, {SQLITE: sqlite, **({POSTGRESQL: other} if other else {})})


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
    found = [lines.of_seconds(group, BARE, bare)]
    for name in played:
        if name != BARE:
            line = lines.of_seconds(
                group, f"service layer, {name}", lines.completions(played[name]), bare
            )
            found.append(_judged(line, flow, name, played))
    found += _cpu_lines(group, played)
    found += _start_lines(group, played)
    return [*found, *_size_lines(group, flow, played)]


def _cpu_lines(group: str, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    """The same without waiting for the disk and for other programs; it informs, it doesn't bind."""
    cpu = {name: [one for case in cases for one in case.cpu] for name, cases in played.items()}
    return [
        lines.of_seconds(group, f"processor only, {name}", cpu[name], cpu[BARE])
        for name in played
        if name == SQLITE
    ]


def _statement_lines(flow: Flow, player: ProductPlayer) -> list[Line]:
    count = StatementCount(player.engine.database)
    player.play(count)
    group, most = _group(flow), max(count.commits)
    said = Line(
        group=group, what="SQL statements a completion, SQLite",
        value=statistics.median(count.statements), unit="", p95=max(count.statements),
    )  # fmt: skip
    if flow.key != real_case.KEY:  # there, the domain's own are counted too
        said = said.with_budget(f"<= {MOST_STATEMENTS}", holds=said.value <= MOST_STATEMENTS)
    commits = Line(group=group, what="commits a completion, SQLite", value=most, unit="")
    return [said, commits.with_budget("1", holds=most == 1)]


def _group(flow: Flow) -> str:
    return f"Complete a task, {flow.name}"


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


def _start_lines(group: str, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    bare = [case.start for case in played[BARE]]
    return [
        lines.of_seconds(
            group,
            f"start a case, {name}",
            [case.start for case in cases],
            None if name == BARE else bare,
        )
        for name, cases in played.items()
    ]


def _size_lines(group: str, flow: Flow, played: Mapping[str, Sequence[Played]]) -> list[Line]:
    bare, ours = (played[name][0].bytes for name in (BARE, SQLITE))
    middle = len(ours) // 2
    line = Line(
        group=group,
        what="state at the case's middle, SQLite",
        value=ours[middle],
        unit="bytes",
        ratio_to_bare=ours[middle] / bare[middle],
    )
    most = f"<= {MOST_BYTES // 1024} KB"
    return [line.with_budget(most, holds=ours[middle] <= MOST_BYTES)]
