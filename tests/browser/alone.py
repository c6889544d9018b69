"""The editor's script on a page without a server: what it makes of a diagram."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page

from engine.gate.drawable import drawable

WEB = Path(__file__).parents[2] / "web"
TEMPLATE = WEB / "definitions" / "templates" / "definitions" / "edit.html"
LISTS = ("roles", "operations", "forms", "processes", "decisions", "messages")
PAGE = """<!doctype html><html lang="sv"><body>
<div id="ritytan" style="height:600px"></div><p id="editor-status"></p>
<h2 id="egenskaper-rubrik"></h2>
<div id="egenskaper"></div><ul id="fynd"></ul><span id="fynd-antal"></span><p id="hinder"></p>
<section id="konflikt" hidden></section>
<ul id="steg"></ul><span id="steg-antal"></span><div id="verktyg">TOOLS</div>
<script type="application/json" id="editor-settings">SETTINGS</script></body></html>"""


def open_editor(page: Page, bpmn: str) -> None:
    settings = {
        "bpmn": bpmn,
        "lists": {name: [] for name in LISTS},
        "findings": [],
        "drawable": drawable().as_json(),
        "previewUrls": dict.fromkeys(("deadline", "retries", "backoff"), "about:blank"),
    }
    written = json.dumps(settings).replace("</", "<\\/")
    page.set_content(PAGE.replace("TOOLS", _tools()).replace("SETTINGS", written))
    page.add_script_tag(path=WEB / "static" / "dist" / "editor.js")
    page.wait_for_selector("#ritytan[data-ready=true]")


def saved(page: Page) -> str:
    xml: str = page.evaluate(
        "() => window.arendegang.modeler.saveXML({format: true}).then(({xml}) => xml)"
    )
    return xml


def _tools() -> str:
    """The buttons of the real page."""
    names = re.findall(r'data-tool="(\w+)"', TEMPLATE.read_text(encoding="utf-8"))
    return "".join(f'<button type="button" data-tool="{name}">{name}</button>' for name in names)
