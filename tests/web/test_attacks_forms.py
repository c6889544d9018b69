"""Whatever is sent in a form, to whatever address: told in words; without its mark, nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping

import pytest
from lxml import html
from werkzeug.test import TestResponse

from tests.web.office import API, PEOPLE, Office, address, told_kindly
from tests.web.pages import Page

MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"
ODD_VALUES = (
    "", "\0a\x1b[0m\u202eb\r\nX: y", "🙈" * 50, "x" * 30_000, "0001-01-01", "9999-12-31", "٣",
    "9" * 5000, "-1", MARKUP, "' OR 1=1--",
)  # fmt: skip
# Those who log in or out are led on, and would be somebody else for the next address.
LEADING_ON = frozenset({"login.log_in", "login.choose_role", "login.log_out"})
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def names(office: Office) -> list[str]:
    """Every name that a form of any page sends something by."""
    found = {"do", "_row", "file", "files", "back", "next", "bpmn", "lock_version"}
    for rule in office.rules("GET"):
        for username in PEOPLE:
            answer = office.get(username, address(rule, office.real(rule)))
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found |= set(
                    map(str, html.document_fromstring(f"<p>{answer.text}").xpath("//form//@name"))
                )
    assert {"heading", "legal_ground", "substitute", "last_on", "submission_on"} <= found
    return sorted(found - {"csrf_token"})


@pytest.mark.parametrize("value", ODD_VALUES, ids=[repr(value[:12]) for value in ODD_VALUES])
def test_no_form_makes_us_fail(office: Office, names: list[str], value: str) -> None:
    for asked, answer in sent_everywhere(office, lambda: dict.fromkeys(names, value)):
        assert told_kindly(answer), (asked, value[:40], answer.status_code)
        assert MARKUP not in answer.text, asked
        assert "onerror=alert(2)>" not in answer.text, asked


def test_no_file_makes_us_fail(office: Office, names: list[str]) -> None:
    """A file where text is asked for, and no text where a file is."""

    def files() -> dict[str, object]:
        return {name: (io.BytesIO(b"\xff\0<x>"), f"{MARKUP}.bpmn") for name in names}

    for asked, answer in sent_everywhere(office, files):
        assert told_kindly(answer), (asked, answer.status_code)


def sent_everywhere(
    office: Office, form: Callable[[], Mapping[str, object]]
) -> Iterator[tuple[str, TestResponse]]:
    """The form to each address, by somebody who may send one there."""
    marks: dict[str, str] = {}
    for rule in office.rules(*WRITES):
        if rule.rule.startswith(API) or rule.endpoint in LEADING_ON:
            continue
        with office.app.app_context():
            username = next(name for name in PEOPLE[1:] if office.may_open(name, rule))
        visitor, asked = office.visitor(username), address(rule, office.real(rule))
        if username not in marks:
            marks[username] = str(visitor.page("/min-sida/").value("csrf_token"))
        values = {**form(), "csrf_token": marks[username]}
        yield asked, visitor.client.post(asked, data=values)


@pytest.mark.parametrize("username", PEOPLE)
def test_a_form_without_its_mark_changes_nothing_anywhere(office: Office, username: str) -> None:
    visitor, before, tried = office.visitor(username), office.everything(), 0
    for rule in office.rules(*WRITES):
        if rule.rule.startswith(API):
            continue
        asked = address(rule, office.real(rule))
        for method in sorted(set(WRITES) & (rule.methods or set())):
            for mark in ({}, {"csrf_token": ""}, {"csrf_token": "påhittad"}):
                answer = visitor.client.open(asked, method=method, data={"do": "x", **mark})
                assert answer.status_code == 400, asked
                assert Page(answer).h1 == "Sidan var för gammal", asked
            answer = visitor.client.open(asked, method=method, json={"bpmn": "<x/>"})
            assert answer.status_code == 400, asked
            assert answer.mimetype == "application/problem+json", asked
            tried += 1
    assert tried > 30
    assert office.everything() == before


def test_a_call_without_a_token_changes_nothing_anywhere(office: Office) -> None:
    """A session's cookie is no token: else another site's page could write with it."""
    visitor, before, tried = office.visitor("administrator"), office.everything(), 0
    for rule in office.rules(*WRITES):
        if not rule.rule.startswith(API):
            continue
        asked = address(rule, office.real(rule))
        for method in sorted(set(WRITES) & (rule.methods or set())):
            for header in ({}, {"Authorization": "Bearer ag_x"}, {"Authorization": "Basic eDp4"}):
                answer = visitor.client.open(asked, method=method, json={}, headers=header)
                assert answer.status_code == 401, asked
                assert answer.mimetype == "application/problem+json", asked
                assert answer.headers["WWW-Authenticate"] == "Bearer", asked
            tried += 1
    assert tried > 12
    assert office.everything() == before


def test_another_visitors_mark_is_none_of_mine(office: Office) -> None:
    mark = office.visitor("administrator").page("/min-sida/").value("csrf_token")
    values = {"csrf_token": mark, "wants_mail": "on"}
    answer = office.visitor("registrator_rs").client.post("/min-sida/aviseringar", data=values)
    assert answer.status_code == 400
