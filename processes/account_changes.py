"""What an administrator does to accounts by hand, each change in the log."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from engine import history
from engine.engine import Engine
from engine.errors import Invalid
from engine.host import Actor
from processes import accounts
from processes.accounts import User

CHANGEABLE = ("name", "email", "department", "is_administrator", "is_process_owner", "active")


def create(
    session: Session, engine: Engine, *, actor: Actor, password_hash: str, **facts: Any
) -> User:
    """A new account with `facts` as `accounts.create` takes them."""
    user = accounts.create(session, now=engine.clock.now(), **facts)
    user.password_hash = password_hash
    _log(session, engine, "user_created", actor, user, after=_facts(user))
    return user


def change(session: Session, engine: Engine, user_id: str, *, actor: Actor, **facts: Any) -> User:
    """Write what differs. The last active administrator stays one."""
    user = accounts.get(session, user_id)
    wrong = accounts.person_faults(
        name=facts.get("name", user.name),
        email=facts.get("email", user.email),
        department=facts.get("department", user.department),
    )
    if wrong:
        raise Invalid(wrong)
    with accounts.keeping_an_administrator(session):
        session.refresh(user)
        before = _facts(user)
        for name in CHANGEABLE:
            if name in facts:
                setattr(user, name, facts[name])
    after = _facts(user)
    differing = [name for name in CHANGEABLE if before[name] != after[name]]
    if differing:
        _log(
            session, engine, "user_changed", actor, user,
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )  # fmt: skip
    return user


def reset_password(
    session: Session, engine: Engine, user_id: str, password_hash: str, *, actor: Actor
) -> User:
    """Ends every session, since they are sealed with the hash that was.

    Set by somebody else it is to shut out whoever is in, through the API too.
    """
    user = accounts.get(session, user_id)
    user.password_hash = password_hash
    if actor.id != user.id:
        accounts.revoke_tokens(session, user.id, now=engine.clock.now())
    _log(session, engine, "user_password_set", actor, user)
    return user


def _facts(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in CHANGEABLE}


def _log(
    session: Session, engine: Engine, kind: str, actor: Actor, user: User, **detail: Any
) -> None:
    history.append(
        session, engine, kind=kind, actor=actor, name=user.name,
        detail={"user_id": user.id, **detail},
    )  # fmt: skip
