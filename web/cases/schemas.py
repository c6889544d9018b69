"""The forms of the case pages, in the same format as those of the diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.records import Direction
from web.cases import words
from web.texts import gettext as _

Schema = dict[str, Any]

MAX_LINE = 200


def new_case(registries: Mapping[str, str], people: Mapping[str, str]) -> Schema:
    """What OSL 5:2 and chapter 3 ask of a new case."""
    return {
        "type": "object",
        "required": ["registry_code", "kind", "received_on", "heading"],
        "allOf": [_if_secret("legal_ground", "public_heading")],
        "x-sections": [
            {"title": _("Vad kom in?"), "fields": ["kind", "received_on", "initiator"]},
            {"title": _("Ärendet"), "fields": ["registry_code", "heading", "case_officer"]},
            {"title": _("Sekretess"), "fields": ["secret", "legal_ground", "public_heading"]},
            {"title": _("Handlingen"), "fields": ["files"]},
        ],
        "properties": {
            "kind": {
                "title": _("Vad väcker ärendet?"),
                "type": "string",
                "x-widget": "select",
                "oneOf": _choices(words.kinds()),
            },
            "received_on": {
                "title": _("Kom in eller väcktes"),
                "description": _("Dagen handlingen kom hit, inte dagen den registreras."),
                "type": "string",
                "format": "date",
            },
            "initiator": {
                "title": _("Från vem"),
                "description": _("Avsändare eller den som tar initiativet."),
                "type": "string",
                "maxLength": MAX_LINE,
            },
            "registry_code": {
                "title": _("Diarium"),
                "type": "string",
                "x-widget": "select",
                "oneOf": _choices(registries),
            },
            "heading": {
                "title": _("Ärendemening"),
                "description": _("Kort och begriplig för den som inte kan ärendet."),
                "type": "string",
                "maxLength": MAX_LINE,
            },
            "case_officer": {
                "title": _("Vem ska handlägga?"),
                "description": _(
                    "Bara om det redan är bestämt enligt kriterierna. Annars fördelas ärendet."
                ),
                "type": "string",
                "x-widget": "select",
                "oneOf": _choices(people),
            },
            **_secrecy(),
            **_files(_("Det som kom in. Det diarieförs som ärendets första handling.")),
        },
    }


def change_case() -> Schema:
    return {
        "type": "object",
        "required": ["heading", "kind", "received_on"],
        "properties": {
            "heading": {"title": _("Ärendemening"), "type": "string", "maxLength": MAX_LINE},
            "public_heading": {
                "title": _("Offentlig ärendemening"),
                "description": _("Står på föredragningslistan och i annat som alla får läsa."),
                "type": "string",
                "maxLength": MAX_LINE,
            },
            "kind": {
                "title": _("Slag"),
                "type": "string",
                "x-widget": "select",
                "oneOf": _choices(words.kinds()),
            },
            "initiator": {"title": _("Väckt av"), "type": "string", "maxLength": MAX_LINE},
            "received_on": {"title": _("Kom in eller väcktes"), "type": "string", "format": "date"},
            "ready_by_on": {"title": _("Färdigberett senast"), "type": "string", "format": "date"},
            "decide_by_on": {"title": _("Beslut senast"), "type": "string", "format": "date"},
        },
    }


def record(*, registered: bool | None = None) -> Schema:
    """The facts of OSL 5:2 for one record; `registered` None lets the writer choose."""
    properties: Schema = {
        "direction": {
            "title": _("Riktning"),
            "type": "string",
            "x-widget": "radio",
            "oneOf": _choices(words.directions()),
        },
        "dated_on": {
            "title": _("Datum"),
            "description": _("Dagen den kom in, skickades eller upprättades."),
            "type": "string",
            "format": "date",
        },
        "subject": {
            "title": _("Vad handlingen rör"),
            "description": _("I korthet. Det är så den hittas."),
            "type": "string",
            "maxLength": MAX_LINE,
        },
        "sender": {
            "title": _("Avsändare"),
            "type": "string",
            "maxLength": MAX_LINE,
        },
        "recipient": {
            "title": _("Mottagare"),
            "type": "string",
            "maxLength": MAX_LINE,
        },
    }
    sections = [
        {
            "title": _("Handlingen"),
            "fields": ["direction", "dated_on", "subject", "sender", "recipient"],
        }
    ]
    if registered is None:
        properties |= _handling() | _secrecy(public=False) | _files()
        sections += [
            {"title": _("Hur ska den hanteras?"), "fields": ["handling"]},
            {"title": _("Sekretess"), "fields": ["secret", "legal_ground"]},
            {"title": _("Filer"), "fields": ["files"]},
        ]
    required = ["direction", "dated_on", "subject"]
    rules = [_if_direction(Direction.IN, "sender"), _if_direction(Direction.OUT, "recipient")]
    return {
        "type": "object",
        "required": required if registered is not None else [*required, "handling"],
        "allOf": rules if registered is not None else [*rules, _if_secret("legal_ground")],
        "x-sections": sections,
        "properties": properties,
    }


def _if_secret(*fields: str) -> Schema:
    return {
        "if": {"properties": {"secret": {"const": True}}, "required": ["secret"]},
        "then": {"required": list(fields)},
    }


def _if_direction(direction: Direction, field: str) -> Schema:
    return {
        "if": {"properties": {"direction": {"const": str(direction)}}, "required": ["direction"]},
        "then": {"required": [field]},
    }


def _handling() -> Schema:
    return {
        "handling": {
            "title": _("Hur ska den hanteras?"),
            "type": "string",
            "x-widget": "radio",
            "oneOf": [
                {"const": "registreras", "title": _("Diarieför nu")},
                {
                    "const": "arbetsmaterial",
                    "title": _("Arbetsmaterial"),
                    "description": _("Utkast och anteckningar som inte ska diarieföras."),
                },
                {
                    "const": "beslutas",
                    "title": _("Ska beslutas"),
                    "description": _("Diarieförs först när den är beslutad (kapitel 5)."),
                },
            ],
        }
    }


def _secrecy(*, public: bool = True) -> Schema:
    fields: Schema = {
        "secret": {
            "title": _("Innehåller uppgifter som omfattas av sekretess"),
            "description": _("Då ser bara de som arbetar med det."),
            "type": "boolean",
        },
        "legal_ground": {
            "title": _("Lagrum"),
            "description": _("Till exempel 25 kap. 1 § OSL."),
            "type": "string",
            "maxLength": MAX_LINE,
        },
    }
    if public:
        fields["public_heading"] = {
            "title": _("Offentlig ärendemening"),
            "description": _(
                "Det som får stå på föredragningslistan och i annat som alla får läsa."
            ),
            "type": "string",
            "maxLength": MAX_LINE,
        }
    return fields


def _files(hint: str = "") -> Schema:
    return {"files": {"title": _("Filer"), "description": hint, "x-widget": "file"}}


def _choices(labels: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"const": str(value), "title": label} for value, label in labels.items()]
