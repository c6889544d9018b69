"""Sessions that somebody logged out of: a copy of their cookie is worth nothing from then on."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base


class EndedSession(Base):
    """Kept until the cookie would have run out by itself."""

    __tablename__ = "ended_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


def end(session: Session, session_id: str, *, now: datetime, until: datetime) -> None:
    session.execute(sa.delete(EndedSession).where(EndedSession.until < now))
    session.merge(EndedSession(id=session_id, until=until))


def has_ended(session: Session, session_id: str) -> bool:
    return session.get(EndedSession, session_id) is not None
