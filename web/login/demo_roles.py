"""The accounts that a visitor of the demo may step into, in the order of a case's course."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from processes import accounts, organisation
from processes.accounts import User
from web import transactions
from web.current import today
from web.inbox import workload
from web.texts import gettext as _
from web.texts import ngettext


@dataclass(frozen=True, kw_only=True)
class DemoRole:
    username: str
    name: str
    does: str
    waiting: str


@dataclass(frozen=True, kw_only=True)
class DemoGroup:
    words: str
    roles: tuple[DemoRole, ...]


def groups() -> list[DemoGroup]:
    session = transactions.reading()
    sorted_in: dict[int, list[tuple[int, DemoRole]]] = {}
    for user in accounts.everyone(session, active_only=True):
        group, place, does = _place(session, user)
        role = DemoRole(
            username=user.username, name=user.name, does=does, waiting=_waiting(session, user)
        )
        sorted_in.setdefault(group, []).append((place, role))
    words = (_("Handläggning"), _("Beslut och protokoll"), _("Process och drift"), _("Övriga"))
    return [
        DemoGroup(
            words=words[group],
            roles=tuple(role for _place, role in sorted(found, key=lambda one: one[0])),
        )
        for group, found in sorted(sorted_in.items())
    ]


def _place(session: Session, user: User) -> tuple[int, int, str]:
    """Group, place within it, and what the account does, from the first role that tells."""
    if user.is_administrator:
        return 2, 1, _("ser och lagar driften")
    if user.is_process_owner:
        return 2, 0, _("ritar och driftsätter")
    held = {row.role_slug for row in organisation.held_by(session, [user.id], today())}
    known = _known_roles()
    for place, (slug, group, does) in enumerate(known):
        if slug in held:
            return group, place, does
    return 3, 0, user.department or _("deltar i arbetet")


def _known_roles() -> list[tuple[str, int, str]]:
    return [
        ("registrator", 0, _("tar emot och registrerar")),
        ("fordelare", 0, _("fördelar och godkänner")),
        ("ansvarig_chef", 0, _("godkänner underlag")),
        ("regiondirektor", 0, _("ger råd och föredrar")),
        ("sekreterare", 1, _("håller ihop mötet")),
        ("presidium", 1, _("går igenom listan")),
        ("justerare", 1, _("justerar protokollet")),
        ("delegat", 1, _("beslutar på delegation")),
        ("kommunikationsavdelningen", 1, _("kungör och informerar")),
        ("regionarkivarie", 1, _("tar emot till arkivet")),
        ("kvalitetsstrateg", 0, _("läser och ger råd")),
        ("foredragande", 1, _("föredrar i organen")),
        ("kanslichef", 1, _("leder kansliet")),
        ("handlaggare", 0, _("bereder ärenden")),
        ("medhandlaggare", 0, _("bereder ärenden")),
        ("samrad", 0, _("ger synpunkter")),
    ]


def _waiting(session: Session, user: User) -> str:
    if user.is_administrator or user.is_process_owner:
        return _("hela systemet")
    number = workload.waiting_for(session, user.id)
    return ngettext("%(num)d uppgift", "%(num)d uppgifter", number) if number else _("inget väntar")
