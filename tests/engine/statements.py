"""Counting what is said to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from engine.database import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Every statement sent while the block runs, BEGIN and COMMIT included."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    def note_commit(_connection: Any) -> None:
        statements.append("COMMIT")

    sa.event.listen(database.engine, "before_cursor_execute", note)
    if not database.is_sqlite:  # there the driver says it, unseen
        sa.event.listen(database.engine, "commit", note_commit)
    try:
        yield statements
    finally:
        if not database.is_sqlite:
            sa.event.remove(database.engine, "commit", note_commit)
        sa.event.remove(database.engine, "before_cursor_execute", note)
