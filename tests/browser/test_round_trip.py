"""A diagram that is opened in the editor and saved again means what it meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine import gate
from engine.spiff.elements import read_elements
from processes import lint_context
from tests.browser.alone import open_editor, saved

ROOT = Path(__file__).parents[2]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAMS = sorted((ROOT / "bpmn_models").glob("*.bpmn"))
DEFAULTS = {"isSequential=false"}  # left out when written


def told(bpmn: str) -> list[tuple[str, ...]]:
    """Every text and attribute of the model that a run depends on, whatever its order."""
    root = etree.fromstring(bpmn.encode())
    return sorted(
        (
            etree.QName(node).localname,
            *sorted(set(map("=".join, node.attrib.items())) - DEFAULTS),
            " ".join((node.text or "").split()),
        )
        for process in root.iter(f"{BPMN}process")
        for node in process.iter(etree.Element)
    )


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("file", DIAGRAMS, ids=lambda file: file.stem)
def test_nothing_is_lost_when_a_shipped_diagram_is_saved_by_the_editor(page, file):
    before = file.read_text(encoding="utf-8")
    open_editor(page, before)
    after = saved(page)
    assert told(after) == told(before)
    assert read_elements(after) == read_elements(before)
    context = lint_context.shipped()
    assert gate.check({file.name: after}, context) == gate.check({file.name: before}, context)
