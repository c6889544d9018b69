"""The cursor that SQLAlchemy is given on PostgreSQL: what it says goes along with what was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from engine.postgresql import Connection, Parameters

Column = tuple[Any, ...]  # its name and the number of its type, as DB-API has it


class Cursor:
    """As much of DB-API's as SQLAlchemy uses. A statement without parameters is psycopg's: it may
    be several, or say how the connection is to go on.
    """

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Iterator[Parameters] = iter(())
        self.description: Sequence[Column] | None = None
        self.rowcount = -1

    def execute(self, text: str, parameters: Parameters = ()) -> None:
        if not parameters:
            self._execute_plainly(text)
            return
        found = self._connection.talk.find(text, parameters)
        self.description, self.rowcount = found.columns, found.rowcount
        self._rows = iter(found.rows)

    def executemany(self, text: str, many: Sequence[Parameters]) -> None:
        (answer,) = self._connection.talk.ask([(text, many)])
        self.rowcount = answer.rowcount

    def fetchone(self) -> Parameters | None:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Parameters]:
        return list(islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[Parameters]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())

    def _execute_plainly(self, text: str) -> None:
        self._connection.talk.catch_up()
        with psycopg.RawCursor(self._connection) as cursor:
            cursor.execute(text.encode())
            self.rowcount = cursor.rowcount
            if cursor.description is not None:
                self.description = [
                    (column.name, column.type_code) for column in cursor.description
                ]
                self._rows = iter(cursor.fetchall())
