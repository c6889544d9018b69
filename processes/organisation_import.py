"""Bringing the organisation's tables to what a checked file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import history
from engine.engine import Engine
from engine.host import Actor
from engine.tables import new_id
from processes import accounts
from processes.organisation import Organ, Registry, Role, RoleHolder, slug
from processes.organisation_content import OrganisationContent
from processes.substitutes import Substitution
from processes.swedish_calendar import local_date
from processes.toml_tables import Row

PERSON_FACTS = ("name", "email", "department")
PERSON_RIGHTS = ("is_administrator", "is_process_owner")


@dataclass(kw_only=True)
class Imported:
    """How many rows the file made, changed and ended."""

    created: int = 0
    changed: int = 0
    ended: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.created or self.changed or self.ended)


def apply(
    session: Session, engine: Engine, content: OrganisationContent, *, actor: Actor
) -> Imported:
    """In the order that rows lean on each other; logged when anything changed."""
    done = Imported()
    for row in content.registries:
        _registry(session, row, done)
    for row in content.roles:
        _role(session, row, done)
    session.flush()
    for row in content.organs:
        _organ(session, row, done)
    with accounts.keeping_an_administrator(session):
        for row in content.people:
            user = _person(session, engine, row, done)
            today = local_date(engine.clock.now())
            _holdings(session, user, content.holdings[user.username], today, done)
    for row in content.substitutes:
        _substitute(session, engine, row, actor, done)
    session.flush()
    if not done.nothing:
        history.append(
            session, engine, kind="organisation_imported", actor=actor, detail=asdict(done)
        )
    return done


def _registry(session: Session, row: Row, done: Imported) -> None:
    values = {**row.values, "series": row["series"] or row["code"]}
    found = session.get(Registry, row["code"])
    _put(session, Registry, found, values, done)


def _role(session: Session, row: Row, done: Imported) -> None:
    found = session.get(Role, slug(row["name"]))
    _put(session, Role, found, {**row.values, "slug": slug(row["name"])}, done)


def _organ(session: Session, row: Row, done: Imported) -> None:
    found = session.scalar(
        sa.select(Organ).where(
            Organ.code == row["code"], Organ.valid_from_on == row["valid_from_on"]
        )
    )
    _put(session, Organ, found, row.values, done)


def _person(session: Session, engine: Engine, row: Row, done: Imported) -> accounts.User:
    """What the file does not say of an existing account stays as it is; so does its password."""
    user = accounts.find_by_username(session, row["username"])
    names = (*PERSON_FACTS, *PERSON_RIGHTS)
    if user is None:
        done.created += 1
        facts = {name: row[name] for name in names}
        return accounts.create(session, username=row["username"], now=engine.clock.now(), **facts)
    if _assign(user, {name: row[name] for name in names if name in row.given}):
        done.changed += 1
    return user


def _holdings(
    session: Session, user: accounts.User, wanted: list[Row], today: date, done: Imported
) -> None:
    """The person holds what the file says from now on; what it no longer says ends yesterday."""
    held = _held(session, user, today)
    for row in wanted:
        for scope in row["scopes"]:
            _hold(session, user, row, scope, held, today, done)
    for holder in held:
        done.ended += 1
        if holder.valid_from_on >= today:
            session.delete(holder)
        else:
            holder.valid_to_on = today - timedelta(days=1)


def _hold(
    session: Session,
    user: accounts.User,
    row: Row,
    scope: str,
    held: list[RoleHolder],
    today: date,
    done: Imported,
) -> None:
    """Take it out of `held` when it is there already, else begin it."""
    for holder in held:
        same_start = row["valid_from_on"] in (None, holder.valid_from_on)
        if (holder.role_slug, holder.scope_code) == (slug(row["role"]), scope) and same_start:
            held.remove(holder)
            if _assign(holder, {"valid_to_on": row["valid_to_on"]}):
                done.changed += 1
            return
    if row["valid_to_on"] is not None and row["valid_to_on"] < today:
        return
    values = {
        "user_id": user.id,
        "role_slug": slug(row["role"]),
        "scope_code": scope,
        "valid_from_on": row["valid_from_on"] or today,
        "valid_to_on": row["valid_to_on"],
    }
    _put(session, RoleHolder, None, values, done)


def _held(session: Session, user: accounts.User, today: date) -> list[RoleHolder]:
    query = sa.select(RoleHolder).where(
        RoleHolder.user_id == user.id,
        sa.or_(RoleHolder.valid_to_on.is_(None), RoleHolder.valid_to_on >= today),
    )
    return list(session.scalars(query.order_by(RoleHolder.valid_from_on, RoleHolder.id)))


def _substitute(session: Session, engine: Engine, row: Row, actor: Actor, done: Imported) -> None:
    absent = accounts.get_by_username(session, row["absent"])
    substitute = accounts.get_by_username(session, row["substitute"])
    found = session.scalar(
        sa.select(Substitution).where(
            Substitution.absent_id == absent.id,
            Substitution.substitute_id == substitute.id,
            Substitution.valid_from_on == row["valid_from_on"],
        )
    )
    values: dict[str, Any] = {
        "absent_id": absent.id,
        "substitute_id": substitute.id,
        "valid_from_on": row["valid_from_on"],
        "valid_to_on": row["valid_to_on"],
    }
    if found is None:
        values |= {"created_at": engine.clock.now(), "created_by": actor.id}
    _put(session, Substitution, found, values, done)


def _put(
    session: Session, table: Any, found: Any, values: Mapping[str, Any], done: Imported
) -> None:
    if found is None:
        has_id = "id" in table.__table__.columns
        session.add(table(**({"id": new_id()} if has_id else {}), **values))
        done.created += 1
    elif _assign(found, values):
        done.changed += 1


def _assign(row: Any, values: Mapping[str, Any]) -> bool:
    """Set what differs; True when anything did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
