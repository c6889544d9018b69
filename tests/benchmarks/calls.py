"""What calls over HTTP took, and how they were answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.benchmarks import lines
from tests.benchmarks.lines import Line

MANY = 8
MOST_P99_MS = 250


@dataclass
class Measured:
    seconds: list[float] = field(default_factory=list)  # of each answer
    statuses: list[int] = field(default_factory=list)
    elapsed: float = 0.0

    def add(self, other: Measured) -> None:
        self.seconds += other.seconds
        self.statuses += other.statuses


def said(group: str, who: str, measured: Measured) -> list[Line]:
    p99 = lines.percentile(measured.seconds, 99) * 1000
    refused = sum(status != 200 for status in measured.statuses)
    return [
        lines.of_seconds(group, f"{who}, an answer", measured.seconds),
        Line(group=group, what=f"{who}, the slowest in a hundred", value=p99, unit="ms"),
        Line(group=group, what=f"{who}, answers that are not 200", value=refused, unit=""),
    ]


def judged(found: list[Line]) -> list[Line]:
    answer, p99, refused = found
    return [
        answer,
        p99.with_budget(f"< {MOST_P99_MS} ms", holds=p99.value < MOST_P99_MS),
        refused.with_budget("none", holds=refused.value == 0),
    ]
