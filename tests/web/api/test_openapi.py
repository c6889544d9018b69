"""The document describes every call; what it says of answers, every test of a call proves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from tests.web.api.calling import PREFIX, Caller
from tests.web.api.conftest import As

WRITES = {"post", "patch"}


@pytest.fixture(scope="module")
def app(still_as: As) -> Flask:
    return still_as("").app


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = Caller(app, None).document
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, calls in document["paths"].items()
        for method, operation in calls.items()
        if method != "parameters"
    ]


def test_every_address_is_described_and_no_other(app: Flask, document: dict[str, Any]) -> None:
    described = {(path, method.upper()) for path, method, _operation in operations(document)}
    there = {
        (_in_braces(rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == there


def test_every_call_has_an_id_a_summary_and_says_what_it_refuses(
    document: dict[str, Any],
) -> None:
    found = operations(document)
    ids = [operation["operationId"] for _path, _method, operation in found]
    assert len(ids) == len(set(ids))
    for path, method, operation in found:
        assert operation["summary"], (path, method)
        refusals = {status for status in operation["responses"] if status >= "400"}
        assert {"401", "403"} <= refusals, (path, method)
        assert ("{" not in path) or "404" in refusals, (path, method)
        assert method not in WRITES or {"409", "413"} <= refusals, (path, method)


def test_what_is_sent_is_described(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if method in WRITES and not path.startswith(f"{PREFIX}/incidents"):
            assert operation["requestBody"]["content"], (path, method)


def test_parameters_in_the_path_are_declared(document: dict[str, Any]) -> None:
    for path, calls in document["paths"].items():
        declared = {part["name"] for part in calls.get("parameters", ())}
        assert declared == {part.partition("}")[0] for part in path.split("{")[1:]}, path


def test_what_is_referred_to_is_there(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for reference in set(_references(document)):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    for name in document["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, f"nothing refers to {name}"


def test_every_schema_is_a_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_a_token_is_said_to_be_needed(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_document_is_there_for_everyone(app: Flask) -> None:
    assert app.test_client().get(f"{PREFIX}/openapi.json").status_code == 200


def _in_braces(rule: str) -> str:
    """/tasks/<path:number>/claim as the document writes it."""
    parts = []
    for part in rule.split("/"):
        name = part[1:-1].rpartition(":")[2] if part.startswith("<") else None
        parts.append(f"{{{name}}}" if name else part)
    return "/".join(parts)


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for inner in part.values() for found in _references(inner)]
    if isinstance(part, list):
        return [found for inner in part for found in _references(inner)]
    return []
