"""How large expressions and their values may grow, so that no diagram can stop the machine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError
from engine.texts import gettext as _

MAX_LENGTH = 2_000  # characters of one expression
MAX_SCRIPT_LENGTH = 10_000
MAX_NODES = 500
MAX_SCRIPT_NODES = 2_000
MAX_DEPTH = 40
MAX_NUMBER = 10**18
MAX_TEXT = 100_000  # characters of one text
MAX_ITEMS = 20_000  # leaves and containers of one value, each counted as often as it occurs
MAX_SECONDS = 0.5


class ExpressionError(EngineError):
    """An expression can't be read, or can't be worked out from what is known here."""


def require_bounded(value: Any) -> None:
    """Refuse a number or text that is too large; containers are measured by `plain`."""
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExpressionError(_("Texten blev längre än %(limit)s tecken.", limit=MAX_TEXT))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionError(_("Talet blev för stort."))
    elif isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise ExpressionError(_("Talet blev för stort."))


def bounded(value: Any) -> Any:
    """`value` itself, when it is small enough to hand to a function."""
    if isinstance(value, Mapping | list | tuple):
        _Copy().of(value)
    else:
        require_bounded(value)
    return value


def plain(value: Any) -> Any:
    """`value` with every mapping a dict and every sequence a list of its own.

    Engine data never shares parts with facts or with other answers: a change in one would
    change what was recorded in the other.
    """
    return _Copy().of(value)


def require_json(value: Any, name: str) -> None:
    """Refuse what can't be kept in engine data; `value` comes from `plain`."""
    match value:
        case dict():
            for part in value.values():
                require_json(part, name)
        case list():
            for part in value:
                require_json(part, name)
        case None | bool() | int() | float() | str():
            pass
        case _:
            raise ExpressionError(
                _(
                    "%(name)s blev ett värde som inte kan sparas (%(type)s).",
                    name=name,
                    type=type(value).__name__,
                )
            )


class _Copy:
    """One copying with a budget: shared parts count every time, so nested doubling is stopped."""

    def __init__(self) -> None:
        self._left = MAX_ITEMS

    def of(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > 100:
            raise ExpressionError(_("Värdet blev för stort."))
        if isinstance(value, Mapping):
            return {self._key(key): self.of(value[key], depth + 1) for key in value}
        if isinstance(value, list | tuple):
            return [self.of(part, depth + 1) for part in value]
        require_bounded(value)
        return value

    def _key(self, key: object) -> str:
        if not isinstance(key, str):
            raise ExpressionError(_("Nycklar ska vara text."))
        return key
