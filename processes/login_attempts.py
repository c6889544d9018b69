"""How often somebody may err at the login, counted for all web processes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base, one_at_a_time
from engine.tables import new_id


@dataclass(frozen=True, kw_only=True)
class Limit:
    """For one account, or `of_all` for every account together; from one network address."""

    most: int
    within: timedelta
    of_all: bool = False


# A person who knows the password never meets it. A whole authority may sit behind one address,
# and who guesses there tries many accounts.
USUAL = (
    Limit(most=10, within=timedelta(minutes=1)),
    Limit(most=60, within=timedelta(hours=1)),
    Limit(most=100, within=timedelta(minutes=1), of_all=True),
    Limit(most=600, within=timedelta(hours=1), of_all=True),
)
_LONGEST_NAME = 200


class LoginAttempt(Base):
    """One that failed, or whose password is being looked at; kept for as long as it counts."""

    __tablename__ = "login_attempt"
    __table_args__ = (sa.Index("ix_login_attempt", "origin", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str]  # the network address
    account: Mapped[str]  # as it was written, in small letters; there may be none of that name
    at: Mapped[datetime]


def begin(
    session: Session, origin: str, account: str, *, limits: Sequence[Limit], now: datetime
) -> LoginAttempt | None:
    """To be told to `succeed` when the password was right; None when there were too many.

    Counted before the password is looked at, or a hundred at once would all be looked at.
    """
    one_at_a_time(session, f"login {origin}")
    longest = max(limit.within for limit in limits)
    session.execute(sa.delete(LoginAttempt).where(LoginAttempt.at <= now - longest))
    attempt = LoginAttempt(
        id=new_id(), origin=origin, account=account.lower()[:_LONGEST_NAME], at=now
    )
    if any(_count(session, attempt, limit) >= limit.most for limit in limits):
        return None
    session.add(attempt)
    return attempt


def succeed(session: Session, attempt: LoginAttempt) -> None:
    session.execute(sa.delete(LoginAttempt).where(LoginAttempt.id == attempt.id))


def _count(session: Session, attempt: LoginAttempt, limit: Limit) -> int:
    query = sa.select(sa.func.count()).where(
        LoginAttempt.origin == attempt.origin, LoginAttempt.at > attempt.at - limit.within
    )
    if not limit.of_all:
        query = query.where(LoginAttempt.account == attempt.account)
    return session.scalar(query) or 0
