"""The region as data: bodies, registries, roles and who holds them, each with its time.

No diagram and no code names a body: everything that differs between them is a column here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base
from engine.errors import NotFound
from engine.fetching import Fetching
from engine.statements import Statement, ask, only_first
from engine.tables import new_id
from engine.texts import gettext as _
from processes.accounts import User
from processes.validity import Valid, holds

REGION = "region"  # the scope of roles that there is one of


class OrganKind(StrEnum):
    ASSEMBLY = "assembly"
    BOARD = "board"
    COMMITTEE = "committee"
    SUBCOMMITTEE = "subcommittee"
    DRAFTING = "drafting"


class Review(StrEnum):
    """Which officials go through the agenda first (A27)."""

    CHANCELLERY = "kansliberedning"
    OFFICIALS = "tjanstemannaberedning"


class ScopeKind(StrEnum):
    """Within what a role is held."""

    REGISTRY = "registry"
    ORGAN = "organ"
    CASE = "case"  # a person named in the case; those who may be named hold it in the region
    REGION = "region"


class Registry(Valid, Base):
    __tablename__ = "registry"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    series: Mapped[str]  # what case numbers begin with: RS in RS/1180/2015


class Organ(Valid, Base):
    """A body during a time. The same code may come back later with other attributes."""

    __tablename__ = "organ"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from_on"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    superior_code: Mapped[str | None]
    registry_code: Mapped[str | None] = mapped_column(sa.ForeignKey("registry.code"))
    review: Mapped[str] = mapped_column(default=Review.OFFICIALS)
    presidium_code: Mapped[str | None]  # the body that is its presidium (RUN: RUN-AU)
    announces_publicly: Mapped[bool] = mapped_column(default=False)  # KL 5:13
    notice_days: Mapped[int] = mapped_column(default=7)  # the notice of meeting, days before
    attesters: Mapped[int] = mapped_column(default=1)  # beside the chair
    appealable: Mapped[bool] = mapped_column(default=True)  # KL 13:2
    closed: Mapped[bool] = mapped_column(default=True)  # meets behind closed doors (KL 5:42, 6:25)
    joint: Mapped[bool] = mapped_column(default=False)  # KL 13:5: the last member's notice counts
    meets_at: Mapped[str] = mapped_column(default="09:00")
    place: Mapped[str] = mapped_column(default="")

    @property
    def is_political_top(self) -> bool:
        return self.kind == OrganKind.ASSEMBLY


class Role(Base):
    """A role that a lane may name."""

    __tablename__ = "role"

    slug: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    scope_kind: Mapped[str]


class RoleHolder(Valid, Base):
    __tablename__ = "role_holder"
    __table_args__ = (
        sa.Index("ix_role_holder_role", "role_slug", "scope_code"),
        sa.Index("ix_role_holder_user", "user_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    role_slug: Mapped[str] = mapped_column(sa.ForeignKey("role.slug"))
    scope_code: Mapped[str]  # an organ's or registry's code, or REGION
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("user_account.id"))


# --- bodies and registries


_ORGAN = Fetching(
    Organ,
    lambda organs: only_first(
        organs.where(Organ.code == sa.bindparam("code")).order_by(Organ.valid_from_on.desc())
    ),
)
_ORGAN_THAT_DAY = Fetching(
    Organ,
    lambda organs: organs.where(
        Organ.code == sa.bindparam("code"), holds(Organ, sa.bindparam("on"))
    ).order_by(Organ.valid_from_on.desc()),
)


def organ(session: Session, code: str, *, on: date | None = None) -> Organ | None:
    """The body as it is on that day; without a day, as it was last."""
    if on is None:
        return _ORGAN.first(session, code=code)
    return _ORGAN_THAT_DAY.first(session, code=code, on=on)


def get_organ(session: Session, code: str, *, on: date | None = None) -> Organ:
    found = organ(session, code, on=on)
    if found is None:
        raise NotFound(_("Det finns inget organ som heter %(code)s.", code=code))
    return found


_ORGANS_THAT_DAY = Fetching(
    Organ, lambda organs: organs.where(holds(Organ, sa.bindparam("on"))).order_by(Organ.code)
)


def organs(session: Session, on: date) -> list[Organ]:
    """The bodies that there are that day, the assembly first and each below its superior."""
    rows = _ORGANS_THAT_DAY.all(session, on=on)
    rank = {kind: place for place, kind in enumerate(OrganKind)}
    return sorted(rows, key=lambda row: (rank[OrganKind(row.kind)], row.code))


def board(session: Session, *, on: date | None = None) -> Organ:
    """The executive board: there is one, and every region must have it (KL 3:4)."""
    query = sa.select(Organ).where(Organ.kind == OrganKind.BOARD)
    query = query if on is None else query.where(holds(Organ, on))
    found = session.scalars(query.order_by(Organ.valid_from_on.desc())).first()
    if found is None:
        raise NotFound(_("Organisationen saknar styrelse."))
    return found


def superior(session: Session, code: str, *, on: date | None = None) -> Organ | None:
    found = organ(session, code, on=on)
    if found is None or found.superior_code is None:
        return None
    return organ(session, found.superior_code, on=on)


def decision_path_suggestion(
    session: Session, code: str, *, decided_by: str | None = None, on: date | None = None
) -> list[str]:
    """From the body that prepares up to the one that decides (the assembly when not said).

    The board always has its say right before the assembly (KL 5:28).
    """
    path: list[str] = []
    current = organ(session, code, on=on)
    while current is not None and current.code not in path:
        if current.is_political_top and path and path[-1] != board(session, on=on).code:
            path.append(board(session, on=on).code)
            if decided_by == path[-1]:
                break
        path.append(current.code)
        if current.code == decided_by:
            break
        current = superior(session, current.code, on=on)
    return path


def registry(session: Session, code: str) -> Registry | None:
    return session.get(Registry, code)


def get_registry(session: Session, code: str) -> Registry:
    found = registry(session, code)
    if found is None:
        raise NotFound(_("Det finns inget diarium som heter %(code)s.", code=code))
    return found


def registries(session: Session, on: date) -> list[Registry]:
    query = sa.select(Registry).where(holds(Registry, on)).order_by(Registry.code)
    return list(session.scalars(query))


# --- roles


@lru_cache(maxsize=1024)
def slug(role: str) -> str:
    """ "Fördelare" → "fordelare", "Ansvarig chef" → "ansvarig_chef"."""
    plain = unicodedata.normalize("NFKD", role).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def candidate_key(role: str, scope_code: str = REGION) -> str:
    return f"{slug(role)}@{scope_code}"


def candidate_label(role: str, scope_code: str = REGION) -> str:
    """ "Sekreterare RS", or just "Regiondirektör" for what there is one of."""
    return role if scope_code == REGION else f"{role} {scope_code}"


def scope_names(session: Session, on: date) -> dict[str, str]:
    """What each code that a role can be held in stands for that day."""
    names = {one.code: one.name for one in registries(session, on)}
    return names | {one.code: one.name for one in organs(session, on)}


def roles(session: Session) -> list[Role]:
    return list(session.scalars(sa.select(Role).order_by(Role.name)))


def role(session: Session, name: str) -> Role | None:
    """By its name or its slug."""
    return session.get(Role, slug(name))


_HOLDERS = Fetching(
    User,
    lambda users: (
        users.join(RoleHolder, RoleHolder.user_id == User.id)
        .where(
            RoleHolder.role_slug == sa.bindparam("role"),
            RoleHolder.scope_code == sa.bindparam("scope_code"),
            holds(RoleHolder, sa.bindparam("on")),
            User.active,
        )
        .order_by(User.name, User.id)
    ),
)


def holders(session: Session, role: str, scope_code: str, on: date) -> list[User]:
    """Active users who hold the role there that day, by name."""
    found = _HOLDERS.all(session, role=slug(role), scope_code=scope_code, on=on)
    return list(dict.fromkeys(found))


def nearest_holding(session: Session, role: str, code: str) -> str:
    """The body itself, or the nearest above it where anybody ever held the role.

    A body without a secretary of its own has that of its superior; without either, itself.
    """
    at: str | None = code
    seen: set[str] = set()
    while at is not None and at not in seen:
        if _has_holders(session, role, at):
            return at
        seen.add(at)
        above = superior(session, at)
        at = above.code if above else None
    return code


_A_HOLDER = Statement(
    only_first(
        sa.select(RoleHolder.id).where(
            RoleHolder.role_slug == sa.bindparam("role"),
            RoleHolder.scope_code == sa.bindparam("scope_code"),
        )
    )
)


def _has_holders(session: Session, role: str, scope_code: str) -> bool:
    session.flush()
    return bool(ask(session, _A_HOLDER, {"role": slug(role), "scope_code": scope_code}))


def has_holder(session: Session, candidate: str, on: date) -> bool:
    """Whether anybody active can take what waits for that candidate key."""
    role, _at, scope_code = candidate.partition("@")
    return bool(holders(session, role, scope_code, on))


def held_by(session: Session, user_ids: list[str], on: date) -> list[RoleHolder]:
    """What any of these users hold that day."""
    query = sa.select(RoleHolder).where(RoleHolder.user_id.in_(user_ids), holds(RoleHolder, on))
    return list(session.scalars(query.order_by(RoleHolder.role_slug, RoleHolder.scope_code)))


def holdings(session: Session, on: date) -> list[RoleHolder]:
    """Who holds what that day or later, by role and place."""
    query = sa.select(RoleHolder).where(
        sa.or_(RoleHolder.valid_to_on.is_(None), RoleHolder.valid_to_on >= on)
    )
    order = (RoleHolder.role_slug, RoleHolder.scope_code, RoleHolder.valid_from_on, RoleHolder.id)
    return list(session.scalars(query.order_by(*order)))
