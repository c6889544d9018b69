"""One run of the benchmark: its parts one after the other, and the table of what they found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from tests.benchmarks import completing, lines
from tests.benchmarks.lines import Line


@dataclass(frozen=True, kw_only=True)
class Run:
    """How much to measure; what is measured is the same."""

    quick: bool
    postgresql: str | None


PARTS: dict[str, Callable[[Run], list[Line]]] = {
    "completing": lambda run: completing.measure(3 if run.quick else 20, run.postgresql),
}


def run(*, quick: bool, as_json: bool, postgresql: str | None, only: Sequence[str]) -> None:
    unknown = set(only) - set(PARTS)
    if unknown:
        raise click.BadParameter(f"{', '.join(sorted(unknown))}; {', '.join(PARTS)} finns")
    wanted = Run(quick=quick, postgresql=postgresql)
    found = [
        line for name, part in PARTS.items() if not only or name in only for line in part(wanted)
    ]
    click.echo(lines.as_json(found) if as_json else lines.table(found))
