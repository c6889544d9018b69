"""Pages of lists that are short enough to be read whole, such as a year's meetings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from engine.paging import Page, cut, place_of

T = TypeVar("T")
Place = tuple[str | int, ...]


def page(
    items: Sequence[T],
    place: Callable[[T], Place],
    *,
    limit: int,
    cursor: str | None,
    newest_first: bool = False,
) -> Page[T]:
    """What comes after the cursor, in the order of `place`."""
    in_order = sorted(items, key=place, reverse=newest_first)
    if cursor and in_order:
        kinds = [type(part) for part in place(in_order[0])]
        after = tuple(place_of(cursor, kinds))
        in_order = [
            item
            for item in in_order
            if (place(item) < after if newest_first else place(item) > after)
        ]
    return cut(in_order[: limit + 1], limit, lambda item: list(place(item)))


def answer(items: Sequence[Any], following: str | None) -> dict[str, Any]:
    return {"items": items, "next": following}
