"""Saying to the database what every command says: built once, and handed to the driver itself.

Building a statement anew costs several times what SQLite needs to carry it out. So does finding
out what has changed in an object when the command itself knows, and wrapping up a row or two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine import driver, gathered_rows, postgresql

if TYPE_CHECKING:
    from engine.database import Base

Values = Mapping[str, Any]
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]
PARAMETERS = {"sqlite": "qmark", "postgresql": "numeric_dollar"}  # as the drivers send them


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
Asked = tuple[Statement, Values]
Later = Callable[[], list[Row]]


def updating(table: sa.Table, *columns: str) -> Statement:
    """Those columns of the row whose id is given as `id_`."""
    values: dict[str, Any] = {name: sa.bindparam(name) for name in columns}
    return Statement(sa.update(table).where(table.c.id == sa.bindparam("id_")).values(values))


def inserting(table: sa.Table, *, leaving_out: str = "") -> Statement:
    """A whole row, but for a column that the database fills."""
    names = [column.name for column in table.columns if column.name != leaving_out]
    built = sa.insert(table).values({name: sa.bindparam(name) for name in names})
    return Statement(built.inline())  # nobody asks which id it was given


def only_first(select: sa.Select[Any]) -> sa.Select[Any]:
    """Said in the statement itself: as numbers they would be parameters."""
    return select.limit(sa.literal_column("1")).offset(sa.literal_column("0"))


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

    def all(self, answer: postgresql.Answer) -> list[Row]:
        return [self.row(found) for found in answer.rows]

    def row(self, found: Row) -> Row:
        converted = list(found)
        for place, convert in self.out:
            converted[place] = convert(converted[place])
        return tuple(converted)


def ask(session: Session, statement: Statement, values: Values) -> list[Row]:
    """The rows. Nothing pending in the session is flushed before."""
    (rows,) = ask_together(session, [(statement, values)])
    return rows


def ask_together(session: Session, asked: Sequence[Asked]) -> list[list[Row]]:
    """The rows of each, asked one after the other; on PostgreSQL in one journey."""
    connection = _connection(session)
    prepared, said = _asked(connection, asked)
    answers = driver.ask(connection, said)
    return [one.all(answer) for one, answer in zip(prepared, answers, strict=True)]


def ask_later(session: Session, asked: Sequence[Asked]) -> list[Later]:
    """Of each what has its rows, as they are now; on PostgreSQL they are on their way meanwhile."""
    # What fails in a savepoint must be heard before it is undone.
    if not asking_is_a_journey(session) or session.in_nested_transaction():
        return [partial(list, rows) for rows in ask_together(session, asked)]
    connection = _connection(session)
    prepared, said = _asked(connection, asked)
    answers = driver.ask_later(connection, said)
    return [partial(_had, one, answer) for one, answer in zip(prepared, answers, strict=True)]


def asking_is_a_journey(session: Session) -> bool:
    """Whether to ask takes its time however little is asked."""
    return _connection(session).dialect.name == "postgresql"


def say(session: Session, statement: Statement, values: Values | Sequence[Values]) -> int:
    """How many rows it changed. Nothing pending is flushed before, and objects don't see it."""
    connection = _connection(session)
    (answer,) = driver.ask(connection, [_said(connection, statement, values)])
    return answer.rowcount


def say_all(session: Session, said: Sequence[Said]) -> None:
    """One after the other; PostgreSQL may hear it with what is said next, and refuse it then."""
    connection = _connection(session)
    told = [_said(connection, statement, values) for statement, values in said if values]
    if not told:
        return
    if session.in_nested_transaction():  # which is to be undone when this fails, and no more
        driver.ask(connection, told)
    else:
        driver.tell(connection, told)


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
    known: sa.Connection | None = session.info.get(driver.CONNECTION)
    if known is None or session.in_nested_transaction() or not session.is_active:
        return session.connection()
    return known


def _asked(
    connection: sa.Connection, asked: Sequence[Asked]
) -> tuple[list[_Prepared], list[gathered_rows.Said]]:
    prepared = [statement.on(connection.dialect) for statement, _values in asked]
    said: list[gathered_rows.Said] = [
        (one.text, [one.parameters(values)])
        for one, (_statement, values) in zip(prepared, asked, strict=True)
    ]
    return prepared, said


def _had(prepared: _Prepared, answer: Callable[[], postgresql.Answer]) -> list[Row]:
    return prepared.all(answer())


def _said(
    connection: sa.Connection, statement: Statement, values: Values | Sequence[Values]
) -> gathered_rows.Said:
    prepared = statement.on(connection.dialect)
    rows = [values] if isinstance(values, dict | Mapping) else values  # a dict is found out fast
    return prepared.text, [prepared.parameters(row) for row in rows]


def _prepared(built: Any, dialect: sa.Dialect) -> _Prepared:
    kind: Any = type(dialect)
    positional = kind(paramstyle=PARAMETERS[dialect.name])
    compiled = built.compile(dialect=positional)
    columns = built.selected_columns if isinstance(built, sa.SelectBase) else ()
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
