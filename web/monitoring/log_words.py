"""The event log in words, for administrators: every row, technical ones too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.tables import EventLog
from web.texts import gettext as _

KINDS: dict[str, Callable[[], str]] = {
    "instance_started": lambda: _("Startade"),
    "instance_completed": lambda: _("Blev klart"),
    "instance_cancelled": lambda: _("Avbröts"),
    "element_entered": lambda: _("Kom till"),
    "element_completed": lambda: _("Lämnade"),
    "element_cancelled": lambda: _("Avbröt"),
    "element_failed": lambda: _("Misslyckades i"),
    "task_claimed": lambda: _("Tog uppgiften"),
    "task_released": lambda: _("Lämnade tillbaka"),
    "task_delegated": lambda: _("Lämnade över"),
    "timer_fired": lambda: _("Fristen gick ut"),
    "timer_moved": lambda: _("Flyttade fristen"),
    "message_received": lambda: _("Fick meddelandet"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    at: datetime
    actor: str
    on_behalf_of: str | None
    what: str
    where: str
    why: str


def row(entry: EventLog) -> Row:
    words = KINDS.get(entry.kind)
    return Row(
        at=entry.at,
        actor=entry.actor,
        on_behalf_of=entry.on_behalf_of,
        what=words() if words else entry.kind,
        where=entry.name or entry.element or "",
        why=str((entry.detail or {}).get("reason", "")),
    )
