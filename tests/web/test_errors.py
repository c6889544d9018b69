"""What goes wrong says what happened, that nothing is lost, and what to do."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from engine.errors import FieldError, Invalid, NotAllowed, NotFound, Stale
from engine.tables import Incident
from tests.web.pages import Page, Visitor
from web import transactions
from web.permissions import Permission, permission

LogIn = Callable[[str], Visitor]


@pytest.fixture
def failing(app: Flask) -> Callable[[BaseException], Visitor]:
    """A visitor of /prov, where that exception is raised."""

    def make(error: BaseException) -> Visitor:
        @permission(Permission.PUBLIC)
        def view() -> str:
            raise error

        app.add_url_rule("/prov", "prov", view)
        app.add_url_rule("/api/prov", "api_prov", view)
        return Visitor(app.test_client())

    return make


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFound("Uppgiften finns inte."), 404, "Uppgiften finns inte."),
        (Stale(), 409, "Inget har ändrats."),
        (NotAllowed("Uppgiften är inte din."), 403, "Uppgiften är inte din."),
        (Invalid.field("klart", "Ange en dag."), 422, "Ange en dag."),
        (RuntimeError("inside"), 500, "Inget har ändrats och inget är förlorat."),
    ],
)
def test_each_failure_is_a_page_and_a_problem(
    failing: Callable[[BaseException], Visitor], error: BaseException, status: int, words: str
) -> None:
    visitor = failing(error)
    assert words in visitor.page("/prov", status).text
    problem = visitor.client.get("/api/prov")
    assert problem.status_code == status
    assert problem.content_type == "application/problem+json"
    assert problem.get_json(force=True)["status"] == status
    assert "inside" not in problem.text


def test_who_meets_no_database_is_promised_nothing(
    failing: Callable[[BaseException], Visitor], app: Flask
) -> None:
    away = OperationalError("COMMIT", None, Exception("hemlig orsak"))

    @permission(Permission.PUBLIC)
    def change() -> str:
        raise away

    app.add_url_rule("/prov", "prov_andra", change, methods=["POST"])
    visitor = failing(away)
    page = visitor.page("/prov", 503)
    assert "Försök igen om en stund." in page.text
    assert "hemlig" not in page.text
    answer = visitor.post("/prov", at="/logga-in")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "kan ha hunnit sparas" in answer.text
    assert "Inget har ändrats" not in answer.text


def test_a_problem_names_every_field(failing: Callable[[BaseException], Visitor]) -> None:
    errors = [FieldError(field="a", message="Ett."), FieldError(field="b", message="Två.")]
    problem = failing(Invalid(errors)).client.get("/api/prov").get_json(force=True)
    assert [(one["field"], one["message"]) for one in problem["errors"]] == [
        ("a", "Ett."),
        ("b", "Två."),
    ]


def test_a_failed_command_opens_an_incident_and_says_so(app: Flask) -> None:
    @permission(Permission.PUBLIC)
    def view() -> str:
        def work(_session: object) -> None:
            raise RuntimeError("Skrivaren brinner")

        transactions.perform(work)
        return ""

    app.add_url_rule("/prov", "prov", view)
    page = Visitor(app.test_client()).page("/prov", 500)
    assert "inget har ändrats" in page.text
    with app.extensions["arendegang"].database.reading() as session:
        assert session.query(Incident).count() == 1


def test_a_file_too_large_is_told_kindly(app: Flask, log_in: LogIn) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    visitor = log_in("administrator")
    answer = visitor.client.post(
        "/administration/kalender", data={"file": (io.BytesIO(b"x" * 5000), "stor.toml")}
    )
    assert answer.status_code == 413
    assert Page(answer).h1 == "Filen är för stor"


def test_an_address_that_is_not_there(visitor: Visitor) -> None:
    assert visitor.page("/finns-inte", 404).h1 == "Sidan finns inte"


def test_an_address_too_long_to_be_read_is_told(visitor: Visitor) -> None:
    page = visitor.page("/logga-in?next=" + "x" * 9000, 414)
    assert page.h1 == "Adressen är för lång"
