"""Every address × everybody, against the table below; what is not in it fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from tests.web.pages import Page, Visitor
from web.permissions import Permission, asked_by

LogIn = Callable[[str], Visitor]

# Blueprint, or one view of it where it differs: who may open it.
PUBLIC, STAFF = {Permission.PUBLIC}, {Permission.STAFF}
OWNERS = {Permission.PROCESS_OWNER, Permission.ADMINISTRATOR}
ADMINISTRATORS = {Permission.ADMINISTRATOR}
TABLE: dict[str, set[Permission]] = {
    "static": PUBLIC,
    "start": PUBLIC,
    "login": PUBLIC,
    "login.log_out": STAFF,
    "inbox": STAFF,
    "tasks": STAFF,
    "profile": STAFF,
    "admin": ADMINISTRATORS,
    "cases": STAFF,
    "search": STAFF,
    "meetings": STAFF,
    "definitions": OWNERS,
    "monitoring": ADMINISTRATORS,
    "health": PUBLIC,
}
ROLES: dict[str, set[Permission]] = {
    "": {Permission.PUBLIC},
    "registrator_rs": {Permission.PUBLIC, Permission.STAFF},
    "processagare": {Permission.PUBLIC, Permission.STAFF, Permission.PROCESS_OWNER},
    "administrator": {Permission.PUBLIC, Permission.STAFF, Permission.ADMINISTRATOR},
}
API = "api"


def asked_in_table(endpoint: str) -> set[Permission] | None:
    blueprint = endpoint.partition(".")[0]
    if blueprint.startswith(API):
        return PUBLIC | STAFF | OWNERS  # tokens, tried in tests/web/api
    return TABLE.get(endpoint) or TABLE.get(blueprint)


def test_every_view_says_who_may_open_it(still_app: Flask) -> None:
    with still_app.app_context():
        for endpoint in still_app.view_functions:
            expected = asked_in_table(endpoint)
            assert expected is not None, f"{endpoint} is not in the table"
            assert asked_by(endpoint), f"{endpoint} says nothing and is closed to everyone"
            assert asked_by(endpoint) <= expected, endpoint


@pytest.mark.parametrize("username", ROLES)
def test_each_address_opens_for_those_and_no_others(app: Flask, username: str) -> None:
    """An address that opens may still find nothing (404) or want a form's mark (400)."""
    visitor = Visitor(app.test_client())
    if username:
        visitor.log_in(username)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(API) or rule.endpoint in ("static", "login.log_out"):
            continue
        with app.app_context():
            may = bool(asked_by(rule.endpoint) & ROLES[username])
        address = _address(app, rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = visitor.client.open(address, method=method)
            where = f"{method} {address} as {username or 'nobody'}: {answer.status_code}"
            if may:
                assert answer.status_code not in (401, 403, 405, 500), where
                assert not _to_login(answer.location) or rule.endpoint == "login.show", where
            elif not username and method == "GET":
                assert _to_login(answer.location), where
            else:
                # Without its mark a form is refused before anybody asks who sent it.
                assert answer.status_code in (302, 400, 403), where


def test_a_page_not_for_me_says_so_kindly(log_in: LogIn) -> None:
    page = log_in("registrator_rs").page("/administration/anvandare", 403)
    assert page.h1 == "Du har inte behörighet till den här sidan"


def test_the_menu_shows_only_what_one_may_open(log_in: LogIn) -> None:
    menu = "//nav[@id='meny']//a"
    assert "Administration" not in log_in("registrator_rs").page("/inkorg").words(menu)
    assert "Administration" in log_in("administrator").page("/inkorg").words(menu)


def test_a_view_that_says_nothing_is_closed(app: Flask) -> None:
    app.add_url_rule("/oskyddad", "forgotten", lambda: "secret")
    visitor = Visitor(app.test_client()).log_in("administrator")
    assert Page(visitor.client.get("/oskyddad")).h1.startswith("Du har inte behörighet")


def _address(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "1"))


def _to_login(location: str | None) -> bool:
    return bool(location) and str(location).startswith("/logga-in")
