"""Small processes to deploy: two tasks at once, a message, a timer, and one that fails."""

from __future__ import annotations

import json
from typing import Any

from tests.engine import bpmn

FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Ta emot",
    "description": "Skriv vad som kom.",
    "type": "object",
    "properties": {
        "vad": {"title": "Vad kom", "type": "string", "x-default": "'ett brev'"},
        "vem": {"title": "Vem tar hand om det", "type": "string", "x-source": "personer"},
        "antal": {"title": "Antal", "type": "integer", "minimum": 0},
        "dag": {"title": "Dag", "type": "string", "format": "date"},
    },
    "required": ["vad"],
    "x-next": "Går till den som väntar på besked.",
}
DATA = {"diarium": "RS", "nummer": "A1"}


def prov() -> str:
    """Two tasks of the registrar's at once, then a message, then an hour, then the end."""
    return bpmn.diagram(
        "prov",
        bpmn.start(),
        bpmn.script("raknat", "antal = 2"),
        bpmn.fork("dela"),
        bpmn.task("ta_emot", "Registrator", form="prov_svar", deadline="2 arbetsdagar",
                  rule="A3 · 3.1", help="Skriv vad som kom."),
        bpmn.task("kontrollera", "Registrator", deadline="2 arbetsdagar"),
        bpmn.fork("samla"),
        bpmn.catch("vanta_pa_besked", "provbesked", "[nummer]"),
        bpmn.timer("vanta_en_timme", "PT1H"),
        bpmn.end(),
        bpmn.chain("start", "raknat", "dela", "ta_emot", "samla", "vanta_pa_besked",
                   "vanta_en_timme", "slut"),
        bpmn.chain("dela", "kontrollera", "samla"),
        messages=("provbesked",),
    )  # fmt: skip


def failing() -> str:
    """After an hour it divides by what it was started with."""
    return bpmn.diagram(
        "provfel",
        bpmn.start(),
        bpmn.timer("vanta", "PT1H"),
        bpmn.script("dividera", "kvot = 1 / namnare"),
        bpmn.end(),
        bpmn.chain("start", "vanta", "dividera", "slut"),
    )


def started_by_message() -> str:
    return bpmn.diagram(
        "provstart",
        bpmn.node("startEvent", "start", bpmn.message_event("start", "provstarta")),
        bpmn.task("se_over", "Kanslichef", deadline="2 arbetsdagar"),
        bpmn.end(),
        bpmn.chain("start", "se_over", "slut"),
        messages=("provstarta",),
    )


def files() -> dict[str, Any]:
    return {
        "prov.bpmn": prov(),
        "prov_svar.json": json.dumps(FORM, ensure_ascii=False),
        "provfel.bpmn": failing(),
        "provstart.bpmn": started_by_message(),
    }
