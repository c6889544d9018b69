"""Facts that diagrams and forms read: a condition asks for one of many, so each is worked out
only when it is asked for, and every name is always there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self


class LazyFacts(Mapping[str, Any]):
    """JSON types only. A class of facts says what can be asked for in `known`."""

    @property
    def known(self) -> Mapping[str, Callable[[Self], Any]]:
        raise NotImplementedError

    def __getitem__(self, name: str) -> Any:
        return self.known[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
