"""Schemas to fields, and what was sent back to answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict

from engine.errors import FieldError
from engine.host import Option
from tests.web.small_process import FORM
from web import form_answers, form_widgets
from web.form_widgets import Kind, RowMode

FORMS = sorted((Path(__file__).parents[2] / "bpmn_models" / "forms").glob("*.json"))
PEOPLE = [Option(value="a", label="Handläggare 1", hint="6 ärenden"), Option(value="b", label="B")]
ANSWERS: dict[str, Any] = {
    "handlaggare": "a",
    "osaker": True,
    "beslutsform": "politiskt",
    "vag": [{"organ": "RUN"}, {"organ": "RS"}],
    "berorda": ["RUN"],
    "klart": "2026-02-12",
    "antal": 3,
    "meddelande": "Rad ett\nrad två & <fler>",
}
FIXED = {
    "properties": {
        "arenden": {
            "type": "array",
            "x-rows": "fixed",
            "items": {
                "properties": {
                    "dnr": {"type": "string", "readOnly": True},
                    "nummer": {"type": "integer", "readOnly": True},
                    "val": {"type": "string", "enum": ["ja", "nej"]},
                }
            },
        },
        "rubrik": {"type": "string", "readOnly": True},
    }
}


def options(source: str) -> Sequence[Option]:
    return PEOPLE if source == "personer" else []


def drawn(still_app: Flask, schema: dict[str, Any], answers: dict[str, Any], **more: Any) -> Any:
    """The form as it stands on the page."""
    form = form_widgets.build(schema, answers, options, more.get("errors", ()))
    template = '{% from "components/forms.html" import sections %}<form>{{ sections(form) }}</form>'
    with still_app.test_request_context():
        return html.fromstring(render_template_string(template, form=form))


def sent(form: Any) -> MultiDict[str, str]:
    """What a browser would send if nothing was touched."""
    pairs = []
    for field in form.xpath(".//input | .//select | .//textarea"):
        name, kind = field.get("name"), field.get("type")
        if kind in ("radio", "checkbox") and field.get("checked") is None:
            continue
        if field.tag == "select":
            chosen = field.xpath("./option[@selected]") or field.xpath("./option")[:1]
            pairs += [(name, option.get("value")) for option in chosen]
        elif field.tag == "textarea":
            pairs.append((name, field.text or ""))
        else:
            pairs.append((name, field.get("value", "")))
    return MultiDict(pairs)


def test_what_is_filled_in_comes_back_as_it_was(still_app: Flask) -> None:
    assert form_answers.read(FORM, sent(drawn(still_app, FORM, ANSWERS))) == ANSWERS


def test_an_empty_form_answers_nothing_but_its_boxes(still_app: Flask) -> None:
    found = form_answers.read(FORM, sent(drawn(still_app, FORM, {})))
    assert found == {"osaker": False, "vag": [], "berorda": []}


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_every_shipped_form_can_be_drawn_and_read(still_app: Flask, file: Path) -> None:
    schema = json.loads(file.read_text("utf-8"))
    form = drawn(still_app, schema, {})
    labelled = {label.get("for") for label in form.xpath(".//label")}
    fields = form.xpath(".//input[@type!='hidden'] | .//select | .//textarea")
    assert all(field.get("id") in labelled for field in fields)
    form_answers.read(schema, sent(form))


def test_a_number_that_is_none_stays_as_it_was_typed() -> None:
    assert form_answers.read(FORM, MultiDict({"antal": "tre"}))["antal"] == "tre"
    assert form_answers.read(FORM, MultiDict({"antal": " 3 "}))["antal"] == 3


def test_kinds_follow_from_the_schema() -> None:
    kinds = {name: form_widgets.kind_of(part) for name, part in FORM["properties"].items()}  # type: ignore[attr-defined]
    assert kinds == {
        "handlaggare": Kind.SELECT,
        "osaker": Kind.CHECKBOX,
        "beslutsform": Kind.RADIO,
        "vag": Kind.ROWS,
        "berorda": Kind.CHECKBOXES,
        "klart": Kind.DATE,
        "antal": Kind.NUMBER,
        "meddelande": Kind.TEXTAREA,
    }


def test_an_error_is_at_its_field_and_in_the_box_on_top(still_app: Flask) -> None:
    errors = [
        FieldError(field="klart", message="Ange en dag."),
        FieldError(field="vag.1.organ", message="Organet finns inte."),
        FieldError(field="", message="Något annat."),
    ]
    built = form_widgets.build(FORM, ANSWERS, options, errors)
    assert [problem.anchor for problem in built.problems] == ["klart", "vag-1-organ", ""]
    form = drawn(still_app, FORM, ANSWERS, errors=errors)
    field = form.get_element_by_id("klart")
    assert field.get("aria-invalid") == "true"
    assert form.get_element_by_id(field.get("aria-describedby")).text_content() == "Ange en dag."


def test_rows_are_added_taken_away_and_moved() -> None:
    two = {"vag": [{"organ": "RUN"}, {"organ": "RS"}]}
    change = form_answers.change_rows
    assert change(FORM, two, "vag.add")["vag"] == [*two["vag"], {}]
    assert change(FORM, two, "vag.remove.0")["vag"] == [{"organ": "RS"}]
    assert change(FORM, two, "vag.up.1")["vag"] == [{"organ": "RS"}, {"organ": "RUN"}]
    assert change(FORM, two, "vag.down.0")["vag"] == [{"organ": "RS"}, {"organ": "RUN"}]


def test_rows_whose_order_says_nothing_are_not_moved(still_app: Flask) -> None:
    part = {**FORM["properties"]["vag"], "x-rows": "unordered"}
    loose = {**FORM, "properties": {**FORM["properties"], "vag": part}}
    two = {"vag": [{"organ": "RUN"}, {"organ": "RS"}]}
    assert form_answers.change_rows(loose, two, "vag.up.1") == two
    assert form_answers.change_rows(loose, two, "vag.remove.0")["vag"] == [{"organ": "RS"}]
    buttons = drawn(still_app, loose, two).xpath("//button/@value")
    assert "vag.remove.1" in buttons
    assert "vag.up.1" not in buttons


@pytest.mark.parametrize("action", ["", "vag", "vag.eat.1", "klart.add", "annat.add", "vag.up.x"])
def test_a_button_that_is_not_there_changes_nothing(action: str) -> None:
    two = {"vag": [{"organ": "RUN"}, {"organ": "RS"}]}
    assert form_answers.change_rows(FORM, two, action) == two


def test_rows_left_empty_say_nothing() -> None:
    answers = {"vag": [{"organ": "RUN"}, {}, {"organ": ""}]}
    assert form_answers.without_empty_rows(FORM, answers) == {"vag": [{"organ": "RUN"}]}


def test_what_is_only_shown_cannot_be_changed_by_sending_something_else() -> None:
    defaults = {"arenden": [{"dnr": "RS/1/2026", "nummer": 7}], "rubrik": "Rätt"}
    answers = {
        "arenden": [
            {"dnr": "RS/1/2026", "nummer": 7, "val": "ja"},
            {"dnr": "RS/9/2026", "nummer": 7, "val": "ja"},
        ],
        "rubrik": "Fel",
    }
    assert form_answers.with_read_only(FIXED, answers, defaults) == {
        "arenden": [{"dnr": "RS/1/2026", "nummer": 7, "val": "ja"}],
        "rubrik": "Rätt",
    }


@pytest.mark.parametrize("kept", [["a", "b"], []])
def test_a_hidden_list_comes_back_as_the_form_opened_with_it(
    still_app: Flask, kept: list[str]
) -> None:
    schema = {
        "properties": {
            "forut": {"type": "array", "x-widget": "hidden", "items": {"type": "string"}}
        }
    }
    page = drawn(still_app, schema, {"forut": kept})
    assert [each.get("value") for each in page.xpath("//input[@type='hidden']")] == kept
    assert not page.xpath("//label | //fieldset")
    assert form_answers.read(schema, MultiDict([("forut", each) for each in kept])) == {
        "forut": kept
    }


def test_fixed_rows_have_no_buttons(still_app: Flask) -> None:
    answers = {"arenden": [{"dnr": "RS/1/2026", "nummer": 7}]}
    form = drawn(still_app, FIXED, answers)
    assert not form.xpath(".//button")
    assert form_answers.read(FIXED, sent(form)) == {"arenden": [{"dnr": "RS/1/2026", "nummer": 7}]}
    assert form_widgets.build(FIXED, answers, options).sections[0].widgets[0].row_mode is (
        RowMode.FIXED
    )


CALLED = {
    "properties": {
        "anteckna": {"type": "string", "enum": ["nej", "ja"]},
        "jav": {"title": "Jäv", "type": "string"},
        "visas": {"title": "Direktiv", "type": "string", "x-widget": "output"},
    },
    "allOf": [
        {
            "if": {"properties": {"anteckna": {"const": "ja"}}, "required": ["anteckna"]},
            "then": {"properties": {"jav": {}}},
        }
    ],
}


def test_a_field_may_belong_to_an_answer_without_being_demanded_by_it(still_app: Flask) -> None:
    _choice, field, _shown = form_widgets.build(CALLED, {}, options).sections[0].widgets
    assert field.when is not None
    assert (field.when.name, field.when.values, field.conditional) == ("anteckna", ("ja",), False)
    assert drawn(still_app, CALLED, {}).xpath(".//*[@data-when='anteckna']")


@pytest.mark.parametrize(("said", "shown"), [("Håll det kort.", True), ("", False), (None, False)])
def test_what_was_not_said_is_not_shown(still_app: Flask, said: str | None, shown: bool) -> None:
    form = drawn(still_app, CALLED, {} if said is None else {"visas": said})
    assert bool(form.xpath(".//output")) is shown


def test_very_many_boxes_are_searched_and_the_ticked_ones_stand_first(still_app: Flask) -> None:
    people = [f"Person {number}" for number in range(20)]
    field = {"title": "Vilka", "type": "array", "items": {"enum": people, "type": "string"}}
    schema = {"properties": {"vilka": field}}
    form = drawn(still_app, schema, {"vilka": ["Person 3", "Person 17"]})
    boxes = form.xpath(".//input[@type='checkbox']")
    assert [box.get("value") for box in boxes[:3]] == ["Person 3", "Person 17", "Person 0"]
    assert [box.get("checked") is not None for box in boxes[:3]] == [True, True, False]
    [search] = form.xpath(".//input[@type='search']")
    assert search.get("name") is None, "what is searched for is no answer"
    assert form.xpath(f".//label[@for='{search.get('id')}']")
    assert search.get("aria-controls") == boxes[0].getparent().getparent().get("id")
    assert form.xpath(".//div[@data-search-for]/@hidden"), "without script there is no field"


def test_a_few_boxes_stand_as_they_are(still_app: Flask) -> None:
    schema = {"properties": {"vilka": {"type": "array", "items": {"enum": ["a", "b"]}}}}
    form = drawn(still_app, schema, {"vilka": ["b"]})
    assert form.xpath(".//input[@type='checkbox']/@value") == ["a", "b"]
    assert not form.xpath(".//input[@type='search']")


@pytest.mark.parametrize(
    ("value", "said"), [("2026-03-02", "mån 2 mar"), ("när det går", "när det går"), (None, None)]
)
def test_a_day_that_is_only_shown_is_said_as_people_say_it(
    still_app: Flask, value: str | None, said: str | None
) -> None:
    field = {"title": "Klart", "type": "string", "format": "date", "readOnly": True}
    form = drawn(still_app, {"properties": {"klart": field}}, {"klart": value})
    shown = [" ".join(one.text_content().split()) for one in form.xpath(".//output")]
    assert shown == ([said] if said else [])
    if said:
        assert sent(form).getlist("klart") == [value], "what is sent back is what came"
