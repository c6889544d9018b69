"""By which name PostgreSQL knows each statement that it has been made ready for."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any

# The product's own statements, each as often as its parameters are of other types: an empty one
# has none. To send one unprepared takes longer, and no more than that.
MOST = 400
SAID_OFTEN = 5  # times, after which a statement that was built anew is worth it
MOST_COUNTED = 1000

Key = tuple[str, Any]  # a statement, and the types of its parameters


class PreparedNames:
    """Of one connection."""

    def __init__(self) -> None:
        self._names: dict[Key, bytes] = {}
        self._numbers = count()
        self._times: Counter[int] = Counter()  # by a text's hash: those not prepared may be long

    def find(self, key: Key) -> bytes | None:
        return self._names.get(key)

    def may_be_added(self, text: str, *, is_own: bool) -> bool:
        """Of what SQLAlchemy builds some comes again and again, and some, as lists of what is
        looked for, never.
        """
        return len(self._names) < MOST and (is_own or self._comes_often(text))

    def new(self) -> bytes:
        return b"told_%d" % next(self._numbers)

    def add(self, key: Key, name: bytes) -> None:
        self._names[key] = name

    def forget(self, key: Key) -> None:
        """It couldn't be prepared."""
        self._names.pop(key, None)

    def clear(self) -> None:
        """The server has forgotten all."""
        self._names.clear()

    def _comes_often(self, text: str) -> bool:
        if len(self._times) > MOST_COUNTED:
            self._times.clear()
        self._times[hash(text)] += 1
        return self._times[hash(text)] >= SAID_OFTEN
