"""What the database quotes of a row that it turned away comes into no log and no incident."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.commands import CommandFailed
from engine.engine import Engine
from engine.host import OperationCall, OperationKind
from engine.jobs import drain
from engine.statements import inserting, say, say_all
from engine.tables import JobStatus
from tests.engine.bpmn import chain, diagram, end, service, start
from tests.engine.case import Cases
from tests.engine.host import SmallHost

SECRET = "19121212-1212"
TABLE = sa.Table(
    "hemlig", sa.MetaData(), sa.Column("nummer", sa.Text, unique=True), sa.Column("tal", sa.Integer)
)
DRAWN = diagram("p", start(), service("skriv", "skriv"), end(), chain("start", "skriv", "slut"))
Write = Callable[[Session], object]


def by_sqlalchemy(session: Session) -> None:
    for _time in range(2):
        session.execute(sa.insert(TABLE).values(nummer=SECRET))


def by_the_driver(session: Session) -> None:
    for _time in range(2):
        say(session, inserting(TABLE), {"nummer": SECRET, "tal": 1})


def by_the_driver_together(session: Session) -> None:
    row = {"nummer": SECRET, "tal": 1}
    say_all(session, [(inserting(TABLE), row), (inserting(TABLE), row)])
    session.scalars(sa.select(TABLE.c.tal)).all()  # PostgreSQL may answer first now


def as_no_number(session: Session) -> None:
    text = "INSERT INTO hemlig (tal) VALUES (CAST(:nummer AS integer))"
    if session.get_bind().dialect.name == "sqlite":
        text = "INSERT INTO hemlig (nummer) VALUES (:nummer), (:nummer)"  # which reads anything
    session.execute(sa.text(text), {"nummer": SECRET})


@pytest.fixture(params=[by_sqlalchemy, by_the_driver, by_the_driver_together, as_no_number])
def write(request: pytest.FixtureRequest, engine: Engine) -> Write:
    with engine.database.writing() as session:
        session.execute(sa.schema.CreateTable(TABLE))
    found: Write = request.param
    return found


def test_a_command_that_the_database_turns_away_tells_no_values(
    cases: Cases, host: SmallHost, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    host.add_operation("skriv", lambda call: write(call.session))
    cases.deploy("p", DRAWN)
    with caplog.at_level(logging.DEBUG), pytest.raises(CommandFailed) as failed:
        cases.start("p")
    assert "Databasen kunde inte ta emot det." in str(failed.value)
    assert "hemlig" not in str(failed.value), "what it is called is for administrators"
    (incident,) = cases.incidents()
    assert incident.element == "skriv"
    assert "Error" in incident.trace
    everywhere = (str(failed.value), incident.message, incident.trace, caplog.text)
    assert caplog.records
    assert [text for text in everywhere if SECRET in text] == []


def test_neither_does_a_job(
    cases: Cases, engine: Engine, host: SmallHost, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    def again(call: OperationCall) -> None:
        with engine.database.writing() as session:
            write(session)

    host.add_operation("skriv", again, OperationKind.OUTSIDE)
    drawn = DRAWN.replace("<spiffworkflow:properties>",
        '<spiffworkflow:properties><spiffworkflow:property name="retries" value="0"/>')  # fmt: skip
    cases.deploy("p", drawn)
    instance_id = cases.start("p")
    with caplog.at_level(logging.DEBUG):
        drain(engine)
    (job,) = cases.jobs(JobStatus.FAILED)
    (incident,) = cases.incidents()
    logged = [str(row.detail) for row in cases.log(instance_id)]
    everywhere = (str(job.error), incident.message, incident.trace, caplog.text, *logged)
    assert [text for text in everywhere if SECRET in text] == []


def test_what_helps_an_administrator_is_still_told(engine: Engine) -> None:
    with engine.database.writing() as session:
        session.execute(sa.schema.CreateTable(TABLE))
    with pytest.raises(sa.exc.IntegrityError, match="hemlig"), engine.database.writing() as session:
        by_sqlalchemy(session)
    with pytest.raises(sa.exc.DBAPIError, match="finns_inte"), engine.database.reading() as session:
        session.execute(sa.text("SELECT 1 FROM finns_inte"))
