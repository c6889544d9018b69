"""A diagram that is opened in the editor and saved again means what it meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from engine import gate
from engine.spiff.elements import read_elements
from processes import lint_context

ROOT = Path(__file__).parents[2]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAMS = sorted((ROOT / "bpmn_models").glob("*.bpmn"))
DEFAULTS = {"isSequential=false"}  # left out when written
PAGE = """<!doctype html><html lang="sv"><body>
<div id="ritytan" style="height:600px"></div><p id="editor-status"></p>
<h2 id="egenskaper-rubrik"></h2>
<div id="egenskaper"></div><ul id="fynd"></ul><span id="fynd-antal"></span><p id="hinder"></p>
<section id="konflikt" hidden></section>
<ul id="steg"></ul><span id="steg-antal"></span><div id="verktyg"></div>
<script type="application/json" id="editor-settings">SETTINGS</script></body></html>"""


def saved_by_the_editor(page, bpmn: str) -> str:
    lists = {
        name: [] for name in ("roles", "operations", "forms", "processes", "decisions", "messages")
    }
    settings = json.dumps({"bpmn": bpmn, "lists": lists, "findings": []}).replace("</", "<\\/")
    page.set_content(PAGE.replace("SETTINGS", settings))
    page.add_script_tag(path=ROOT / "web" / "static" / "dist" / "editor.js")
    page.wait_for_selector("#ritytan[data-ready=true]")
    return page.evaluate(
        "() => window.arendegang.modeler.saveXML({format: true}).then(({xml}) => xml)"
    )


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
    after = saved_by_the_editor(page, before)
    assert told(after) == told(before)
    assert read_elements(after) == read_elements(before)
    context = lint_context.shipped()
    assert gate.check({file.name: after}, context) == gate.check({file.name: before}, context)
