from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from engine import plain_forms

LONGEST = 100
FORMS = Path(__file__).parents[2] / "bpmn_models" / "forms"
TEXTS = st.sampled_from(
    ["", "a", "abc", "2026-01-31", "2026-02-30", "2026-W01-1", "٢٠٢٦-٠١-٠١", "å"]
)
VALUES = st.one_of(
    TEXTS, st.integers(-3, 6), st.floats(-1, 5), st.booleans(), st.none(), st.just([])
)
FIELDS = st.fixed_dictionaries(
    {"title": TEXTS},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "array"]),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "minimum": st.integers(-1, 3),
        "maximum": st.integers(-1, 3),
        "format": st.sampled_from(["date", "email", "time"]),
        "enum": st.lists(VALUES, max_size=3),
        "const": VALUES,
        "pattern": st.sampled_from(["^a", "b$"]),
        "x-widget": TEXTS,
    },
)
NAMES = st.sampled_from(["ett", "tva"])
FORM_SCHEMAS = st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.dictionaries(NAMES, FIELDS)},
    optional={
        "required": st.lists(NAMES, unique=True),
        "additionalProperties": st.booleans(),
        "allOf": st.just([{"required": ["ett"]}]),
    },
)


@given(FORM_SCHEMAS, st.dictionaries(NAMES, VALUES))
def test_what_is_seen_to_be_right_is_right(schema: dict[str, Any], answers: dict[str, Any]) -> None:
    validator = Draft202012Validator(
        schema, format_checker=FormatChecker(formats=("date", "email"))
    )
    if plain_forms.sees(schema, LONGEST)(answers):
        assert validator.is_valid(answers)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "string", "minLength": 1}, "text"),
        ({"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": "integer", "minimum": 0}, 3),
        ({"type": "boolean", "title": "Klart", "x-widget": "checkbox"}, True),
        ({"type": "string", "enum": ["ja", "nej"]}, "ja"),
    ],
)
def test_right_answers_to_plain_fields_are_seen(field: dict[str, Any], value: object) -> None:
    assert plain_forms.sees({"type": "object", "properties": {"svar": field}}, LONGEST)(
        {"svar": value}
    )


def test_much_of_what_the_shipped_forms_ask_for_is_plain() -> None:
    schemas = [json.loads(path.read_text("utf-8")) for path in FORMS.glob("*.json")]
    plain = [
        schema for schema in schemas if plain_forms.sees({**schema, "required": []}, LONGEST)({})
    ]
    assert len(plain) > len(schemas) / 2
