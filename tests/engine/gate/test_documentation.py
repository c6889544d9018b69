"""docs/bpmn.md says what the gate does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.expressions import BUILTINS
from engine.gate.events import SUPPORTED

TEXT = (Path(__file__).parents[3] / "docs" / "bpmn.md").read_text(encoding="utf-8")
COLUMNS = [
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
]
KINDS = ["message", "timer", "signal", "error", "escalation", "conditional", "terminate", "cancel"]


def row(kind: str) -> list[str]:
    match = re.search(rf"^\| {kind} \|(.*)\|$", TEXT, re.MULTILINE)
    assert match, f"docs/bpmn.md has no row for {kind}"
    return [cell.strip() for cell in match.group(1).split("|")]


@pytest.mark.parametrize("kind", ["none", *KINDS])
def test_the_table_of_events_is_what_the_gate_lets_through(kind):
    trigger = "" if kind == "none" else kind
    assert row(kind) == ["yes" if trigger in SUPPORTED[column] else "no" for column in COLUMNS]


def test_every_function_of_expressions_is_named():
    assert "`" + " ".join(sorted(BUILTINS)) + "`" in TEXT
