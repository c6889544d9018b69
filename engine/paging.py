"""Pages of long lists: a cursor says where the last one ended, so writes move nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from engine.errors import Invalid
from engine.texts import gettext as _

T = TypeVar("T")
LARGEST = 2**63 - 1  # that a database column holds


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """`next` is the cursor of the following page, None on the last."""

    items: Sequence[T]
    next: str | None = None


def cut(rows: Sequence[T], limit: int, place: Callable[[T], Sequence[Any]]) -> Page[T]:
    """The page made of `rows`, of which one more than `limit` was asked for."""
    if len(rows) <= limit:
        return Page(items=list(rows))
    kept = rows[:limit]
    return Page(items=list(kept), next=_encode(place(kept[-1])))


def place_of(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """What `cut` put in the cursor; Invalid when somebody else made it up."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError(cursor)
        return [_read(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise Invalid.field("cursor", _("Sidmarkören går inte att läsa.")) from error


def _encode(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def _read(value: Any, kind: type) -> Any:
    if kind is datetime:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(value)
        return at.astimezone(UTC)
    # JSON spells out true, NUL and half a surrogate too; no column holds them.
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(value)
    if isinstance(value, int) and abs(value) > LARGEST:
        raise OverflowError(value)
    if isinstance(value, str) and "\0" in value:
        raise ValueError(value)
    return value.encode().decode() if isinstance(value, str) else value
