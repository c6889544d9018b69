"""As whom a user may act on a day: themselves, and those whom they stand in for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.statements import Statement, ask, ask_together
from processes import substitutes
from processes.organisation import Role, RoleHolder, ScopeKind
from processes.validity import holds


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Asked of the database once for everything that one request wants.

    Every request does, so the questions are built once.
    """

    user_id: str
    absent: tuple[str, ...]  # those whom the user stands in for
    held: frozenset[tuple[str, str]]  # who of them all holds what: ("anna", "sekreterare@RS")
    # Those of the roles held that cases name people for: to hold one opens no secret case.
    named_in_cases: frozenset[str]

    @property
    def assignees(self) -> tuple[str, ...]:
        """The user first, then those whom they stand in for."""
        return (self.user_id, *self.absent)

    @property
    def candidates(self) -> list[str]:
        """Candidate keys whose tasks the user may take, substitution included."""
        return sorted({key for _user_id, key in self.held})

    @property
    def opening(self) -> list[str]:
        """Those candidate keys that also open a secret case where they have a part.

        Everyone who may be named case officer holds that role in the region, and only the one
        who is named may see.
        """
        return [key for key in self.candidates if key.partition("@")[0] not in self.named_in_cases]

    def on_behalf_of(self, *, candidate: str, assignee: str | None) -> str | None:
        """For whom the user acts in a task that is not their own; None when it is."""
        if assignee == self.user_id:
            assignee = None  # taken by the substitute: it was for the one who holds the role
        if assignee is not None:
            return assignee if assignee in self.absent else None
        if (self.user_id, candidate) in self.held:
            return None
        return next((other for other in self.absent if (other, candidate) in self.held), None)


_HELD = Statement(
    sa.select(RoleHolder.role_slug, RoleHolder.scope_code, Role.scope_kind)
    .join(Role, Role.slug == RoleHolder.role_slug)
    .where(RoleHolder.user_id == sa.bindparam("user_id"), holds(RoleHolder, sa.bindparam("on")))
)


def of(session: Session, user_id: str, on: date) -> Standing:
    session.flush()
    own_roles = (_HELD, {"user_id": user_id, "on": on})
    pairs, own = ask_together(session, [(substitutes.PAIRS, {"on": on}), own_roles])
    absent = substitutes.absent_among(pairs, user_id)
    roles = {user_id: own}
    for other in absent:
        roles[other] = ask(session, _HELD, {"user_id": other, "on": on})
    every = [(holder, slug, at, kind) for holder, rows in roles.items() for slug, at, kind in rows]
    return Standing(
        user_id=user_id,
        absent=tuple(absent),
        held=frozenset(
            (holder, f"{slug}@{scope_code}") for holder, slug, scope_code, _kind in every
        ),
        named_in_cases=frozenset(
            slug for _holder, slug, _scope_code, kind in every if kind == ScopeKind.CASE
        ),
    )
