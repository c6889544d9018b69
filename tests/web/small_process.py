"""A process of two steps in place of the real `arende`, and a form with every kind of field."""

from __future__ import annotations

import json

from tests.engine import bpmn

FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Fördela ärendet",
    "description": "Bestäm vem som handlägger, vem som beslutar och när det ska vara klart.",
    "type": "object",
    "properties": {
        "handlaggare": {"title": "Handläggare", "type": "string", "x-source": "personer"},
        "osaker": {"title": "Jag är osäker", "type": "boolean"},
        "beslutsform": {
            "title": "Vem beslutar?",
            "type": "string",
            "x-default": "'delegation'",
            "oneOf": [
                {"const": "politiskt", "title": "Ett politiskt organ"},
                {"const": "delegation", "title": "En tjänsteman", "description": "På delegation"},
            ],
        },
        "vag": {
            "title": "Beslutsväg",
            "type": "array",
            "items": {
                "type": "object",
                "title": "Organ",
                "properties": {"organ": {"title": "Organ", "type": "string"}},
                "required": ["organ"],
            },
        },
        "berorda": {
            "title": "Berörda",
            "type": "array",
            "items": {"type": "string", "enum": ["HSN", "RUN"]},
        },
        "klart": {"title": "Klart senast", "type": "string", "format": "date"},
        "antal": {"title": "Antal bilagor", "type": "integer", "minimum": 0},
        "meddelande": {"title": "Meddelande", "type": "string", "x-widget": "textarea"},
    },
    "required": ["handlaggare", "klart"],
    "x-sections": [
        {"title": "Vem handlägger?", "fields": ["handlaggare", "osaker"]},
        {"title": "Vem beslutar?", "fields": ["beslutsform"]},
        {"title": "Beslutsväg", "fields": ["vag", "berorda"]},
        {"title": "När och hur", "fields": ["klart", "antal", "meddelande"]},
    ],
    "x-next": "Går till Registrator, som tar emot beskedet.",
}


def files() -> dict[str, str]:
    diagram = bpmn.diagram(
        "arende",
        bpmn.start(),
        bpmn.node(
            "userTask", "fordela_arende", name="Fördela ärendet",
            role="Fördelare", form="prov", deadline="3 arbetsdagar", rule="A10 · 4",
            help="Bestäm vem som handlägger.",
        ),
        bpmn.node(
            "userTask", "ta_emot_besked", name="Ta emot beskedet", role="Registrator",
            deadline="2 arbetsdagar",
        ),
        bpmn.end(),
        bpmn.chain("start", "fordela_arende", "ta_emot_besked", "slut"),
    )  # fmt: skip
    return {"arende.bpmn": diagram, "prov.json": json.dumps(FORM, ensure_ascii=False)}
