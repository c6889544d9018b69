from __future__ import annotations

import json
from typing import Any

import pytest

from engine.gate import check, lint, report
from tests.engine.bpmn import diagram
from tests.engine.gate.judging import CONTEXT, SOUND

FIELD = {"title": "Namn", "type": "string"}


def codes(**form: Any) -> set[str]:
    whole = {"title": "Prov", "type": "object", "properties": {"namn": FIELD}, **form}
    return {finding.code for finding in check({"prov.json": json.dumps(whole)}, CONTEXT)}


def field(**words: Any) -> set[str]:
    return codes(properties={"namn": {**FIELD, **words}})


def nested(levels: int) -> list[Any]:
    schema: list[Any] = []
    for _level in range(levels):
        schema = [{"allOf": schema}]
    return schema


@pytest.mark.parametrize("pattern", [r"^[A-Z]+/\d{1,6}/\d{4}$", r"^\d{6}-?\d{4}$", "^(ja|nej)?$"])
def test_an_ordinary_pattern_is_taken(pattern: str) -> None:
    assert field(pattern=pattern) == set()


def test_a_form_with_everything_in_its_place_is_sound() -> None:
    rows = {
        "title": "Rader",
        "type": "array",
        "x-widget": "rows",
        "items": {"type": "object", "properties": {"organ": {**FIELD, "x-source": "organ"}}},
    }
    assert codes(
        properties={"namn": {**FIELD, "x-default": "arende.namn"}, "rader": rows},
        required=["namn"],
        allOf=[{"if": {"required": ["namn"]}, "then": {"required": ["rader"]}}],
        **{"x-sections": [{"title": "Allt", "fields": ["namn", "rader"]}]},
    ) == set()  # fmt: skip


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (codes(title=""), "form_title"),
        (codes(type="array"), "form_object"),
        (codes(properties=[]), "form_schema"),
        (codes(required=["borta"]), "form_required"),
        (codes(allOf=[{"if": {}, "then": {"required": ["borta"]}}]), "form_required"),
        (codes(**{"$ref": "https://example.se/x"}), "form_ref"),
        (codes(**{"x-sections": [{"title": "A", "fields": []}]}), "form_sections"),
        (codes(**{"x-sections": "A"}), "form_sections"),
        (codes(properties={"Namn": FIELD}), "field_name"),
        (codes(properties={"namn": True}), "field"),
        (field(title=""), "field_title"),
        (field(type="null"), "field_type"),
        (field(type="nonsens"), "form_schema"),
        (field(**{"x-widget": "karta"}), "field_widget"),
        (field(**{"x-default": "import os"}), "field_default"),
        (field(**{"x-okand": 1}), "field_hint"),
        (field(pattern="(a+)+b"), "field_pattern"),
        (field(pattern="("), "form_schema"),
        (field(pattern="((a)+)+$"), "field_pattern"),
        (field(pattern="(a|aa)+$"), "field_pattern"),
        (field(pattern=r"\d*\d*\d*x"), "field_pattern"),
        (field(pattern="a{1,900}"), "field_pattern"),
        (field(pattern=r"(.)\1"), "field_pattern"),
        (field(pattern="(?=a)"), "field_pattern"),
        (codes(allOf=[{"then": {"properties": {"namn": {"pattern": "(a+)+"}}}}]), "field_pattern"),
        (codes(patternProperties={"a": {}}), "form_unnamed"),
        (codes(propertyNames={"pattern": "a"}), "form_unnamed"),
        (codes(allOf=nested(150)), "form_deep"),
        (codes(title="\ud800"), "not_json"),
    ],
)
def test_a_form_that_could_not_be_shown_or_judged_is_told(found: set[str], code: str) -> None:
    assert code in found


def test_two_files_may_not_hold_the_same() -> None:
    text = diagram("prov", *SOUND)
    found = check({"a.bpmn": text, "b.bpmn": text}, CONTEXT)
    assert {(finding.file, finding.code) for finding in found} == {("b.bpmn", "taken")}


def test_findings_become_lines_that_an_editor_can_follow(tmp_path: Any) -> None:
    file = tmp_path / "prov.bpmn"
    file.write_text(diagram("prov", *SOUND).replace("Handläggare", "Kung"))
    (found,) = lint([file], CONTEXT)
    assert report.line(found).startswith(
        f"{file}:steg: Rollen Kung finns inte. De som finns är Handläggare, Sekreterare."
    )
