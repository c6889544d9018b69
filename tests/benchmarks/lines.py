"""What the benchmark says: lines of a table, each with its budget and whether it holds."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.played import Played


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing measured. `value` is the median where many were taken."""

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
        return Line(**{**asdict(self), "budget": budget, "holds": holds})


def of_seconds(
    group: str, what: str, seconds: Sequence[float], bare: Sequence[float] | None = None
) -> Line:
    """Milliseconds, and how many times as long as what bare SpiffWorkflow took."""
    median = statistics.median(seconds)
    return Line(
        group=group,
        what=what,
        value=median * 1000,
        unit="ms",
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
    """One row a line, under a heading for each group."""
    rows: list[str] = []
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            rows += ["", group, "-" * len(group)]
        rows.append(_row(line))
    return "\n".join(rows)


def as_json(lines: Sequence[Line]) -> str:
    kept = [{k: v for k, v in asdict(line).items() if v not in (None, "")} for line in lines]
    return json.dumps(kept, ensure_ascii=False, indent=1)


def _row(line: Line) -> str:
    p95 = f"p95 {_number(line.p95)}" if line.p95 is not None else ""
    ratio = f"{line.ratio_to_bare:.2f} x bare" if line.ratio_to_bare is not None else ""
    verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[line.holds]
    value = f"{_number(line.value)} {line.unit}"
    return f"{line.what:<52}{value:>16} {p95:>12} {ratio:>14}  {line.budget:<28} {verdict}".rstrip()


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}".replace(",", " ")
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"
