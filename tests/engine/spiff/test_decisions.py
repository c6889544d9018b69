"""Decision tables say one thing, or say why they can't."""

from __future__ import annotations

import contextlib
import time

import pytest

from engine.expressions import ExpressionError
from engine.spiff import BuildError, RunFailed, build_specs
from engine.spiff.decisions import cell_expression
from tests.engine.bpmn import chain, diagram, end, flow, node, task
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import decision, xor
from tests.engine.spiff.walk import Walk

ASK = (
    "<bpmn:extensionElements><spiffworkflow:calledDecisionId>vem"
    "</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
)
DRAWN = diagram(
    "p", begin(), node("businessRuleTask", "avgor", ASK), xor("x", default="f_x_organ"),
    task("organ"), task("delegat"), end(), chain("start", "avgor", "x", "organ", "slut"),
    flow("x", "delegat", 'avgor.beslutar == "delegat"'), chain("delegat", "slut"),
)  # fmt: skip
TABLE = (
    ('"inköp"', "< 100000", '"delegat"'),
    ('"inköp"', "[100000..5000000)", '"nämnd"'),
    ('in ["remiss", "yttrande"]', "-", '"delegat"'),
    ('not("inköp", "remiss", "yttrande")', "", '"RF"'),
)


@pytest.mark.parametrize(
    ("typ", "belopp", "decides", "inbox"),
    [
        ("inköp", 5, "delegat", "delegat"),
        ("inköp", 100_000, "nämnd", "organ"),
        ("remiss", 0, "delegat", "delegat"),
        ("mål", 0, "RF", "organ"),
    ],
)
def test_the_row_that_fits_decides(typ, belopp, decides, inbox):
    walk = Walk(DRAWN, decision("UNIQUE", *TABLE), data={"typ": typ, "belopp": belopp})
    assert walk.inbox() == [inbox]
    assert walk.data()["avgor"] == {"beslutar": decides}


def test_no_row_that_fits_is_said_with_the_values():
    with pytest.raises(RunFailed, match="belopp = 6000000") as failed:
        Walk(DRAWN, decision("UNIQUE", *TABLE), data={"typ": "inköp", "belopp": 6_000_000})
    assert failed.value.element == "avgor"


def test_two_rows_that_fit_a_unique_table_are_said():
    rows = (('"y"', "", '"A"'), ("", "1", '"B"'))
    with pytest.raises(RunFailed, match="1, 2"):
        Walk(DRAWN, decision("UNIQUE", *rows), data={"typ": "y", "belopp": 1})


def test_first_collect_any_and_defaults():
    rows = (('"y"', "", '"A"'), ("", "1", '"B"'))
    both = {"typ": "y", "belopp": 1}
    assert Walk(DRAWN, decision("FIRST", *rows), data=both).data()["avgor"] == {"beslutar": "A"}
    assert Walk(DRAWN, decision("COLLECT", *rows), data=both).data()["avgor"] == {
        "beslutar": ["A", "B"]
    }
    with pytest.raises(RunFailed):
        Walk(DRAWN, decision("ANY", *rows), data=both)
    nothing = Walk(DRAWN, decision("UNIQUE", *rows, default='"C"'), data={"typ": "", "belopp": 0})
    assert nothing.data()["avgor"] == {"beslutar": "C"}


def test_a_policy_or_a_table_that_is_not_there_is_refused():
    with pytest.raises(BuildError):
        build_specs({"p.bpmn": DRAWN, "b.dmn": decision("PRIORITY")}, "p")
    with pytest.raises(BuildError) as refused:
        build_specs({"p.bpmn": DRAWN}, "p")
    assert refused.value.element == "avgor"


@pytest.mark.parametrize(
    ("cell", "expression"),
    [
        ("", None),
        ("-", None),
        ('"a"', 'cell_value == ("a")'),
        ('"a","b"', 'cell_value in ("a","b",)'),
        ('"a, b?"', 'cell_value == ("a, b?")'),
        ("? in [1, 2]", "cell_value in [1, 2]"),
        ("not in [1]", "cell_value not in [1]"),
        ("1 <= ? < 5", "1 <= cell_value < 5"),
        ("]1..5]", "(1) < cell_value <= (5)"),
        ("true", "cell_value == True"),
        ('"x" or True', 'cell_value == ("x" or True)'),
    ],
)
def test_a_cell_reads_as_people_write_it(cell, expression):
    assert cell_expression(cell) == expression


@pytest.mark.parametrize("cell", ["().__class__", "__import__('os')", "typ.__class__"])
def test_a_cell_is_no_way_in(cell):
    with pytest.raises(RunFailed):
        Walk(DRAWN, decision("UNIQUE", (cell, "", '"A"')), data={"typ": "y", "belopp": 1})


@pytest.mark.parametrize(
    "cell",
    [
        "[" + " " * 1_990,
        "[1.." + " " * 1_990,
        "[" + "..x" * 600,
        "not(" * 300,
        "?" * 1_999,
        "[" + " " * 2_000_000,
        "not(" * 500_000,
    ],
)
def test_no_cell_takes_long_to_read(cell: str):
    started = time.thread_time()
    with contextlib.suppress(ExpressionError):
        cell_expression(cell)
    assert time.thread_time() - started < 0.5


def test_an_interval_has_two_ends_and_brackets_that_say_if_they_belong():
    assert cell_expression("[1..5)") == "(1) <= cell_value < (5)"
    assert cell_expression("] a.b .. 7 ]") == "(a.b) < cell_value <= (7)"
    assert cell_expression("[1, 2]") == "cell_value == ([1, 2])"
    assert cell_expression("[1..]") == "cell_value == ([1..])"
