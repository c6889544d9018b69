"""Which steps a person has worked with before: what the rules ask stands open the first time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base


class MetStep(Base):
    __tablename__ = "met_step"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def has_met(session: Session, user_id: str, process_key: str, element: str) -> bool:
    return session.get(MetStep, (user_id, process_key, element)) is not None


def remember(
    session: Session, user_id: str, process_key: str, element: str, *, now: datetime
) -> None:
    """Note that the person has worked with the step; the first time is the one kept."""
    if has_met(session, user_id, process_key, element):
        return
    # Two tasks of the step may be done at the same instant.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"user_id": user_id, "process_key": process_key, "element": element, "at": now}
    session.execute(insert(MetStep).values(values).on_conflict_do_nothing())
