"""What may be kept in engine data: JSON that every store and every reader of it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, Invalid
from engine.texts import gettext as _

MAX_DEPTH = 50
MAX_INTEGER = 2**63 - 1
MAX_SIZE = 400_000  # characters and values together


def require_storable(data: Mapping[str, Any]) -> None:
    """Invalid for what has come from outside and could not be saved, or not read again."""
    ahead: list[tuple[Any, int]] = [(data, 0)]
    size = 0
    while ahead:
        value, depth = ahead.pop()
        size += 1 + (len(value) if isinstance(value, str) else 0)
        if depth > MAX_DEPTH or size > MAX_SIZE:
            raise Invalid.field("", _("Uppgifterna är för omfattande. Lägg dem i en handling."))
        if isinstance(value, str):  # most are, and to ask what is a mapping takes long
            fits = value.isascii() or _is_unicode(value)
        elif isinstance(value, Mapping):
            ahead += [(part, depth + 1) for pair in value.items() for part in pair]
            fits = all(isinstance(key, str) for key in value)
        elif isinstance(value, list | tuple):
            ahead += [(part, depth + 1) for part in value]
            fits = True
        else:
            fits = _fits(value)
        if not fits:
            raise Invalid.field("", _("Uppgifterna går inte att läsa. Fyll i dem på nytt."))


def given(operation: str, result: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What an operation gave. EngineError when it can't be kept: no person has said it."""
    try:
        require_storable(result or {})
    except Invalid as refused:
        raise EngineError(
            _("”%(name)s” gav något som inte går att spara.", name=operation)
        ) from refused
    return result


def _fits(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) <= MAX_INTEGER
    return value is None


def _is_unicode(text: str) -> bool:
    """Half of a pair of surrogates, which JSON can spell out, is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
