"""What every answer tells the browser, and where no answer ever leads it."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from processes import accounts, demo
from processes.product import Product
from tests.web.office import API, PEOPLE, Office, address
from tests.web.pages import Visitor
from web.permissions import Permission, permission

LogIn = Callable[[str], Visitor]
EVIL = (
    "https://ond.example/", "//ond.example", "///ond.example", "/\\ond.example", "\\\\ond.example",
    "https:ond.example", "https:/ond.example", "javascript:alert(1)", "/\t/ond.example",
    "/%0d%0aLocation:%20https://ond.example", "/\r\nSet-Cookie: ond.example=1", "ond.example",
    "/%2f/ond.example", "/%5cond.example", " //ond.example", "http://localhost@ond.example/",
    "/.//ond.example", "\x00//ond.example", "/\u2028/ond.example", "data:text/html,ond.example",
    "/api/../..//ond.example",
)  # fmt: skip
# Whoever logs in comes to a page of ours, by an address that begins with one slash.
OWN = "/sammantraden/?ar=2026"


def require_shut(answer: TestResponse, where: str, *, logged_in: bool) -> None:
    """No frame, no foreign script, no guessed type, no copy in anybody's cache."""
    headers = answer.headers
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";")
    )
    if "sandbox" not in policy:
        assert policy["frame-ancestors"] == "'none'", where
        assert policy["base-uri"] == "'none'", where
        assert policy["object-src"] == "'none'", where
        assert policy["form-action"] == "'self'", where
        assert policy.get("script-src", policy["default-src"]) == "'self'", where
        inline = policy["style-src"] != "'self'"
        assert inline == where.endswith("/redigera") or not inline, where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["X-Frame-Options"] == "DENY", where
    assert headers["Referrer-Policy"] == "same-origin", where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert "Server" not in headers, where
    if logged_in and not where.startswith("/static"):
        assert headers["Cache-Control"] == "no-store", where


@pytest.mark.parametrize("username", PEOPLE)
def test_every_answer_is_shut_to_frames_scripts_and_caches(office: Office, username: str) -> None:
    for rule in office.rules("GET"):
        asked = address(rule, office.real(rule))
        answer = office.get(username, asked)
        require_shut(answer, asked, logged_in=bool(username) and not asked.startswith(API))


def test_refusals_of_every_kind_are_shut_too(office: Office, app: Flask, log_in: LogIn) -> None:
    visitor = office.visitor("registrator_rs")
    too_long = visitor.client.get("/sok?q=" + "x" * 9000)
    answers = {
        404: visitor.client.get("/finns-inte"),
        405: visitor.client.open("/inkorg", method="DELETE"),
        403: visitor.client.get("/administration/anvandare"),
        400: visitor.client.post("/sprak"),
        422: visitor.client.get("/arenden/?fran=x"),
        414: too_long,
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        require_shut(answer, str(status), logged_in=True)

    @permission(Permission.PUBLIC)
    def failing() -> str:
        raise RuntimeError

    app.add_url_rule("/prov", "prov", failing)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    person = log_in("administrator")
    failed = person.client.get("/prov")
    assert failed.status_code == 500
    require_shut(failed, "500", logged_in=True)
    large = {"file": (io.BytesIO(b"x" * 5000), "stor.toml")}
    refused = person.client.post("/administration/kalender", data=large)
    assert refused.status_code == 413
    require_shut(refused, "413", logged_in=True)


def test_nobody_is_led_away(app: Flask, log_in: LogIn) -> None:
    """A path that holds another's name is still a path of ours: one slash, then no other."""
    person, administrator = log_in("registrator_rs"), log_in("administrator")
    known = {"username": "handlaggare_1", "password": demo.PASSWORD}
    for evil in EVIL:
        stranger = Visitor(app.test_client())
        answers = [
            person.client.get("/logga-in", query_string={"next": evil}),
            person.post("/sprak", {"next": evil, "language": "sv"}, at="/min-sida/"),
            administrator.post("/drift/fel/1/forsok", {"back": evil}, at="/min-sida/"),
            stranger.client.get("/inkorg", headers={"Host": "ond.example"}),
            stranger.client.get("/logga-in", query_string={"next": evil}),
            stranger.post("/logga-in", {**known, "next": evil}),
            Visitor(app.test_client()).post(
                "/logga-in/roll", {"username": "handlaggare_1", "next": evil}, at="/logga-in"
            ),
        ]
        for answer in answers:
            location = answer.headers.get("Location", "")
            assert not location or location[0] == "/", (evil, location)
            assert location[1:2] not in ("/", "\\"), (evil, location)
            assert not any(sign in location for sign in "\t\r\n\\"), (evil, location)
            assert "ond.example=1" not in answer.headers.get("Set-Cookie", "")
        assert answers[-1].location == answers[-2].location
        assert 'href="//ond' not in answers[4].text


def test_one_is_led_on_to_a_page_of_ours(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    answer = visitor.client.get(OWN)
    assert answer.location.startswith("/logga-in?next=")
    values = {"username": "handlaggare_1", "next": OWN}
    assert visitor.post("/logga-in/roll", values, at="/logga-in").location == OWN


def test_a_secret_that_was_sent_is_in_no_log(
    app: Flask, product: Product, log_in: LogIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Not when all goes well, and not when the database fails in the midst of it."""
    secret = "hemligt-ord-som-ingen-ska-se"
    caplog.set_level(logging.DEBUG)
    stranger, person = Visitor(app.test_client()), log_in("registrator_rs")
    stranger.post("/logga-in", {"username": "handlaggare_1", "password": secret})
    stranger.client.get("/api/v1/tasks", headers={"Authorization": f"Bearer {secret}"})
    with product.database.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE sent_mail")
        session.connection().exec_driver_sql("DROP TABLE case_word")
        token = accounts.create_token(session, "registrator_rs", label="x", now=product.clock.now())
    values = {
        "registry_code": "RS", "heading": secret, "kind": "motion", "received_on": "2026-01-28",
        "initiator": secret,
    }  # fmt: skip
    answer = person.post("/arenden/nytt", dict(values), at="/min-sida/")
    assert answer.status_code == 500
    assert "no such table" in caplog.text
    called = app.test_client().post(
        "/api/v1/cases",
        json={"registry": "RS", "heading": secret, "kind": "motion"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert called.status_code == 500
    assert secret not in caplog.text
    assert token not in caplog.text
    assert demo.PASSWORD not in caplog.text
    assert secret not in answer.text + called.text
