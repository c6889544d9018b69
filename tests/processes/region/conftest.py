"""The demonstration's region, and an engine that runs its meetings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.host import Actor
from processes import agenda, organisation_file  # noqa: F401 - the agenda's table
from processes.demo import FILE
from tests.processes.region.host import MeetingHost

SECRETARY = Actor(id="sekreterare_rs")


@pytest.fixture
def engine(database: Database, clock: SettableClock) -> Engine:
    return Engine(database=database, host=MeetingHost(), clock=clock)


@pytest.fixture
def region(database: Database, engine: Engine) -> Iterator[Session]:
    """One writing transaction for the whole test, in which the organisation is there."""
    with database.writing() as session:
        organisation_file.load(session, engine, FILE.read_text("utf-8"))
        yield session
