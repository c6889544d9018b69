"""What the benchmark says: lines of a table, each with its budget and whether it holds."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from tests.benchmarks.played import Played


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing measured. `value` is the median where many were taken.

    `id` is the same in every run, whatever its size, so that programs can compare runs.
    """

    id: str
    group: str
    what: str
    value: float
    unit: str
    p95: float | None = None
    samples: int | None = None
    ratio_to_bare: float | None = None
    budget: str = ""
    holds: bool | None = None  # None: informs, binds nothing

    def with_budget(self, budget: str, *, holds: bool) -> Line:
        return replace(self, budget=budget, holds=holds)


@dataclass(frozen=True)
class Group:
    """Lines under one heading; the ids of all begin alike."""

    id: str
    heading: str

    def line(
        self,
        id_: str,
        what: str,
        value: float,
        unit: str = "",
        *,
        ratio_to_bare: float | None = None,
    ) -> Line:
        return Line(
            id=f"{self.id}.{id_}", group=self.heading, what=what, value=value, unit=unit,
            ratio_to_bare=ratio_to_bare,
        )  # fmt: skip

    def of_seconds(
        self, id_: str, what: str, seconds: Sequence[float], bare: Sequence[float] | None = None
    ) -> Line:
        """Milliseconds, and how many times as long as what bare SpiffWorkflow took."""
        median = statistics.median(seconds)
        line = self.line(id_, what, median * 1000, "ms")
        return replace(
            line,
            p95=percentile(seconds, 95) * 1000,
            samples=len(seconds),
            ratio_to_bare=median / statistics.median(bare) if bare else None,
        )


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def completions(played: Iterable[Played]) -> list[float]:
    return [seconds for case in played for seconds in case.seconds]


def table(lines: Sequence[Line]) -> str:
    """One row a line, under a heading for each group, and at the end what it comes to."""
    rows: list[str] = []
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            rows += ["", group, "-" * len(group)]
        rows.append(_row(line))
    return "\n".join([*rows, "", *summary(lines)])


def summary(lines: Sequence[Line]) -> list[str]:
    """How many budget lines hold, and which don't."""
    judged = [line for line in lines if line.holds is not None]
    broken = [line for line in judged if not line.holds]
    said = [f"{len(judged) - len(broken)} of {len(judged)} budget lines hold."]
    return [
        *said,
        *(f"Does not hold: {line.id}: {_value(line)}, budget {line.budget}" for line in broken),
    ]


def all_hold(lines: Sequence[Line]) -> bool:
    return all(line.holds is not False for line in lines)


def as_json(lines: Sequence[Line]) -> str:
    kept = [{k: v for k, v in asdict(line).items() if v not in (None, "")} for line in lines]
    return json.dumps(kept, ensure_ascii=False, indent=1, allow_nan=False)


def _row(line: Line) -> str:
    p95 = f"p95 {_number(line.p95)}" if line.p95 is not None else ""
    ratio = f"{line.ratio_to_bare:.2f} x bare" if line.ratio_to_bare is not None else ""
    verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[line.holds]
    return (
        f"{line.what:<52}{_value(line):>16} {p95:>12} {ratio:>14}  {line.budget:<28} {verdict}"
    ).rstrip()


def _value(line: Line) -> str:
    return f"{_number(line.value)} {line.unit}".rstrip()


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}".replace(",", " ")
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"
