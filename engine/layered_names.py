"""Names over names: what was answered or assigned so far, over what there was before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class LayeredNames(Mapping[str, Any]):
    """`below` stays lazy: a fact is looked up only when nothing above has its name."""

    def __init__(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> None:
        self._above, self._below = above, below

    def __getitem__(self, name: str) -> Any:
        return self._above[name] if name in self._above else self._below[name]

    def __contains__(self, name: object) -> bool:
        return name in self._above or name in self._below

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._above), **dict.fromkeys(self._below)})

    def __len__(self) -> int:
        return len(list(iter(self)))
