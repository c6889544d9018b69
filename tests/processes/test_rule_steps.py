"""Every step of the rules is done somewhere, and everything that is drawn says which step it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from processes import rule_steps

MODELS = Path(__file__).parents[2] / "bpmn_models"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# What the rules ask something of; gateways and events in between only lead there.
WORK = frozenset(
    f"{BPMN}{name}"
    for name in (
        "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask",
        "callActivity", "boundaryEvent",
    )
)  # fmt: skip
LETTERED = {
    "A3b", "A5a", "A15b", "A15c", "A16b", "A29b", "A36b", "A42b", "A42c", "A42d",
    *(f"A18{letter}" for letter in "abcdefg"), "B1u", "B3b",
}  # fmt: skip
# A18 is only its seven kinds, and there is no A35.
WRITTEN = (
    {f"A{number}" for number in range(1, 47)} - {"A18", "A35"}
    | {f"B{number}" for number in range(13)}
    | LETTERED
)
DIAGRAMS = sorted(path.stem for path in MODELS.glob("*.bpmn"))


def references(diagram: str) -> dict[str, str]:
    """Element id: its `rule`."""
    root = etree.parse(MODELS / f"{diagram}.bpmn").getroot()
    return {
        holder.get("id", ""): prop.get("value", "")
        for prop in root.iterfind(".//{*}property[@name='rule']")
        if (holder := next(prop.iterancestors(f"{{{BPMN[1:-1]}}}extensionElements")).getparent())
        is not None
    }


def test_every_step_of_the_flowcharts_is_listed() -> None:
    assert set(rule_steps.everything()) == WRITTEN


@pytest.mark.parametrize("step", rule_steps.everything().values(), ids=lambda step: step.id)
def test_each_step_has_a_chapter_a_title_and_a_sentence(step: rule_steps.RuleStep) -> None:
    assert step.chapter
    assert step.title
    assert step.sentence.endswith(".")


def test_every_step_is_carried_by_an_element_or_a_page() -> None:
    drawn = {
        step
        for diagram in DIAGRAMS
        for rule in references(diagram).values()
        for step in rule_steps.ids_in(rule)
    }
    paged = {step.id for step in rule_steps.everything().values() if step.page}
    assert WRITTEN - drawn - paged == set()


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_every_reference_names_listed_steps(diagram: str) -> None:
    known = rule_steps.everything()
    for element, rule in references(diagram).items():
        steps = rule_steps.ids_in(rule)
        assert steps, f"{element}: {rule}"
        assert not [step for step in steps if step not in known], f"{element}: {rule}"


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_everything_that_does_something_says_which_step_it_is(diagram: str) -> None:
    root = etree.parse(MODELS / f"{diagram}.bpmn").getroot()
    rules = references(diagram)
    silent = [
        element.get("id")
        for element in root.iter()
        if element.tag in WORK and element.get("id") not in rules
    ]
    assert silent == []


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_everything_that_does_something_is_explained(diagram: str) -> None:
    root = etree.parse(MODELS / f"{diagram}.bpmn").getroot()
    bare = [
        element.get("id")
        for element in root.iter()
        if element.tag in WORK and not (element.findtext(f"{BPMN}documentation") or "").strip()
    ]
    assert bare == []
