"""A database with every table of the product, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import processes.meetings
import processes.organisation  # noqa: F401 - its tables
from engine.clock import SettableClock
from engine.database import Base, Database

# A Wednesday in term, far from every holiday.
NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    with database.writing() as session:
        Base.metadata.create_all(session.connection())
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction for the whole test."""
    with database.writing() as session:
        yield session
