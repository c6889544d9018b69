"""Sessions, passwords and cookies, as somebody meets them who wants in or wants to stay in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, flash, redirect
from markupsafe import Markup

from engine.clock import SettableClock
from processes import accounts, demo, passwords
from processes.product import Product
from tests.web.pages import Page, Visitor
from web.app import create_app
from web.configuration import Configuration
from web.permissions import Permission, permission

LogIn = Callable[[str], Visitor]
NEW_PASSWORD = "ett helt nytt lösenord"


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("arendegang")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> Visitor:
    client = app.test_client()
    client.set_cookie("arendegang", value)
    return Visitor(client)


def token_of(product: Product, username: str) -> dict[str, str]:
    with product.database.writing() as session:
        token = accounts.create_token(session, username, label="prov", now=product.clock.now())
    return {"Authorization": f"Bearer {token}"}


def test_a_copied_cookie_is_worth_nothing_after_logging_out(app: Flask, log_in: LogIn) -> None:
    visitor = log_in("registrator_rs")
    thief = with_cookie(app, cookie_of(visitor))
    thief.page("/inkorg")
    visitor.post("/logga-ut", at="/inkorg")
    assert thief.client.get("/inkorg").status_code == 302


def test_logging_out_ends_no_other_session(log_in: LogIn) -> None:
    here, there = log_in("registrator_rs"), log_in("registrator_rs")
    here.post("/logga-ut", at="/inkorg")
    there.page("/inkorg")


def test_what_was_in_the_session_before_logging_in_is_gone(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    mark = visitor.page("/logga-in").value("csrf_token")
    visitor.log_in("registrator_rs")
    assert visitor.client.post("/logga-ut", data={"csrf_token": mark}).status_code == 400


def test_a_changed_cookie_opens_nothing(app: Flask, log_in: LogIn) -> None:
    value = cookie_of(log_in("registrator_rs"))
    head, dot, tail = value.partition(".")
    assert with_cookie(app, f"{head[:-1]}X{dot}{tail}").client.get("/inkorg").status_code == 302
    assert with_cookie(app, "x" * 4000).client.get("/inkorg").status_code == 302


def test_a_closed_account_loses_its_tokens_too(product: Product, app: Flask) -> None:
    header = token_of(product, "registrator_rs")
    client = app.test_client()
    assert client.get("/api/v1/tasks", headers=header).status_code == 200
    with product.database.writing() as session:
        accounts.get(session, "registrator_rs").active = False
    assert client.get("/api/v1/tasks", headers=header).status_code == 401


def test_a_password_that_an_administrator_sets_shuts_out_tokens_too(
    product: Product, app: Flask, log_in: LogIn
) -> None:
    header = token_of(product, "registrator_rs")
    page = "/administration/anvandare/registrator_rs"
    administrator = log_in("administrator")
    administrator.post(f"{page}/losenord", {"password": NEW_PASSWORD}, at=page)
    assert app.test_client().get("/api/v1/tasks", headers=header).status_code == 401


def test_a_cookie_opens_no_call_of_the_api(log_in: LogIn) -> None:
    visitor = log_in("administrator")
    assert visitor.client.get("/api/v1/tasks").status_code == 401
    assert visitor.client.post("/api/v1/messages", json={}).status_code == 401


def test_a_token_opens_no_page(product: Product, app: Flask) -> None:
    header = token_of(product, "administrator")
    answer = app.test_client().get("/administration/anvandare", headers=header)
    assert answer.status_code == 302


def test_a_form_sent_too_late_is_not_lost(log_in: LogIn, product: Product) -> None:
    visitor = log_in("registrator_rs")
    mark = visitor.page("/min-sida/").value("csrf_token")
    clock = product.clock
    assert isinstance(clock, SettableClock)
    clock.forward(hours=2)
    written = "En lång text\nsom tog en timme att skriva"
    answer = visitor.client.post(
        "/min-sida/nycklar",
        data={"csrf_token": mark, "label": written, "password": "hemligt ord här"},
        headers={"Referer": "http://localhost/min-sida/"},
    )
    assert answer.status_code == 401
    page = Page(answer)
    assert page.h1 == "Du har loggats ut"
    assert "som tog en timme att skriva" in page.text
    assert "hemligt ord" not in page.text
    assert page.root.xpath("//a[text()='Logga in']/@href") == ["/logga-in?next=/min-sida/"]


@pytest.mark.parametrize("origin", ["http://localhost", "https://ond.example", None])
def test_a_form_sent_after_logging_out_in_another_tab_is_not_lost(
    log_in: LogIn, origin: str | None
) -> None:
    """What another site sends in our name is shown to nobody."""
    visitor = log_in("registrator_rs")
    mark = visitor.page("/min-sida/").value("csrf_token")
    visitor.post("/logga-ut", at="/inkorg")
    answer = visitor.client.post(
        "/min-sida/nycklar",
        data={"csrf_token": mark, "label": "En lång text", "password": "hemligt ord här"},
        headers={"Origin": origin, "Referer": "http://localhost/min-sida/"} if origin else {},
    )
    ours = origin == "http://localhost"
    page = Page(answer)
    assert answer.status_code == (401 if ours else 400)
    assert page.h1 == ("Du har loggats ut" if ours else "Sidan var för gammal")
    assert ("En lång text" in page.text) == ours
    assert "hemligt ord" not in page.text


def test_a_script_whose_session_is_over_is_told_so(log_in: LogIn, product: Product) -> None:
    visitor = log_in("processagare")
    mark = str(visitor.page("/processer/arende/redigera").value("csrf_token"))
    clock = product.clock
    assert isinstance(clock, SettableClock)
    clock.forward(hours=2)
    answer = visitor.client.post(
        "/processer/arende/kontrollera", json={"bpmn": "x"}, headers={"X-CSRFToken": mark}
    )
    assert answer.status_code == 401
    assert "loggats ut" in answer.get_json(force=True)["title"]


def test_what_a_forged_form_says_is_not_shown(visitor: Visitor) -> None:
    answer = visitor.client.post("/logga-in", data={"username": "ring 08-123 nu genast"})
    assert answer.status_code == 400
    assert "08-123" not in Page(answer).text


def test_nobody_waits_to_write_while_a_password_is_hashed(
    product: Product, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator, visitor = log_in("administrator"), log_in("registrator_rs")
    waited = []

    def others_may_write() -> None:
        done = threading.Event()

        def write() -> None:
            with product.database.writing():
                done.set()

        threading.Thread(target=write, daemon=True).start()
        waited.append(not done.wait(2))

    hasher = passwords._hasher

    class Watched:
        def hash(self, password: str) -> str:
            others_may_write()
            return hasher.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            others_may_write()
            return hasher.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    known = {"username": "kanslichef", "password": demo.PASSWORD}
    assert visitor.post("/logga-in", known, at="/min-sida/").status_code == 302
    values = {"current": demo.PASSWORD, "password": NEW_PASSWORD}
    assert visitor.post("/min-sida/losenord", values, at="/min-sida/").status_code == 302
    users = "/administration/anvandare"
    made = {"name": "Ny", "username": "ny_person", "password": NEW_PASSWORD}
    assert administrator.post(users, made).status_code == 302
    page = f"{users}/ny_person"
    answer = administrator.post(f"{page}/losenord", {"password": NEW_PASSWORD}, at=page)
    assert answer.status_code == 302
    assert waited
    assert not any(waited)


@pytest.mark.parametrize("words", ["å" * 5000, "🙈" * 5000, Markup("<b>a</b> & b ") * 900])
def test_a_message_is_never_too_long_for_its_cookie(app: Flask, words: str) -> None:
    @permission(Permission.PUBLIC)
    def view() -> object:
        for _time in range(9):
            flash(words, "danger")
        return redirect("/logga-in")

    app.add_url_rule("/prov", "prov", view)
    visitor = Visitor(app.test_client())
    answer = visitor.client.get("/prov")
    assert len(answer.headers["Set-Cookie"]) < 3500
    assert len(visitor.page("/logga-in").words("//div[@role='status']")) == 3


def test_guessing_is_counted_by_the_address_that_sends(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    mark = visitor.page("/logga-in").value("csrf_token")
    statuses = [
        visitor.client.post(
            "/logga-in",
            data={"csrf_token": mark, "username": "administrator", "password": "gissning"},
            headers={"X-Forwarded-For": f"10.0.0.{turn}"},
        ).status_code
        for turn in range(6)
    ]
    assert statuses[-1] == 429


def test_over_https_the_cookie_travels_nowhere_else(product: Product) -> None:
    app = create_app(product, Configuration(secret_key="for tests only", https=True))
    answer = app.test_client().get("/logga-in", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@contextmanager
def broken(product: Product) -> Iterator[None]:
    """The database answers nothing."""
    database = product.database
    product.database = None  # type: ignore[assignment]
    try:
        yield
    finally:
        product.database = database


def test_without_a_database_the_page_says_so_and_nothing_more(
    log_in: LogIn, product: Product, visitor: Visitor, app: Flask
) -> None:
    person = log_in("registrator_rs")
    app.testing = False
    with broken(product):
        for each in (person, visitor):
            page = each.page("/logga-in", 500)
            assert page.h1 == "Något gick fel hos oss"
            assert "inget är förlorat" in page.text
