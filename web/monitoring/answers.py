"""What a flow has been told so far, as people read it: steps by name, fields by title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine import deployments
from engine.spiff import SpecSet
from engine.tables import ProcessVersion
from processes import meetings
from web import dates, names
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One step's answers, or a value that the flow has worked out for itself."""

    heading: str
    facts: list[tuple[str, str]]


def of(
    session: Session, version: ProcessVersion, specs: SpecSet, data: Mapping[str, Any]
) -> list[Answered]:
    """Steps in the order they were answered; loose values first, under one heading."""
    known = {info.id: info for info in specs.elements.values()}
    loose = [
        (key, _words(session, value)) for key, value in data.items() if not isinstance(value, dict)
    ]
    found = [Answered(heading=_("Flödets värden"), facts=loose)] if loose else []
    for key, value in data.items():
        if isinstance(value, dict) and value:
            info = known.get(key)
            titles = _titles(version, info.form) if info and info.form else {}
            facts = [
                (str(titles.get(name, name)), said)
                for name, each in value.items()
                if (said := _words(session, each))
            ]
            found.append(Answered(heading=info.name if info and info.name else key, facts=facts))
    return found


def _titles(version: ProcessVersion, form: str) -> dict[str, str]:
    schema = deployments.form_of(version, form) or {}
    return {
        str(name): str(part.get("title", name))
        for name, part in schema.get("properties", {}).items()
    }


def _words(session: Session, value: Any) -> str:
    """ja and nej, people by name, meetings by body and day, rows on one line."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, list):
        return "; ".join(filter(None, (_words(session, each) for each in value)))
    if isinstance(value, dict):
        return ", ".join(filter(None, (_words(session, each) for each in value.values())))
    if not isinstance(value, str):
        return "" if value is None else str(value)
    meeting = meetings.find(session, value)
    if meeting is not None:
        return f"{meeting.organ_code} {dates.day(meeting.on)}"
    return dates.say_day(names.person(value))
