"""Every deadline that law and local rules set: one row of `data/tidsfrister.toml` each.

They stand nowhere else in the code. Each is written in the language that diagrams use, so it can
be read, reckoned and changed in one place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from processes.deadline_language import Deadline, due, parse
from processes.deadline_words import Unit
from processes.deadlines import Counted
from processes.swedish_calendar import at_local_time, deadline_day

FILE = Path(__file__).parent / "data" / "tidsfrister.toml"
NOON = time(12)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`trigger` is when it starts, `then` what happens when it is passed or reached."""

    id: str
    name: str
    source: str  # paragraph, or chapter of the rules for case preparation
    trigger: str
    words: str
    then: str
    local: bool  # the region's own rule, not law

    @property
    def deadline(self) -> Deadline:
        return parse(self.words)

    @property
    def counts(self) -> str:
        deadline = self.deadline
        working = isinstance(deadline, Counted) and deadline.unit is Unit.WORKING_DAY
        return "arbetsdagar" if working else "kalenderdagar"


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        name=row["namn"],
        source=row["kalla"],
        trigger=row["utgangspunkt"],
        words=row["frist"],
        then=row["foljd"],
        local=row.get("lokal", False),
    )


RULES: Mapping[str, Rule] = {
    row["id"]: _rule(row) for row in tomllib.loads(FILE.read_text("utf-8"))["tidsfrist"]
}


def day_of(rule_id: str, anchors: Mapping[str, date | None], *, start: date) -> date | None:
    """The day the rule's deadline falls on; None while what it hangs on has no date."""
    return reckon(RULES[rule_id].words, anchors, start=start)


def uncarried(rule_id: str, from_on: date) -> date:
    """The day the rule's days are out, before the law carries it on to a weekday."""
    deadline = RULES[rule_id].deadline
    assert isinstance(deadline, Counted)
    assert deadline.unit is Unit.DAY
    return from_on + timedelta(days=deadline.amount)


def reckon(words: str, anchors: Mapping[str, date | None], *, start: date) -> date | None:
    """The same for any deadline in words, counted from the day `start`."""
    deadline = parse(words)
    if deadline.anchor is not None and anchors.get(deadline.anchor) is None:
        return None
    return deadline_day(due(deadline, anchors, at_local_time(start, NOON)))
