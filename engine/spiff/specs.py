"""Bundles of files made into what SpiffWorkflow runs, once per version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.spiff.values import ElementInfo


@dataclass(frozen=True, kw_only=True)
class SpecSet:
    """Everything built from one bundle. Shared by threads, so nothing in it is ever changed."""

    key: str
    elements: Mapping[tuple[str, str], ElementInfo]
    process_names: Mapping[str, str]


def build_specs(files: Mapping[str, str], key: str) -> SpecSet:
    """The process `key` and all it calls; raises BuildError naming the element at fault."""
    raise NotImplementedError


class SpecCache:
    """The latest used spec sets, by version id."""

    def __init__(self, size: int = 64) -> None:
        self._size = size

    def get(self, version_id: str, load: Callable[[], tuple[Mapping[str, str], str]]) -> SpecSet:
        raise NotImplementedError
