"""As whom a user may act on a day: themselves, and those whom they stand in for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from processes import organisation, substitutes


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Asked of the database once, in two questions, for everything that one request wants."""

    user_id: str
    absent: tuple[str, ...]  # those whom the user stands in for
    held: frozenset[tuple[str, str]]  # who of them all holds what: ("anna", "sekreterare@RS")

    @property
    def assignees(self) -> tuple[str, ...]:
        """The user first, then those whom they stand in for."""
        return (self.user_id, *self.absent)

    @property
    def candidates(self) -> list[str]:
        """Candidate keys whose tasks the user may take, substitution included."""
        return sorted({key for _user_id, key in self.held})

    def on_behalf_of(self, *, candidate: str, assignee: str | None) -> str | None:
        """For whom the user acts in a task that is not their own; None when it is."""
        if assignee == self.user_id:
            assignee = None  # taken by the substitute: it was for the one who holds the role
        if assignee is not None:
            return assignee if assignee in self.absent else None
        if (self.user_id, candidate) in self.held:
            return None
        return next((other for other in self.absent if (other, candidate) in self.held), None)


def of(session: Session, user_id: str, on: date) -> Standing:
    absent = tuple(substitutes.absent_for(session, user_id, on))
    rows = organisation.held_by(session, [user_id, *absent], on)
    held = frozenset((row.user_id, f"{row.role_slug}@{row.scope_code}") for row in rows)
    return Standing(user_id=user_id, absent=absent, held=held)
