"""Saying to the database what every command says: statements built once, past the unit of work.

Building a statement anew costs several times what SQLite needs to carry it out, and so does
finding out what has changed in an object when the command itself knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.database import Base

Values = Mapping[str, Any]


def say(session: Session, statement: sa.Executable, values: Values | Sequence[Values]) -> Any:
    """Nothing pending in the session is flushed before; what is said is not seen by its objects."""
    return session.connection().execute(statement, values)


def mirror(session: Session, kind: type[Base], row_id: str, values: Values) -> None:
    """Let the session's object of a row, if it has one, show what has been said of the row."""
    row = session.identity_map.get(kind.__mapper__.identity_key_from_primary_key((row_id,)))
    if row is not None:
        for name, value in values.items():
            set_committed_value(row, name, value)
