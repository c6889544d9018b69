"""What a schema may not be made of at all: what can't be judged, or not within reasonable time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.gate.finding import Finding
from engine.texts import gettext as _

MAX_DEPTH = 25
MAX_PATTERN = 200
MAX_REPEATED = 2  # parts of a pattern that repeat without end: the time grows with that power
MAX_COUNT = 30
_UNNAMED = frozenset({"patternProperties", "propertyNames"})
_REFERENCES = frozenset({"$ref", "$dynamicRef"})
_ATOMS = re.compile(r"\\.|\[\^?\]?[^\]]*\]")  # an escaped sign, a class of signs


def hindrances(file: str, form: Mapping[str, Any]) -> Iterator[Finding]:
    """Each kind once, wherever in the schema it stands."""
    told: set[str] = set()
    ahead: list[tuple[Any, int, str]] = [(form, 0, "")]
    while ahead:
        part, depth, place = ahead.pop()
        found = _hindrance(part, depth)
        if found and found not in told:
            told.add(found)
            yield Finding(file=file, element=place, code=found, message=_messages()[found])
        if found != "form_deep":
            ahead += [(inner, depth + 1, name or place) for name, inner in _parts(part)]


def _parts(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, Mapping):
        fields = part.get("properties")
        yield from (("", inner) for inner in part.values() if inner is not fields)
        if isinstance(fields, Mapping):
            yield from fields.items()
    elif isinstance(part, list):
        yield from (("", inner) for inner in part)


def _hindrance(part: Any, depth: int) -> str:
    if depth > MAX_DEPTH:
        return "form_deep"
    if not isinstance(part, Mapping):
        return ""
    if _REFERENCES & part.keys():
        return "form_ref"
    if _UNNAMED & part.keys():
        return "form_unnamed"
    pattern = part.get("pattern")
    return "field_pattern" if isinstance(pattern, str) and not _is_harmless(pattern) else ""


def _messages() -> dict[str, str]:
    return {
        "form_deep": _("Formuläret är för djupt nästlat. Dela upp det i flera."),
        "form_ref": _("$ref kan inte användas. Skriv ut det den pekar på."),
        "form_unnamed": _("Varje fält ska stå med sitt namn under properties."),
        "field_pattern": _(
            "Mönstret kan ta för lång tid att pröva. Låt ingen grupp upprepas, och högst "
            "två tecken eller teckenklasser upprepas utan gräns."
        ),
    }


def _is_harmless(pattern: str) -> bool:
    """No group that repeats, nothing looked for elsewhere, and few parts that repeat."""
    bare = _ATOMS.sub("a", pattern)
    endless = len(re.findall(r"[*+]|\{\d*,\}", bare))
    counts = [int(number) for number in re.findall(r"\d{1,9}(?=[,}])", bare)]
    return (
        len(pattern) <= MAX_PATTERN
        and endless <= MAX_REPEATED
        and max(counts, default=0) <= MAX_COUNT
        and not re.search(r"\)[*+{]|\(\?", bare)
        and not re.search(r"\\\d", pattern)
    )
