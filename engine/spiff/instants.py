"""When a timer is due: ISO 8601, a deadline in words, or an expression that gives either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from engine import expressions
from engine.errors import EngineError
from engine.spiff import iso8601
from engine.spiff.values import RunContext
from engine.tables import NO_DEADLINE
from engine.texts import gettext as _


def due(
    text: str, context: RunContext, data: Mapping[str, Any], element: str, start: datetime
) -> datetime:
    """The instant in UTC that `text` means, counted from `start`.

    NO_DEADLINE where an expression gives None: what it hangs on has no date yet.
    """
    text = text.strip()
    if (fixed := _iso(text, start)) is not None:
        return fixed
    names = context.names(data, element)
    if not _is_expression(text, context, names):
        return context.deadline(text, data, element, start).astimezone(UTC)
    value = expressions.evaluate(text, names, context.functions)
    return _instant(value, context, data, element, start)


def cycle(
    text: str, context: RunContext, data: Mapping[str, Any], element: str
) -> iso8601.Cycle | None:
    """The cycle that `text` is, or that it gives as an expression; None if it is none."""
    found = iso8601.cycle(text)
    if found is not None or iso8601.is_iso(text):
        return found
    names = context.names(data, element)
    if not _is_expression(text, context, names):
        return None
    value = expressions.evaluate(text, names, context.functions)
    return iso8601.cycle(value) if isinstance(value, str) else None


def moves(text: str) -> bool:
    """Whether facts can move what `text` means: ISO 8601 stands fast."""
    return not iso8601.is_iso(text)


def _iso(text: str, start: datetime) -> datetime | None:
    length = iso8601.duration(text)
    return length.after(start) if length else iso8601.instant(text)


def _is_expression(text: str, context: RunContext, names: Mapping[str, Any]) -> bool:
    """`genast` and `mote.datum` both read as expressions; only the latter's names exist."""
    read = _names_read(text, frozenset(context.functions))
    return read is not None and all(name in names for name in read)


@lru_cache(maxsize=4096)
def _names_read(text: str, functions: frozenset[str]) -> frozenset[str] | None:
    """None when it is no expression; asked for at every step, and found out by reading it all."""
    return expressions.names_in(text) if expressions.check(text, functions) is None else None


def _instant(
    value: Any, context: RunContext, data: Mapping[str, Any], element: str, start: datetime
) -> datetime:
    match value:
        case None:
            return NO_DEADLINE
        case datetime() | date():
            return iso8601.aware(value)
        case str():
            return _iso(value, start) or context.deadline(value, data, element, start)
    raise EngineError(
        _("En tidpunkt väntades, men uttrycket gav %(value)s.", value=str(value)[:80])
    )
