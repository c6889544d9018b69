"""The accounts that a visitor of the demo may step into, with what waits for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import drafts
from processes import accounts, demo
from processes.accounts import User
from web import transactions
from web.inbox import workload
from web.monitoring.views import open_causes
from web.texts import gettext as _
from web.texts import ngettext


@dataclass(frozen=True, kw_only=True)
class DemoRole:
    username: str
    name: str
    does: str
    waiting: str  # "3 uppgifter"; "" when nothing is


@dataclass(frozen=True, kw_only=True)
class DemoGroup:
    words: str
    roles: tuple[DemoRole, ...]


@dataclass(frozen=True, kw_only=True)
class DemoRoles:
    """The roles that the demonstration is about, and all the others, who may get a task too."""

    groups: tuple[DemoGroup, ...]
    others: tuple[DemoRole, ...]


def offered() -> DemoRoles:
    session = transactions.reading()
    active = {user.username: user for user in accounts.everyone(session, active_only=True)}
    named = {account.username for account in demo.ACCOUNTS}
    return DemoRoles(
        groups=_groups(session, active),
        others=tuple(
            _role(session, user, does=user.department)
            for user in active.values()
            if user.username not in named
        ),
    )


def _groups(session: Session, active: Mapping[str, User]) -> tuple[DemoGroup, ...]:
    found: dict[str, list[DemoRole]] = {}
    for account in demo.ACCOUNTS:
        if user := active.get(account.username):
            found.setdefault(account.group, []).append(_role(session, user, does=_(account.does)))
    return tuple(DemoGroup(words=_(group), roles=tuple(roles)) for group, roles in found.items())


def _role(session: Session, user: User, *, does: str) -> DemoRole:
    return DemoRole(
        username=user.username, name=user.name, does=does, waiting=_waiting(session, user)
    )


def _waiting(session: Session, user: User) -> str:
    """What somebody would find first: the tasks of staff, what runs the product of its keepers."""
    if user.is_administrator:
        number = open_causes()
        return ngettext("%(num)d fel", "%(num)d fel", number) if number else ""
    if user.is_process_owner:
        number = len(drafts.everything(session))
        return ngettext("%(num)d utkast", "%(num)d utkast", number) if number else ""
    number = workload.waiting_for(session, user.id)
    return ngettext("%(num)d uppgift", "%(num)d uppgifter", number) if number else ""
