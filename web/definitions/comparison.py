"""What differs between two versions of a diagram, in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.spiff import ElementInfo
from engine.spiff.elements import read_elements
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Change:
    """One element that is new, gone or different. `details` name each fact before and after."""

    element: str
    name: str
    kind: str  # added | removed | changed
    details: list[str] = field(default_factory=list)


def between(old: str, new: str) -> list[Change]:
    before, after = _elements(old), _elements(new)
    changes = [_added(after[key]) for key in after if key not in before]
    changes += [_removed(before[key]) for key in before if key not in after]
    for key in before.keys() & after.keys():
        details = _differences(before[key], after[key])
        if details:
            changes.append(_changed(after[key], details))
    return sorted(changes, key=lambda change: (change.name.casefold(), change.element))


def marks(old: str, new: str) -> dict[str, str]:
    """States for the picture of the new version: what is new or different stands out."""
    return {change.element: "here" for change in between(old, new) if change.kind != "removed"}


def _elements(bpmn: str) -> dict[str, ElementInfo]:
    return {info.id: info for info in read_elements(bpmn) if info.name or info.role}


def _added(info: ElementInfo) -> Change:
    return Change(element=info.id, name=_name(info), kind="added", details=_facts(info))


def _removed(info: ElementInfo) -> Change:
    return Change(element=info.id, name=_name(info), kind="removed")


def _changed(info: ElementInfo, details: list[str]) -> Change:
    return Change(element=info.id, name=_name(info), kind="changed", details=details)


def _labels() -> dict[str, str]:
    return {
        "name": _("namn"),
        "role": _("roll"),
        "deadline": _("tidsfrist"),
        "form": _("formulär"),
        "operation": _("åtgärd"),
        "rule": _("regel"),
        "help": _("hjälptext"),
        "nyckel": _("nyckel"),
        "documentation": _("beskrivning"),
    }


def _differences(before: ElementInfo, after: ElementInfo) -> list[str]:
    return [
        _(
            "%(label)s: %(old)s → %(new)s",
            label=label,
            old=getattr(before, name) or _("inget"),
            new=getattr(after, name) or _("inget"),
        )
        for name, label in _labels().items()
        if getattr(before, name) != getattr(after, name)
    ]


def _facts(info: ElementInfo) -> list[str]:
    return [
        f"{label}: {getattr(info, name)}"
        for name, label in _labels().items()
        if name in {"role", "deadline", "form", "operation"} and getattr(info, name)
    ]


def _name(info: ElementInfo) -> str:
    return info.name or info.id
