"""A real engine on a small region, and the first steps of every test about cases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.tables import ProcessVersion
from processes import (
    agenda,  # noqa: F401 - its table
    cases,
    mail,  # noqa: F401 - its table
    search_index,  # noqa: F401 - its table
)
from processes.access import Reader, reader
from processes.cases import Case
from tests.processes.cases import arende
from tests.processes.cases.world import REGISTRAR, CaseHost, build_region, new_case


@pytest.fixture
def engine(database: Database, clock: SettableClock) -> Engine:
    host = CaseHost()
    engine = Engine(database=database, host=host, clock=clock)
    host.engine = engine
    with database.writing() as session:
        build_region(session, clock.now())
        files = {"arende.bpmn": arende.BPMN}
        session.add(
            ProcessVersion(
                key="arende",
                version=1,
                name="Ärende",
                deployment_id="1",
                files=files,
                file_name="arende.bpmn",
                sha256=hashlib.sha256(arende.BPMN.encode()).hexdigest(),
                current=True,
                deployed_at=clock.now(),
                deployed_by="test",
            )
        )
    return engine


@pytest.fixture
def session(engine: Engine, database: Database) -> Iterator[Session]:
    """One writing transaction for the whole test, begun when the region is there."""
    with database.writing() as session:
        yield session


@pytest.fixture
def register(session: Session, engine: Engine) -> Callable[..., Case]:
    """Register a case in the test's transaction."""

    def register(**changes: Any) -> Case:
        return cases.register(session, engine, new_case(**changes), actor=REGISTRAR)

    return register


@pytest.fixture
def as_reader(session: Session, engine: Engine) -> Callable[[str], Reader]:
    def as_reader(user_id: str) -> Reader:
        return reader(session, user_id, engine.clock.now())

    return as_reader
