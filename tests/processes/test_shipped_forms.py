"""The forms that come with the product, as a browser fills them in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine import forms
from processes.installation import DIAGRAMS

FORMS = sorted((DIAGRAMS / "forms").glob("*.json"))
PUBLISHED = {"publiceras": "ja", "var": "Reglerna, på intranätet."}


def schema_of(name: str) -> dict[str, Any]:
    return json.loads((DIAGRAMS / "forms" / f"{name}.json").read_text("utf-8"))


def objects(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The form and each kind of row in it."""
    yield schema
    for field in schema["properties"].values():
        if "properties" in field.get("items", {}):
            yield field["items"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_only_a_box_that_everyone_must_tick_demands_it_without_a_condition(path: Path) -> None:
    """A page sends every box, the unticked as no: elsewhere the demand would hold for all."""
    for one in objects(schema_of(path.stem)):
        must = {name for name, field in one["properties"].items() if field.get("const") is True}
        assert must <= set(one.get("required", ()))


def test_what_is_published_has_been_tried_for_secrecy() -> None:
    schema = schema_of("publicera")

    def wrong(answers: dict[str, Any]) -> list[str]:
        return [error.field for error in forms.validate(schema, answers, lambda _source: [])]

    assert wrong({"publiceras": "nej", "provat": False}) == []
    assert wrong({**PUBLISHED, "provat": False}) == ["provat"]
    assert wrong({**PUBLISHED, "provat": True}) == []
