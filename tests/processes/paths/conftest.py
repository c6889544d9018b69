"""A region with its organisation, diagrams and a calendar, made once and copied for each walk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine import deployments
from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.host import SYSTEM
from engine.tables import JobKind
from processes import database_version, demo, installation, meetings, organisation_file
from processes.host import RegionHost
from processes.meetings import NewMeeting
from tests import databases
from tests.processes.paths.sitting import MEETING_DIAGRAMS, Region, copied, template
from tests.processes.paths.walk import Walk

NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)
# The meeting's own process is walked elsewhere: here its messages are sent by hand.
WITHOUT_MEETINGS = {"sammantrade"}
MEETINGS = {
    "UEK": (date(2026, 3, 17), date(2026, 4, 14)),
    "RS": (date(2026, 3, 25), date(2026, 4, 22), date(2026, 5, 20), date(2026, 6, 10)),
    "RUN": (date(2026, 3, 19), date(2026, 4, 16), date(2026, 5, 21)),
    "RF": (date(2026, 4, 28), date(2026, 6, 16), date(2026, 10, 20)),
}


def engine_on(database: Database, clock: SettableClock) -> Engine:
    engine = Engine(database=database, host=RegionHost(clock=clock), clock=clock)
    engine.job_handlers[JobKind.MAIL] = lambda _engine, _job: None  # letters are read in the jobs
    return engine


def make_region(database: Database) -> None:
    engine = engine_on(database, SettableClock(NOW))
    database_version.upgrade(database)
    with database.writing() as session:
        organisation_file.load(session, engine, demo.FILE.read_text("utf-8"))
        for organ, days in MEETINGS.items():
            for day in days:
                new = NewMeeting(organ_code=organ, on=day)
                meetings.create(session, engine, new, actor=SYSTEM)
        deployments.deploy(session, engine, installation.shipped_diagrams(), actor=SYSTEM)


@pytest.fixture
def walk(backend: str, tmp_path: Path) -> Iterator[Walk]:
    clock = SettableClock(NOW)
    with databases.database(backend, tmp_path, make_region) as database:
        yield Walk(engine_on(database, clock), clock)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a meeting needs; a module whose diagrams are others has its own."""
    return template(tmp_path_factory.mktemp("region"), *MEETING_DIAGRAMS)


@pytest.fixture
def region(installed: Path, tmp_path: Path) -> Iterator[Region]:
    with copied(installed, tmp_path) as region:
        yield region
