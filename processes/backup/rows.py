"""Rows as lines of text, the same whichever database they lie in, and back again.

JSON that a column holds is carried as it stands: log chains are reckoned over that very text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.database import JsonText, UtcDateTime
from processes import database_version

BATCH = 500
Row = list[Any]
_ENCODE: dict[type[Any], Callable[[Any], Any]] = {
    UtcDateTime: datetime.isoformat,
    sa.Date: date.isoformat,
    sa.LargeBinary: lambda value: base64.b64encode(value).decode("ascii"),
}
_DECODE: dict[type[Any], Callable[[Any], Any]] = {
    UtcDateTime: datetime.fromisoformat,
    sa.Date: date.fromisoformat,
    sa.LargeBinary: base64.b64decode,
}


def tables() -> list[sa.Table]:
    """Every table of the product, each after those it refers to."""
    return database_version.metadata().sorted_tables


def there_are_any(session: Session, table: sa.Table) -> bool:
    return session.scalar(sa.select(table.primary_key.columns[0]).limit(1)) is not None


def lines(session: Session, table: sa.Table) -> Iterator[str]:
    """Each row as a line of JSON, in the order of the table's key."""
    codecs = [_codec(column, _ENCODE) for column in table.columns]
    bare = _bare(table)
    order = [_bytewise(session, bare.columns[key.name]) for key in table.primary_key]
    query = sa.select(*bare.columns).order_by(*order)
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        values = [encode(value) for encode, value in zip(codecs, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def digest(found: Iterable[str]) -> tuple[int, str]:
    """How many lines there are, and one number for all of them."""
    count, total = 0, hashlib.sha256()
    for line in found:
        count += 1
        total.update(line.encode() + b"\n")
    return count, total.hexdigest()


def insert(session: Session, table: sa.Table, found: Iterable[str]) -> None:
    """The lines as rows of an empty table. What refers to its own table is told afterwards."""
    codecs = [_codec(column, _DECODE) for column in table.columns]
    names = [column.name for column in table.columns]
    own = {key.parent.name for key in table.foreign_keys if key.column.table is table}
    later: list[dict[str, Any]] = []
    left = iter(found)
    while part := list(islice(left, BATCH)):
        rows = [_row(line, names, codecs) for line in part]
        later += [row for row in rows if any(row[name] is not None for name in own)]
        session.execute(sa.insert(_bare(table)), [row | dict.fromkeys(own) for row in rows])
    for row in later:
        bare = _bare(table)
        same = [bare.columns[key.name] == row[key.name] for key in table.primary_key]
        session.execute(sa.update(bare).where(*same).values({name: row[name] for name in own}))
    _count_on(session, table)


def _row(line: str, names: list[str], codecs: list[Callable[[Any], Any]]) -> dict[str, Any]:
    values = json.loads(line)
    decoded = [decode(value) for decode, value in zip(codecs, values, strict=True)]
    return dict(zip(names, decoded, strict=True))


def _bare(table: sa.Table) -> sa.TableClause:
    """The table without what the product makes of JSON."""
    return sa.table(
        table.name,
        *(
            sa.column(column.name, sa.Text() if isinstance(column.type, JsonText) else column.type)
            for column in table.columns
        ),
    )


def _codec(
    column: sa.Column[Any], known: dict[type[Any], Callable[[Any], Any]]
) -> Callable[[Any], Any]:
    change = next((known[kind] for kind in known if isinstance(column.type, kind)), None)
    return lambda value: value if value is None or change is None else change(value)


def _bytewise(session: Session, column: sa.ColumnClause[Any]) -> sa.ColumnElement[Any]:
    """Databases sort letters by their own rules; SQLite's own is the bytes."""
    is_text = isinstance(column.type, sa.String)
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return sa.collate(column, "C") if is_text and on_postgresql else column


def _count_on(session: Session, table: sa.Table) -> None:
    """PostgreSQL counts keys beside the table: it must not give those that came with the rows."""
    counted = table.autoincrement_column
    if session.get_bind().dialect.name != "postgresql" or counted is None:
        return
    if counted.autoincrement is not True:
        return
    sequence = sa.func.pg_get_serial_sequence(table.name, counted.name)
    highest = sa.func.max(counted)
    session.execute(
        sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None)))
    )
