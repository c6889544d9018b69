"""docs/bpmn.md says what the gate and the engine do."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from engine.expressions import BUILTINS
from engine.gate import check
from engine.gate.soundness import MOST_MOVES
from engine.spiff import build_specs
from engine.spiff.loops import MOST_INSTANCES
from tests.engine.gate.elements import ELEMENTS
from tests.engine.gate.judging import CONTEXT
from tests.engine.wanderer import Wanderer

TEXT = (Path(__file__).parents[3] / "docs" / "bpmn.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (.+?) \| (runs|mended|refused) \| ?(.*?) ?\|$", re.MULTILINE)
SAID = {name: (here, remark) for name, here, remark in ROW.findall(TEXT)}
AROUND = replace(CONTEXT, functions={"slump": lambda name: 0})
WALKS = 12


def test_every_row_has_a_diagram_and_every_diagram_a_row() -> None:
    assert list(SAID) == list(ELEMENTS)


@pytest.mark.parametrize("name", ELEMENTS)
def test_what_the_table_says_of_an_element_is_so(name: str) -> None:
    tiny, (here, remark) = ELEMENTS[name], SAID[name]
    refusals = [found for found in check(tiny.files, AROUND) if found.refuses]
    if here == "refused":
        assert refusals
        assert remark, "what to draw instead"
        return
    assert refusals == []
    specs = build_specs(tiny.files, "p")
    passed: set[str] = set()
    for seed in range(WALKS):
        walk = Wanderer(specs, seed, always_saved=True)
        walk.to_the_end()
        assert walk.run.completed
        passed |= {element for kind, element in walk.told if kind != "element_cancelled"}
    assert passed >= tiny.passes


def test_every_function_of_expressions_is_named() -> None:
    assert "`" + " ".join(sorted(BUILTINS)) + "`" in TEXT


@pytest.mark.parametrize("limit", [MOST_MOVES, MOST_INSTANCES])
def test_limits_are_said_as_they_are(limit: int) -> None:
    assert f"{limit:,}".replace(",", " ") in TEXT
