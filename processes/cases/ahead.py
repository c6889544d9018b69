"""What nearly every command on a case asks: its row, and those who are named in it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.fetching import Fetching
from processes.accounts import User
from processes.cases.tables import Case

_THIS = Case.number == sa.bindparam("number")
_CASE = Fetching(Case, lambda cases: cases.where(_THIS))
_NAMED = Fetching(
    User,
    lambda users: users.join(
        Case, User.id.in_([Case.case_officer, Case.responsible_manager])
    ).where(_THIS),
)


def ahead(session: Session, number: str) -> None:
    """Have them on their way; a number that is no case's brings nothing."""
    known = session.identity_map.get(sa.inspect(Case).identity_key_from_primary_key((number,)))
    if known is None:
        _CASE.ahead(session, number=number)
    _NAMED.ahead(session, number=number)
