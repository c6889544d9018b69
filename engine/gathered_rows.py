"""Several rows that are inserted, as one statement: for PostgreSQL to carry out each by itself
takes longer than to write its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

Parameters = tuple[Any, ...]
Said = tuple[str, Sequence[Parameters]]  # a statement, and what it is said with each time
MOST_ROWS = 8  # inserted by one statement, of which each number of rows is another
_INSERT = re.compile(r"INSERT INTO \w+ \([^()]*\) VALUES \([^()]*\)")
_PARAMETER = re.compile(r"\$(\d+)")


def gathered(text: str, rows: Sequence[Parameters]) -> Iterator[Said]:
    """What is to be said in place of that; the same, where it inserts no rows."""
    if len(rows) == 1 or not _INSERT.fullmatch(text):
        yield text, rows
        return
    for start in range(0, len(rows), MOST_ROWS):
        some = rows[start : start + MOST_ROWS]
        yield _inserting(text, len(some)), [tuple(chain.from_iterable(some))]


@cache
def _inserting(text: str, rows: int) -> str:
    """The statement that inserts one row, for so many: its parameters are numbered on."""
    before, _values, row = text.partition(" VALUES ")
    width = len(_PARAMETER.findall(row))
    return f"{before} VALUES {', '.join(_numbered(row, turn * width) for turn in range(rows))}"


def _numbered(row: str, after: int) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + after}", row)
