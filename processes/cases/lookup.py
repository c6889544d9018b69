"""Finding a case by any of its numbers."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.fetching import locked
from engine.texts import gettext as _
from processes import numbering
from processes.cases.tables import Case, CaseAlias


class CaseNotFound(NotFound):
    def __init__(self, number: str) -> None:
        super().__init__(_("Det finns inget ärende med numret %(number)s.", number=number))


def get(session: Session, number: str, *, lock: bool = False) -> Case:
    """The case with this number in any registry; `lock` holds it until the transaction ends."""
    case = _found(session, number, lock=lock)
    if case is None:
        own = resolve(session, number)
        case = _found(session, own, lock=lock) if own else None
    if case is None:
        raise CaseNotFound(number)
    return case


def _found(session: Session, number: str, *, lock: bool) -> Case | None:
    return locked(session, Case, number) if lock else session.get(Case, number)


def resolve(session: Session, number: str) -> str | None:
    """The number a case goes by, from whatever somebody wrote of its numbers; None if none."""
    parsed = numbering.parse(number)
    if parsed is None:
        return None
    alias = session.scalar(sa.select(CaseAlias.case_number).where(CaseAlias.number == str(parsed)))
    return alias or session.scalar(sa.select(Case.number).where(Case.number == str(parsed)))


def aliases(session: Session, number: str) -> list[str]:
    """The case's numbers in other registries, oldest first."""
    statement = (
        sa.select(CaseAlias.number)
        .where(CaseAlias.case_number == number)
        .order_by(CaseAlias.given_at, CaseAlias.number)
    )
    return list(session.scalars(statement))


def headings(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """The headings of those cases, in one query; for readers who may see them."""
    statement = sa.select(Case.number, Case.heading).where(Case.number.in_(numbers))
    return dict(session.execute(statement).all())


def public_headings(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """The headings as anybody may read them: a secret case goes by its public one."""
    heading = sa.case((Case.secret, Case.public_heading), else_=Case.heading)
    statement = sa.select(Case.number, heading).where(Case.number.in_(numbers))
    return dict(session.execute(statement).all())


def secret_ones(session: Session, numbers: Collection[str]) -> set[str]:
    statement = sa.select(Case.number).where(Case.number.in_(numbers), Case.secret)
    return set(session.scalars(statement))
