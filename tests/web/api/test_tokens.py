"""Who calls: a bearer token, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from engine.clock import SettableClock
from processes import accounts
from processes.product import Product
from tests.web.api.calling import PROBLEM, Caller
from tests.web.api.conftest import As
from tests.web.pages import Visitor

TASKS = "/api/v1/tasks"


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer ag_x", "Basic YWRtaW46YWRtaW4=", "ag_x", "Bearer å"]
)
def test_without_a_token_that_holds_nothing_is_answered(app: Flask, said: str) -> None:
    response = app.test_client().get(
        TASKS, headers={"Authorization": said.encode().decode("latin1")}
    )
    assert response.status_code == 401
    assert response.mimetype == PROBLEM
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json is not None
    assert "Bearer" in response.json["detail"]


def test_a_session_opens_the_pages_and_not_the_api(log_in: Callable[[str], Visitor]) -> None:
    visitor = log_in("administrator")
    assert visitor.client.get("/inkorg").status_code == 200
    assert visitor.client.get(TASKS).status_code == 401


def test_an_old_session_does_not_stand_in_the_way_of_a_token(
    log_in: Callable[[str], Visitor], as_: As, clock: SettableClock
) -> None:
    visitor, headers = log_in("administrator"), as_("administrator").headers
    clock.forward(days=2)
    assert visitor.client.get(TASKS, headers=headers).status_code == 200


def test_a_token_holds_until_it_is_revoked_or_expires(
    app: Flask, product: Product, clock: SettableClock
) -> None:
    with product.database.writing() as session:
        token = accounts.create_token(
            session,
            "handlaggare_1",
            label="prov",
            now=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
        )
    Caller(app, token).get("/tasks")
    clock.forward(days=2)
    Caller(app, token).get("/tasks", 401)


def test_a_closed_account_takes_its_tokens_with_it(as_: As, product: Product) -> None:
    caller = as_("handlaggare_1")
    caller.get("/tasks")
    with product.database.writing() as session:
        accounts.get(session, "handlaggare_1").active = False
    caller.get("/tasks", 401)


def test_nothing_that_was_answered_is_kept_on_the_way(as_: As) -> None:
    assert as_("handlaggare_1").call("GET", "/tasks").headers["Cache-Control"] == "no-store"


def test_an_address_that_is_not_there_is_a_problem_too(as_: As) -> None:
    assert as_("handlaggare_1").call("GET", "/finns-inte").status_code == 404
    assert as_("handlaggare_1").call("DELETE", "/tasks").status_code == 405
