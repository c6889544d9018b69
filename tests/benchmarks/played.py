"""What playing a case through took, whoever played it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Played:
    """`start` is what beginning took; the lists have one value for each completion."""

    start: float  # seconds
    seconds: list[float]
    bytes: list[int]
