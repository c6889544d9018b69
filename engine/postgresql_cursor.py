"""The cursor that SQLAlchemy is given on PostgreSQL: what it says goes along with what was told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from engine.gathered_rows import Parameters

if TYPE_CHECKING:
    from engine.postgresql import Connection

Column = tuple[Any, ...]  # its name and the number of its type, as DB-API has it


class Found(NamedTuple):
    """What was answered; `columns` is None for what answers with no rows."""

    rows: list[Parameters]
    rowcount: int
    columns: list[Column] | None


NOTHING = Found([], -1, None)


class Cursor:
    """As much of DB-API's as SQLAlchemy uses. A statement without parameters is psycopg's: it may
    be several, or say how the connection is to go on.
    """

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._answered(NOTHING)

    def execute(self, text: str, parameters: Parameters = ()) -> None:
        if parameters:
            (found,) = self._connection.talk.find(text, [parameters])
            self._answered(found)
        else:
            self._execute_plainly(text)

    def executemany(self, text: str, many: Sequence[Parameters]) -> None:
        found = self._connection.talk.find(text, many)
        self._answered(Found([], sum(one.rowcount for one in found), None))

    def fetchone(self) -> Parameters | None:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Parameters]:
        return list(islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[Parameters]:
        return list(self._rows)

    def close(self) -> None:
        self._answered(NOTHING)

    def _execute_plainly(self, text: str) -> None:
        with psycopg.RawCursor(self._connection) as cursor:
            cursor.execute(text.encode())
            described = cursor.description
            rows = cursor.fetchall() if described else []
            columns: list[Column] = [(one.name, one.type_code) for one in described or ()]
            self._answered(Found(rows, cursor.rowcount, columns or None))

    def _answered(self, found: Found) -> None:
        self._rows = iter(found.rows)
        self.rowcount = found.rowcount
        self.description = found.columns
