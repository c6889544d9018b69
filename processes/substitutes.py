"""Who stands in for whom while someone is away.

A substitute sees the absent person's tasks and acts in their own name, on behalf of the other.
A substitute who is away too passes it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import history
from engine.database import Base
from engine.engine import Engine
from engine.errors import Invalid, NotFound
from engine.host import Actor
from engine.statements import Row, Statement
from engine.tables import new_id
from engine.texts import gettext as _
from processes import accounts
from processes.swedish_calendar import local_date
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


# Who is absent, and who stands in for them, that day.
PAIRS = Statement(
    sa.select(Substitution.absent_id, Substitution.substitute_id)
    .where(holds(Substitution, sa.bindparam("on")))
    .order_by(Substitution.absent_id, Substitution.substitute_id)
)


def absent_among(pairs: Sequence[Row], user_id: str) -> list[str]:
    """Those whom the user stands in for, also through others who are away; `pairs`: of `PAIRS`."""
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


def not_over(session: Session, on: date) -> list[Substitution]:
    """Everyone's absences that are not over by that day, the first to begin on top."""
    query = sa.select(Substitution).where(
        sa.or_(Substitution.valid_to_on.is_(None), Substitution.valid_to_on >= on)
    )
    return list(session.scalars(query.order_by(Substitution.valid_from_on, Substitution.id)))


def now_standing_in(session: Session, user_id: str, on: date) -> list[Substitution]:
    """For whom the user stands in directly, and until when."""
    query = sa.select(Substitution).where(
        Substitution.substitute_id == user_id, holds(Substitution, on)
    )
    return list(session.scalars(query.order_by(Substitution.valid_from_on, Substitution.id)))


def add(
    session: Session,
    engine: Engine,
    *,
    absent_id: str,
    substitute_id: str,
    from_on: date,
    to_on: date,
    actor: Actor,
) -> Substitution:
    """Who is away says who stands in, for days that are not over."""
    accounts.get(session, absent_id)
    substitute = accounts.find(session, substitute_id)
    if substitute is None or not substitute.active:
        raise Invalid.field("substitute", _("Välj en person som arbetar här."))
    if absent_id == substitute_id:
        raise Invalid.field("substitute", _("Ingen kan ersätta sig själv."))
    if to_on < from_on:
        raise Invalid.field("to_on", _("Sista dagen kommer före den första."))
    if to_on < local_date(engine.clock.now()):
        raise Invalid.field("to_on", _("Frånvaron är redan över."))
    row = Substitution(
        id=new_id(),
        absent_id=absent_id,
        substitute_id=substitute_id,
        valid_from_on=from_on,
        valid_to_on=to_on,
        created_at=engine.clock.now(),
        created_by=actor.id,
    )
    session.add(row)
    session.flush()
    _log(session, engine, "substitute_added", row, actor)
    return row


def end(
    session: Session,
    engine: Engine,
    substitution_id: str,
    *,
    actor: Actor,
    user_id: str | None = None,
) -> None:
    """Back early: it ends yesterday. `user_id`: only if the absence is that user's own."""
    row = session.get(Substitution, substitution_id)
    if row is None or user_id not in (None, row.absent_id):
        raise NotFound(_("Frånvaron finns inte."))
    yesterday = local_date(engine.clock.now()) - timedelta(days=1)
    if row.valid_from_on > yesterday:
        session.delete(row)
    elif row.valid_to_on is None or row.valid_to_on > yesterday:
        row.valid_to_on = yesterday
    session.flush()
    _log(session, engine, "substitute_ended", row, actor)


def _log(session: Session, engine: Engine, kind: str, row: Substitution, actor: Actor) -> None:
    detail = {
        "absent": row.absent_id,
        "substitute": row.substitute_id,
        "from": row.valid_from_on.isoformat(),
        "to": row.valid_to_on.isoformat() if row.valid_to_on else None,
    }
    history.append(session, engine, kind=kind, actor=actor, detail=detail)
