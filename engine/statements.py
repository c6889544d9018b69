"""Saying to the database what every command says: built once, and handed to the driver itself.

Building a statement anew costs several times what SQLite needs to carry it out. So does finding
out what has changed in an object when the command itself knows, and wrapping up a row or two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine import driver
from engine.database import CONNECTION, Base

Values = Mapping[str, Any]
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]
MOST_AT_ONCE = 20
PARAMETERS = {"sqlite": "qmark", "postgresql": "numeric_dollar"}  # as the drivers send them
_NUMBER = re.compile(r"\$(\d+)")


class Statement:
    """What is to be said, as each kind of database wants it. A list can't be a parameter."""

    def __init__(self, built: sa.Executable) -> None:
        self._built = built
        self._by_dialect: dict[str, _Prepared] = {}

    def on(self, dialect: sa.Dialect) -> _Prepared:
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = self._by_dialect[dialect.name] = _prepared(self._built, dialect)
        return found


Said = tuple[Statement, Values | Sequence[Values]]


def updating(table: sa.Table, *columns: str) -> Statement:
    """Those columns of the row whose id is given as `id_`."""
    values: dict[str, Any] = {name: sa.bindparam(name) for name in columns}
    return Statement(sa.update(table).where(table.c.id == sa.bindparam("id_")).values(values))


def inserting(table: sa.Table, *, leaving_out: str = "") -> Statement:
    """A whole row, but for a column that the database fills."""
    names = [column.name for column in table.columns if column.name != leaving_out]
    built = sa.insert(table).values({name: sa.bindparam(name) for name in names})
    return Statement(built.inline())  # nobody asks which id it was given


class _Prepared(NamedTuple):
    """`into`: the parameters in their order; `out`: the columns whose values are converted."""

    text: str
    into: Sequence[tuple[str, Convert | None]]
    out: Sequence[tuple[int, Convert]]

    def parameters(self, values: Values) -> Row:
        return tuple(
            [values[name] if convert is None else convert(values[name])
             for name, convert in self.into]
        )  # fmt: skip

    def row(self, found: Row) -> Row:
        converted = list(found)
        for place, convert in self.out:
            converted[place] = convert(converted[place])
        return tuple(converted)


def ask(session: Session, statement: Statement, values: Values) -> list[Row]:
    """The rows. Nothing pending in the session is flushed before."""
    connection = _connection(session)
    prepared = statement.on(connection.dialect)
    rows = driver.fetch(connection, prepared.text, prepared.parameters(values))
    return [prepared.row(found) for found in rows]


def say(session: Session, statement: Statement, values: Values | Sequence[Values]) -> int:
    """How many rows it changed. Nothing pending is flushed before, and objects don't see it."""
    connection = _connection(session)
    rowcount: int = _say(connection, statement.on(connection.dialect), _rows(values)).rowcount
    return rowcount


def say_all(session: Session, said: Sequence[Said]) -> None:
    """One after the other; on PostgreSQL in one journey there and back."""
    connection = _connection(session)
    parts = [(statement.on(connection.dialect), _rows(values)) for statement, values in said]
    if connection.dialect.name == "postgresql":
        _say_at_once(connection, parts)
    else:
        for prepared, rows in parts:
            _say(connection, prepared, rows)


def mirror(session: Session, kind: type[Base], row_id: str, values: Values) -> None:
    """Let the session's object of a row, if it has one, show what has been said of the row."""
    row = session.identity_map.get(kind.__mapper__.identity_key_from_primary_key((row_id,)))
    if row is not None:
        for name, value in values.items():
            set_committed_value(row, name, value)


def _connection(session: Session) -> sa.Connection:
    """Past the session only where it has nothing to say: it begins savepoints when first used in
    them, and lets nobody on when its transaction has been undone.
    """
    known: sa.Connection | None = session.info.get(CONNECTION)
    if known is None or session.in_nested_transaction() or not session.is_active:
        return session.connection()
    return known


def _rows(values: Values | Sequence[Values]) -> Sequence[Values]:
    return [values] if isinstance(values, Mapping) else values


def _say(connection: sa.Connection, prepared: _Prepared, rows: Sequence[Values]) -> Any:
    if len(rows) == 1:
        return driver.execute(connection, prepared.text, prepared.parameters(rows[0]))
    return driver.execute_many(
        connection, prepared.text, [prepared.parameters(row) for row in rows]
    )


def _say_at_once(
    connection: sa.Connection, parts: Sequence[tuple[_Prepared, Sequence[Values]]]
) -> None:
    """As one statement, if no part of it depends on another: they see nothing of each other.

    Nor do they come in an order: what numbers itself is numbered anyhow.
    """
    single = [(prepared, row) for prepared, rows in parts for row in rows]
    if not single:
        return
    changed = [row[name] for _prepared, row in single for name in ("id_", "id") if name in row]
    if len(single) <= MOST_AT_ONCE and len(set(changed)) == len(changed):
        text = _joined(tuple([prepared.text for prepared, _row in single]))
        parameters = [value for prepared, row in single for value in prepared.parameters(row)]
        driver.execute(connection, text, tuple(parameters))
        return
    with driver.together(connection):
        for prepared, rows in parts:
            _say(connection, prepared, rows)


@cache
def _joined(texts: tuple[str, ...]) -> str:
    """Their parameters numbered through."""
    numbered, before = [], 0
    for text in texts:
        numbered.append(_NUMBER.sub(partial(_raised, by=before), text))
        before += len(set(_NUMBER.findall(text)))
    *first, last = numbered
    parts = ", ".join(f"part_{place} AS ({text})" for place, text in enumerate(first))
    return f"WITH {parts} {last}" if parts else last


def _raised(number: re.Match[str], by: int) -> str:
    return f"${int(number[1]) + by}"


def _prepared(built: Any, dialect: sa.Dialect) -> _Prepared:
    kind: Any = type(dialect)
    positional = kind(paramstyle=PARAMETERS[dialect.name])
    compiled = built.compile(dialect=positional)
    columns = built.selected_columns if isinstance(built, sa.Select) else ()
    types = [column.type.dialect_impl(dialect) for column in columns]
    out = [(place, type_.result_processor(dialect, None)) for place, type_ in enumerate(types)]
    return _Prepared(
        text=str(compiled),
        into=[
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ],
        out=[(place, convert) for place, convert in out if convert is not None],
    )
