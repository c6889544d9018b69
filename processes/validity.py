"""From when and until when something holds: a reorganisation is an edit, not a release."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


class Valid:
    """Columns of what holds for a time. `valid_to_on` is the last day, None for as yet."""

    valid_from_on: Mapped[date]
    valid_to_on: Mapped[date | None] = mapped_column(default=None)

    def holds(self, on: date) -> bool:
        return self.valid_from_on <= on and (self.valid_to_on is None or on <= self.valid_to_on)


def holds(table: Any, on: date | sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """The condition that a row of `table` holds on that day."""
    return sa.and_(
        table.valid_from_on <= on,
        sa.or_(table.valid_to_on.is_(None), table.valid_to_on >= on),
    )


def overlap(a: Valid, b: Valid) -> bool:
    """True when some day is within both."""
    a_ends, b_ends = a.valid_to_on or date.max, b.valid_to_on or date.max
    return a.valid_from_on <= b_ends and b.valid_from_on <= a_ends
