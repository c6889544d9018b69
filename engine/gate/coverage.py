"""Whether a decision table answers every case, and none of them twice.

Each column is tried with one value from every stretch that its cells tell apart: both truth
values; every text that is named and one that isn't; every limit, what lies between two of them
and what lies beyond. A cell that reads more than its own column can't be judged this way.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from engine import expressions
from engine.errors import EngineError
from engine.spiff.decisions import CELL_VALUE, cell_expression

MAX_COMBINATIONS = 20_000
SOMETHING_ELSE = "något annat"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What trying every combination showed; None for what could not be tried."""

    gap: tuple[Any, ...] | None = None  # values that no row fits
    overlap: tuple[int, int] | None = None  # rows that fit the same values


def coverage(rows: Sequence[Sequence[str]]) -> Coverage | None:
    """Try the table's conditions; None when they are not of a kind that can be tried."""
    try:
        columns = [_Column(cells) for cells in zip(*rows, strict=True)]
        combinations = 1
        for column in columns:
            combinations *= len(column.values)
        if combinations * max(len(rows), 1) > MAX_COMBINATIONS:
            return None
        return _tried(columns, len(rows))
    except (EngineError, _Undecidable):
        return None


def _tried(columns: list[_Column], rows: int) -> Coverage:
    gap: tuple[Any, ...] | None = None
    overlap: tuple[int, int] | None = None
    for places in product(*(range(len(column.values)) for column in columns)):
        hits = [
            row
            for row in range(rows)
            if all(column.fits[row][at] for column, at in zip(columns, places, strict=True))
        ]
        if not hits and gap is None:
            gap = tuple(column.values[at] for column, at in zip(columns, places, strict=True))
        if len(hits) > 1 and overlap is None:
            overlap = (hits[0] + 1, hits[1] + 1)
    return Coverage(gap=gap, overlap=overlap)


class _Undecidable(Exception):
    """A cell reads more than the column it stands in."""


class _Column:
    """The values that its cells tell apart, and which of them each cell takes."""

    def __init__(self, cells: Sequence[str]) -> None:
        tests = [cell_expression(cell) for cell in cells]
        self.values = _values(test for test in tests if test)
        self.fits = [[_fits(test, value) for value in self.values] for test in tests]


def _fits(test: str | None, value: Any) -> bool:
    return test is None or bool(expressions.evaluate(test, {CELL_VALUE: value}, {}))


def _values(tests: Iterator[str]) -> list[Any]:
    constants: set[Any] = set()
    for test in tests:
        if expressions.check(test, ()) is not None or expressions.names_in(test) - {CELL_VALUE}:
            raise _Undecidable
        nodes = ast.walk(ast.parse(test, mode="eval"))
        constants |= {node.value for node in nodes if isinstance(node, ast.Constant)}
    return _apart(constants)


def _apart(constants: set[Any]) -> list[Any]:
    kinds = {type(value) for value in constants}
    if not kinds:
        return [None]
    if kinds == {bool}:
        return [True, False]
    if kinds == {str}:
        return [*sorted(constants), SOMETHING_ELSE]
    if kinds <= {int, float}:
        limits = sorted(constants)
        between = [(low + high) / 2 for low, high in pairwise(limits)]
        return [limits[0] - 1, *limits, *between, limits[-1] + 1]
    raise _Undecidable
