"""The accounts that a visitor of the demo may step into, with what waits for each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from processes import accounts, demo
from processes.accounts import User
from web import transactions
from web.inbox import workload
from web.texts import gettext as _
from web.texts import ngettext


@dataclass(frozen=True, kw_only=True)
class DemoRole:
    username: str
    name: str
    does: str
    waiting: str  # "3 uppgifter"; "" for those who have no inbox to speak of


@dataclass(frozen=True, kw_only=True)
class DemoGroup:
    words: str
    roles: tuple[DemoRole, ...]


def groups() -> list[DemoGroup]:
    session = transactions.reading()
    active = {user.username: user for user in accounts.everyone(session, active_only=True)}
    found: dict[str, list[DemoRole]] = {}
    for account in demo.ACCOUNTS:
        if user := active.get(account.username):
            found.setdefault(account.group, []).append(_role(session, account, user))
    return [DemoGroup(words=_(group), roles=tuple(roles)) for group, roles in found.items()]


def _role(session: Session, account: demo.DemoAccount, user: User) -> DemoRole:
    return DemoRole(
        username=user.username,
        name=user.name,
        does=_(account.does),
        waiting=_waiting(session, user),
    )


def _waiting(session: Session, user: User) -> str:
    if user.is_administrator or user.is_process_owner:
        return ""
    number = workload.waiting_for(session, user.id)
    return ngettext("%(num)d uppgift", "%(num)d uppgifter", number) if number else _("inget väntar")
