"""The steps of the rules (A1–A46, B0–B12), each with its chapter and a sentence of our own.

Every step is carried by an element of a diagram (its `rule`) or by a page; a test keeps it so.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "rule_steps.json"
_STEP = re.compile(r"[AB]\d+[a-z]?")
_RANGE = re.compile(rf"({_STEP.pattern})–({_STEP.pattern})")


@dataclass(frozen=True, kw_only=True)
class RuleStep:
    id: str
    chapter: str
    title: str
    sentence: str
    page: str = ""  # the page group that carries the step, when no diagram does


@cache
def everything() -> dict[str, RuleStep]:
    """All steps by id, in the order of the flowcharts."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {row["id"]: RuleStep(**row) for row in rows}


def of_reference(reference: str) -> list[RuleStep]:
    """The steps that an element's `rule` names: "A10 · 4", "A27, A28 · 5.4", "A36–A39 · 7.1"."""
    known = everything()
    return [known[step] for step in ids_in(reference) if step in known]


def ids_in(reference: str) -> list[str]:
    """Step ids as written before the dot; a range means every step of the list in between."""
    written, _dot, _chapters = reference.partition("·")
    order = list(everything())
    found: list[str] = []
    for part in (part.strip() for part in written.split(",")):
        if match := _RANGE.fullmatch(part):
            first, last = (order.index(step) for step in match.groups())
            found += order[first : last + 1]
        elif _STEP.fullmatch(part):
            found.append(part)
    return found
