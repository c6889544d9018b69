"""Getting in, staying in, getting out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from engine.clock import SettableClock
from processes import accounts, demo, passwords
from processes.login_attempts import Limit
from processes.product import Product
from tests.web.pages import Page, Visitor
from web import security
from web.app import create_app
from web.configuration import Configuration

LogIn = Callable[[str], Visitor]


def test_the_demo_offers_its_roles_first_and_says_that_it_is_one(visitor: Visitor) -> None:
    page = visitor.page("/logga-in")
    assert page.words("//h1 | //h2")[:3] == ["Logga in", "Välj en roll", "Med användarnamn"]
    assert "Demoläge." in page.text
    assert "Registrator RS" in page.words("//ul[@class='roles']//b")


def test_no_account_is_left_out_of_the_demo(visitor: Visitor, product: Product) -> None:
    """Any of them may get a task, and then somebody must be able to do it."""
    offered = visitor.page("/logga-in").root.xpath("//button[@name='username']/@value")
    with product.database.reading() as session:
        assert sorted(offered) == sorted(user.username for user in accounts.everyone(session))


def test_one_click_on_a_role_leads_to_its_inbox(visitor: Visitor) -> None:
    assert visitor.log_in("registrator_rs").page("/inkorg").h1 == "Inkorg"


def test_in_production_no_role_can_be_chosen(visitor: Visitor, product: Product) -> None:
    product.demo = False
    assert "Välj en roll" not in visitor.page("/logga-in").text
    answer = visitor.post("/logga-in/roll", {"username": "administrator"}, at="/logga-in")
    assert answer.status_code == 404


def test_the_right_password_leads_to_where_one_was_going(visitor: Visitor) -> None:
    gone = visitor.client.get("/min-sida/")
    assert gone.location == "/logga-in?next=%2Fmin-sida%2F"
    values = {"username": "registrator_rs", "password": demo.PASSWORD, "next": "/min-sida/"}
    assert visitor.post("/logga-in", values).location == "/min-sida/"


def test_a_wrong_password_is_told_and_the_name_is_kept(visitor: Visitor) -> None:
    answer = visitor.post("/logga-in", {"username": "registrator_rs", "password": "fel lösenord"})
    assert answer.status_code == 422
    page = Page(answer)
    assert "Användarnamnet eller lösenordet stämmer inte." in page.text
    assert page.value("username") == "registrator_rs"


def test_too_many_wrong_passwords_have_to_wait(visitor: Visitor) -> None:
    values = {"username": "registrator_rs", "password": "fel lösenord"}
    statuses = [visitor.post("/logga-in", values).status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]


def test_they_are_counted_for_all_web_processes_together(
    visitor: Visitor, app: Flask, product: Product
) -> None:
    limits = [Limit(most=5, within=timedelta(minutes=1))]
    other = create_app(product, Configuration(secret_key="for tests only", login_limits=limits))
    beside = Visitor(other.test_client())
    values = {"username": "registrator_rs", "password": "fel lösenord"}
    statuses = [each.post("/logga-in", values).status_code for each in [visitor, beside] * 3]
    assert statuses == [422] * 5 + [429]
    right = {**values, "password": demo.PASSWORD}
    answer = beside.post("/logga-in", right)
    assert answer.status_code == 429
    assert "Vänta en stund" in Page(answer).text


def test_who_logs_in_again_and_again_never_has_to_wait(visitor: Visitor, app: Flask) -> None:
    values = {"username": "registrator_rs", "password": demo.PASSWORD}
    for _time in range(7):
        fresh = Visitor(app.test_client())
        assert fresh.post("/logga-in", values).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "inkorg",
     "/\t/example.org", ""],
)  # fmt: skip
def test_nobody_is_led_out_of_the_product(address: str) -> None:
    assert security.safe_next(address) is None


def test_a_page_of_ours_may_be_next() -> None:
    assert security.safe_next("/uppgift/1?a=b") == "/uppgift/1?a=b"


def test_logging_out_takes_a_form_of_ours(log_in: LogIn) -> None:
    visitor = log_in("registrator_rs")
    assert visitor.client.get("/logga-ut").status_code == 405
    assert visitor.client.post("/logga-ut").status_code == 400
    assert visitor.post("/logga-ut", at="/inkorg").status_code == 302
    assert visitor.client.get("/inkorg").status_code == 302


def test_an_idle_session_ends(log_in: LogIn, product: Product) -> None:
    visitor = log_in("registrator_rs")
    clock = product.clock
    assert isinstance(clock, SettableClock)
    clock.forward(minutes=59)
    visitor.page("/inkorg")
    clock.forward(minutes=59)
    visitor.page("/inkorg")
    clock.forward(minutes=61)
    assert visitor.client.get("/inkorg").location == "/logga-in?next=/inkorg"
    assert "Du har loggats ut" in visitor.page("/logga-in").text


def test_no_session_lives_a_whole_day(log_in: LogIn, product: Product) -> None:
    visitor = log_in("registrator_rs")
    clock = product.clock
    assert isinstance(clock, SettableClock)
    for _half_hour in range(24):
        clock.forward(minutes=30)
        visitor.page("/inkorg")
    clock.forward(minutes=1)
    assert visitor.client.get("/inkorg").status_code == 302


def test_a_new_password_ends_old_sessions(log_in: LogIn, product: Product) -> None:
    visitor = log_in("registrator_rs")
    with product.database.writing() as session:
        user = accounts.get(session, "registrator_rs")
        user.password_hash = passwords.hashed("ett helt nytt lösenord")
    assert visitor.client.get("/inkorg").status_code == 302


def test_a_closed_account_is_out_at_once(log_in: LogIn, product: Product) -> None:
    visitor = log_in("registrator_rs")
    with product.database.writing() as session:
        accounts.get(session, "registrator_rs").active = False
    assert visitor.client.get("/inkorg").status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor) -> None:
    answer = visitor.post("/logga-in/roll", {"username": "registrator_rs"}, at="/logga-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_headers_close_what_is_not_needed(visitor: Visitor, app: Flask) -> None:
    headers = visitor.client.get("/logga-in").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_mark_is_refused_kindly(visitor: Visitor) -> None:
    answer = visitor.client.post("/logga-in", data={"username": "a", "password": "b"})
    assert answer.status_code == 400
    assert Page(answer).h1 == "Sidan var för gammal"
