"""Thousands of cases that stand where one stands, which the engine ran there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.database import Base
from engine.engine import Engine
from engine.tables import new_id

_BATCH = 2_000
# What an instance has rows in, those that others refer to first.
_TABLES = ("instance", "task", "job", "message_wait", "event_log")


def copy(engine: Engine, instance_id: str, number: int) -> None:
    """`number` more instances like that one; only their ids, and their rows', are their own."""
    rows = _rows_of(engine, instance_id)
    for done in range(0, number, _BATCH):
        ids = [new_id() for _copy in range(min(_BATCH, number - done))]
        with engine.database.writing() as session:
            for name in _TABLES:
                made = [row for id_ in ids for row in _renamed(name, rows[name], id_)]
                if made:
                    session.connection().execute(sa.insert(Base.metadata.tables[name]), made)


def _rows_of(engine: Engine, instance_id: str) -> Mapping[str, list[dict[str, Any]]]:
    with engine.database.reading() as session:
        return {name: list(_rows(session, name, instance_id)) for name in _TABLES}


def _rows(session: Session, name: str, instance_id: str) -> Iterator[dict[str, Any]]:
    table = Base.metadata.tables[name]
    key = table.c.id if name == "instance" else table.c.instance_id
    for row in session.execute(sa.select(table).where(key == instance_id)).mappings():
        yield dict(row)


def _renamed(name: str, rows: list[dict[str, Any]], instance_id: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        if name == "instance":
            yield {**row, "id": instance_id}
        elif name == "event_log":
            own = {k: v for k, v in row.items() if k != "id"}
            yield {**own, "instance_id": instance_id, "chain": instance_id}
        else:
            yield {**row, "id": new_id(), "instance_id": instance_id}
