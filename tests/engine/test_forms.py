from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import forms

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rubrik": {"title": "Rubrik", "type": "string", "minLength": 3, "maxLength": 10},
        "slag": {
            "title": "Slag av ärende",
            "type": "string",
            "oneOf": [{"const": "motion", "title": "Motion"}, {"const": "remiss"}],
        },
        "datum": {"title": "Dag", "type": "string", "format": "date"},
        "antal": {"title": "Antal", "type": "integer", "minimum": 1, "maximum": 5},
        "handlaggare": {"title": "Handläggare", "type": "string", "x-source": "personer"},
        "organ": {
            "title": "Organ",
            "type": "array",
            "items": {"type": "string"},
            "x-source": "organ",
            "minItems": 1,
        },
        "vag": {
            "title": "Beslutsväg",
            "type": "array",
            "x-widget": "rows",
            "items": {
                "type": "object",
                "required": ["organ"],
                "properties": {
                    "organ": {"title": "Organ", "type": "string", "x-source": "organ"},
                    "skal": {"title": "Skäl", "type": "string"},
                },
            },
        },
        "jav": {"title": "Är någon jävig?", "type": "boolean"},
        "vem": {"title": "Vem är jävig", "type": "string"},
        "last": {"title": "Jag har läst", "type": "boolean", "const": True},
        "post": {"title": "E-post", "type": "string", "format": "email"},
    },
    "required": ["rubrik", "slag"],
    "allOf": [
        {
            "if": {"properties": {"jav": {"const": True}}, "required": ["jav"]},
            "then": {"required": ["vem"]},
        }
    ],
}
GOOD = {"rubrik": "Motion", "slag": "motion"}


def offered(source: str) -> list[str]:
    return {"personer": ["h1", "h2"], "organ": ["RS", "RF"]}[source]


def told(**answers: Any) -> dict[str, str]:
    errors = forms.validate(SCHEMA, {**GOOD, **answers}, offered)
    return {error.field: error.message for error in errors}


def test_good_answers_have_no_errors() -> None:
    everything = {
        "datum": "2026-03-02", "antal": 5, "handlaggare": "h1", "organ": ["RS"], "jav": False,
        "vag": [{"organ": "RS", "skal": "x"}, {"organ": "RF"}], "last": True, "post": "a@b.se",
    }  # fmt: skip
    assert told() == {}
    assert told(**everything) == {}


@pytest.mark.parametrize(
    ("answers", "field", "says"),
    [
        ({"rubrik": None}, "rubrik", "Fyll i rubrik."),
        ({"rubrik": "   "}, "rubrik", "Fyll i rubrik."),
        ({"slag": ""}, "slag", "Välj slag av ärende."),
        ({"rubrik": "ab"}, "rubrik", "Skriv minst 3 tecken."),
        ({"rubrik": "a" * 11}, "rubrik", "Skriv högst 10 tecken."),
        ({"slag": "annat"}, "slag", "Välj ett av alternativen."),
        ({"datum": "2026-02-30"}, "datum", "Skriv ett datum som finns, till exempel 2026-03-31."),
        ({"datum": "20260301"}, "datum", "Skriv ett datum som finns, till exempel 2026-03-31."),
        ({"antal": 0}, "antal", "Ange 1 eller mer."),
        ({"antal": 6}, "antal", "Ange 5 eller mindre."),
        ({"antal": "två"}, "antal", "Skriv ett heltal med siffror."),
        ({"handlaggare": "h9"}, "handlaggare", "Välj något av det som erbjuds."),
        ({"organ": ["RS", "XX"]}, "organ", "Välj något av det som erbjuds."),
        ({"vag": [{"organ": "RS"}, {}]}, "vag.1.organ", "Välj organ."),
        ({"vag": [{"organ": "XX"}]}, "vag.0.organ", "Välj något av det som erbjuds."),
        ({"vag": [{"organ": "RS", "x": 1}]}, "vag.0.x", "Formuläret frågar inte efter detta."),
        ({"jav": True}, "vem", "Fyll i vem är jävig."),
        ({"last": False}, "last", "Kryssa i rutan för att gå vidare."),
        ({"post": "nej"}, "post", "Skriv en e-postadress, till exempel namn@example.se."),
        ({"typename": "UUID"}, "typename", "Formuläret frågar inte efter detta."),
        ({"vem": "x" * 20_001}, "vem", "Skriv högst 20000 tecken."),
    ],
)
def test_each_mistake_is_told_at_its_field(answers: dict[str, Any], field: str, says: str) -> None:
    found = told(**answers)
    assert list(found) == [field]
    assert found[field].startswith(says)


def test_errors_come_in_the_order_of_the_form_and_once_per_field() -> None:
    sections = [{"title": "A", "fields": ["slag", "rubrik"]}]
    errors = forms.validate({**SCHEMA, "x-sections": sections}, {"antal": 9}, offered)
    assert [error.field for error in errors] == ["slag", "rubrik", "antal"]


def test_what_is_too_much_or_no_json_is_refused_whole() -> None:
    assert told(vag=[{"organ": "RS", "skal": "x" * 15_000}] * 20).keys() == {""}
    assert told(antal=float("nan")).keys() == {""}


def test_what_was_left_out_is_there_for_expressions_to_ask_about() -> None:
    whole = forms.filled(SCHEMA, GOOD)
    assert whole["slag"] == "motion"
    assert whole["datum"] is None
    assert whole["vag"] == []
    assert whole["jav"] is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = st.sampled_from([*SCHEMA["properties"], "okand"])


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_whatever_is_sent_is_judged_in_words(answers: dict[str, Any]) -> None:
    for error in forms.validate(SCHEMA, answers, offered):
        assert error.message


def test_no_answer_takes_long_to_match() -> None:
    schema = {"properties": {"namn": {"type": "string", "title": "Namn", "pattern": r"\w*\d*x"}}}
    started = time.thread_time()
    found = forms.validate(schema, {"namn": "1" * 20_000}, lambda _source: [])
    assert [error.field for error in found] == ["namn"]
    assert time.thread_time() - started < 0.5
