"""The event log in words, for administrators: technical rows too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.tables import EventLog
from processes.swedish_calendar import LOCAL
from web.dates import moment
from web.texts import gettext as _

ENTERED, LEFT = "element_entered", "element_completed"
KINDS: dict[str, Callable[[], str]] = {
    "instance_started": lambda: _("Flödet startade"),
    "instance_completed": lambda: _("Flödet är slut"),
    "instance_cancelled": lambda: _("Flödet avbröts"),
    "element_entered": lambda: _("Kom till steget"),
    "element_completed": lambda: _("Lämnade steget"),
    "element_cancelled": lambda: _("Steget avbröts"),
    "element_failed": lambda: _("Misslyckades"),
    "incident_resolved": lambda: _("Felet är åtgärdat"),
    "task_claimed": lambda: _("Tog uppgiften"),
    "task_released": lambda: _("Lämnade tillbaka uppgiften"),
    "task_delegated": lambda: _("Lämnade över uppgiften"),
    "timer_fired": lambda: _("Fristen gick ut"),
    "timer_moved": lambda: _("Fristen flyttades"),
    "deadline_moved": lambda: _("Uppgiftens tidsfrist flyttades"),
    "message_received": lambda: _("Tog emot meddelande"),
    "message_sent": lambda: _("Sände meddelande"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    at: datetime
    when: str
    actor: str
    on_behalf_of: str | None
    what: str
    where: str


def rows(entries: Sequence[EventLog]) -> list[Row]:
    """Of entries with the latest first. A step that was entered and left at once is one row, and
    none when it has no name: nobody waited there."""
    found: list[Row] = []
    passed: set[tuple[str | None, str | None, datetime]] = set()
    entered = {_place(each) for each in entries if each.kind == ENTERED}
    for entry in entries:
        place = _place(entry)
        if entry.kind == LEFT and place in entered:
            passed.add(place)
            if entry.name:
                found.append(_row(entry, _("Passerade steget")))
        elif not (entry.kind == ENTERED and place in passed):
            found.append(_row(entry))
    return found


def _place(entry: EventLog) -> tuple[str | None, str | None, datetime]:
    return entry.process_key, entry.element, entry.at


def _row(entry: EventLog, what: str = "") -> Row:
    words, why = KINDS.get(entry.kind), _why(entry)
    what = what or (words() if words else entry.kind)
    return Row(
        at=entry.at,
        when=f"{moment(entry.at)}.{entry.at.astimezone(LOCAL):%S}",
        actor=entry.actor,
        on_behalf_of=entry.on_behalf_of,
        what=f"{what}: {why}" if why else what,
        where=entry.name or entry.element or "",
    )


def _why(entry: EventLog) -> str:
    """What the row says beyond its kind: a reason, a failure, a message's name."""
    detail = entry.detail or {}
    said = detail.get("reason") or detail.get("message") or ""
    if "version" in detail:
        said = _("version %(number)s", number=detail["version"])
    return str(said).rstrip(".")
