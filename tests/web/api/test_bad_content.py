"""Whatever is sent, a refusal that names what is wrong: never a failure within.

`Caller` fails on any 5xx, and on an answer that the document doesn't describe.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes import accounts
from processes.product import Product
from tests.web.api import small
from tests.web.api.calling import Caller
from tests.web.api.conftest import NEW_CASE, As

POSTS = (
    "/instances",
    "/messages",
    "/cases",
    "/meetings",
    "/tasks/finns-inte/claim",
    "/tasks/finns-inte/complete",
    "/instances/finns-inte/cancel",
)
HUGE = 10**400
BODIES = {
    "not JSON": b"{",
    "not UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a number": b"1",
    "NaN": b'{"name": NaN}',
    "infinity": b'{"payload": {"a": 1e999}}',
    "a huge number": f'{{"lock_version": {HUGE}}}'.encode(),
    "more digits than Python reads": b'{"lock_version": ' + b"9" * 5000 + b"}",
    "NUL": rb'{"name": "a\u0000b"}',
    "NUL in a name": rb'{"a\u0000b": 1}',
    "half a surrogate": rb'{"name": "\ud800"}',
    "deep": b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep enough": b'{"data": ' + b'{"a":' * 200 + b"1" + b"}" * 201,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_is_too_strange_to_be_refused(still_as: As, body: bytes) -> None:
    caller = still_as("administrator")
    for path in POSTS:
        response = caller.call("POST", path, data=body, content_type="application/json")
        assert response.status_code in (404, 422), (path, response.text)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_what_is_not_json_is_refused(still_as: As, kind: str) -> None:
    body = json.dumps(NEW_CASE).encode()
    for path in POSTS:
        response = still_as("administrator").call("POST", path, data=body, content_type=kind)
        assert response.status_code == 422, path
        assert response.json is not None
        assert "application/json" in response.json["detail"]


def test_a_body_that_is_too_large_is_refused_unread(still_as: As) -> None:
    body = json.dumps({**NEW_CASE, "heading": "x" * 2_000_000}).encode()
    response = still_as("registrator_rs").call(
        "POST", "/cases", data=body, content_type="application/json"
    )
    assert response.status_code == 413


LISTS = ("/tasks", "/instances", "/cases", "/timers", "/incidents", "/meetings", "/processes")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "201"},
        {"limit": "många"},
        {"limit": str(HUGE)},
        {"cursor": "påhittad"},
        {"cursor": "W10="},  # []
        {"cursor": "WzFd"},  # [1]
        {"cursor": "eyJhIjogMX0="},  # {"a": 1}
        {"cursor": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgImEiXQ=="},  # year 1, 14 hours ahead
        {"cursor": "x" * 3000},
    ],
)
def test_a_page_that_cannot_be_meant_is_refused(still_as: As, query: dict[str, str]) -> None:
    for path in LISTS:
        still_as("administrator").get(path, 422, **query)


@pytest.mark.parametrize(
    "path",
    ["/tasks/a%00b", "/instances/%00", "/cases/RS/1/2026%00", "/meetings/%ED%A0%80", "/tasks/%FF"],
)
def test_an_address_with_what_no_text_holds_is_not_there(still_as: As, path: str) -> None:
    still_as("administrator").get(path, 404)


def test_a_query_with_what_no_text_holds_is_refused(still_as: As) -> None:
    still_as("administrator").get("/cases", 422, q="a\x00b")
    assert still_as("administrator").get("/instances", 422, process="\x00")["errors"]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.dates().map(str)
    | st.sampled_from(["RS", "RS/1/2026", "motion", "2026-02-03", "9999-12-31", "prov", "me"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        *NEW_CASE,
        *("initiator", "public_heading", "classification", "secret", "legal_ground"),
        *("process", "business_key", "data", "version", "name", "key", "payload", "keep"),
        *("organ", "on", "last_day_on", "submission_on", "place", "extra", "reason", "cancelled"),
        *("lock_version", "to"),
    ]
)
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def administrator(app: Flask, product: Product) -> Caller:
    """One who may call everything: an administrator, process owner and registrar."""
    with product.database.writing() as session:
        accounts.get(session, "registrator_rs").is_administrator = True
        accounts.get(session, "registrator_rs").is_process_owner = True
        token = accounts.create_token(
            session, "registrator_rs", label="prov", now=product.clock.now()
        )
    return Caller(app, token)


@FEW
@given(path=st.sampled_from(POSTS), body=st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_names_with_any_values(administrator: Caller, path: str, body: dict[str, Any]) -> None:
    administrator.call("POST", path, json=body)


@FEW
@given(change=st.dictionaries(st.sampled_from(list(NEW_CASE)), VALUES, max_size=2))
def test_a_case_with_a_little_wrong(administrator: Caller, change: dict[str, Any]) -> None:
    administrator.call("POST", "/cases", json={**NEW_CASE, **change})


@FEW
@given(data=st.dictionaries(st.sampled_from(["vad", "vem", "antal", "dag", "annat"]), VALUES))
def test_any_answers_to_a_form(administrator: Caller, data: dict[str, Any]) -> None:
    tasks = administrator.get("/tasks", process="prov")["items"]
    if not [task for task in tasks if task["element"] == "ta_emot"]:
        administrator.post("/instances", {"process": "prov", "data": small.DATA}, 201)
        tasks = administrator.get("/tasks", process="prov")["items"]
    task = next(task for task in tasks if task["element"] == "ta_emot")
    content = {"data": data, "lock_version": task["lock_version"]}
    for action in ("draft", "complete"):
        administrator.call("POST", f"/tasks/{task['id']}/{action}", json=content)
    administrator.get(f"/tasks/{task['id']}")


@FEW
@given(data=st.dictionaries(st.sampled_from(["dnr", "mote_id", "diarium", "nummer"]), VALUES))
def test_any_process_with_any_data(administrator: Caller, data: dict[str, Any]) -> None:
    for process in ("arende", "handlaggning", "sammantrade", "avslut", "prov"):
        administrator.call("POST", "/instances", json={"process": process, "data": data})


@FEW
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["limit", "cursor", "q", "status", "due_before", "year", "organ", "role", "element"]
        ),
        st.text(max_size=30) | st.integers().map(str) | st.datetimes().map(str),
    ),
    path=st.sampled_from(["/tasks", "/cases", "/instances", "/timers", "/meetings"]),
)
def test_any_question(administrator: Caller, path: str, query: dict[str, str]) -> None:
    administrator.call("GET", path, query_string=query)
