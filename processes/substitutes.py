"""Who stands in for whom while someone is away.

A substitute sees the absent person's tasks and acts in their own name, on behalf of the other.
A substitute who is away too passes it on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base
from engine.tables import new_id
from processes.validity import Valid, holds


class Substitution(Valid, Base):
    """From the first to the last day of somebody's absence."""

    __tablename__ = "substitution"
    __table_args__ = (
        sa.Index("ix_substitution_substitute", "substitute_id", "valid_from_on"),
        sa.Index("ix_substitution_absent", "absent_id", "valid_from_on"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    absent_id: Mapped[str] = mapped_column(sa.ForeignKey("user_account.id"))
    substitute_id: Mapped[str] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[str]


def absent_for(session: Session, user_id: str, on: date) -> list[str]:
    """Those whom the user stands in for that day, also through others who are away."""
    pairs = _pairs(session, on)
    found: list[str] = []
    waiting = [user_id]
    while waiting:
        current = waiting.pop(0)
        for absent_id, substitute_id in pairs:
            if substitute_id == current and absent_id != user_id and absent_id not in found:
                found.append(absent_id)
                waiting.append(absent_id)
    return found


def of(session: Session, user_id: str, *, from_on: date) -> list[Substitution]:
    """The user's own absences that are not over by `from_on`."""
    query = sa.select(Substitution).where(
        Substitution.absent_id == user_id,
        sa.or_(Substitution.valid_to_on.is_(None), Substitution.valid_to_on >= from_on),
    )
    return list(session.scalars(query.order_by(Substitution.valid_from_on, Substitution.id)))


def now_standing_in(session: Session, user_id: str, on: date) -> list[Substitution]:
    """For whom the user stands in directly, and until when."""
    query = sa.select(Substitution).where(
        Substitution.substitute_id == user_id, holds(Substitution, on)
    )
    return list(session.scalars(query.order_by(Substitution.valid_from_on, Substitution.id)))


def _pairs(session: Session, on: date) -> Iterable[tuple[str, str]]:
    query = sa.select(Substitution.absent_id, Substitution.substitute_id).where(
        holds(Substitution, on)
    )
    rows = session.execute(query.order_by(Substitution.absent_id, Substitution.substitute_id))
    return [(absent_id, substitute_id) for absent_id, substitute_id in rows]
