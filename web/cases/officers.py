"""Whom a case may be given to, as the pages offer them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from processes import cases
from web.current import today


def choices(session: Session) -> dict[str, str]:
    """By name; the department tells two of the same name apart."""
    return {
        user.id: f"{user.name} · {user.department}" if user.department else user.name
        for user in cases.possible_officers(session, today())
    }
