"""One run of the benchmark: its parts one after the other, and the table of what they found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from tests.benchmarks import (
    ageing,
    completing,
    due_timers,
    full_inbox,
    lines,
    memory,
    over_http,
    whereabouts,
)
from tests.benchmarks.lines import Line


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much to measure; what is measured is the same."""

    rounds: int  # cases of each flow by each player
    aged: int  # pairs of an old and a young case
    timers: int
    inboxes: tuple[int, ...]
    http: int  # cases of each flow
    real_http: int  # rounds of nine real cases
    running: int  # cases in memory's part


FULL = Size(
    rounds=20,
    aged=3,
    timers=10_000,
    inboxes=(1_000, 100_000, 1_000_000),
    http=100,
    real_http=3,
    running=10_000,
)
QUICK = Size(
    rounds=3, aged=1, timers=300, inboxes=(1_000, 20_000), http=24, real_http=1, running=1_000
)
Part = Callable[[Size, str | None], list[Line]]
PARTS: dict[str, Part] = {
    "completing": lambda size, postgresql: completing.on_every_database(size.rounds, postgresql),
    "where": lambda size, _postgresql: whereabouts.measure(size.rounds * 2),
    "http": lambda size, _postgresql: over_http.measure(size.http, size.real_http),
    "ageing": lambda size, _postgresql: ageing.measure(size.aged),
    "inbox": lambda size, _postgresql: full_inbox.measure(size.inboxes, rounds=30),
    "timers": lambda size, _postgresql: due_timers.measure(size.timers),
    "memory": lambda size, _postgresql: memory.measure(size.running),
}


def run(*, quick: bool, as_json: bool, postgresql: str | None, only: Sequence[str]) -> None:
    unknown = set(only) - set(PARTS)
    if unknown:
        raise click.BadParameter(f"{', '.join(sorted(unknown))}; {', '.join(PARTS)} finns")
    size = QUICK if quick else FULL
    found = [
        line
        for name, part in PARTS.items()
        if not only or name in only
        for line in part(size, postgresql)
    ]
    click.echo(lines.as_json(found) if as_json else lines.table(found))
