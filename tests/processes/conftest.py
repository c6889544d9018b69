"""A database with every table of the product, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from processes import database_version
from tests import databases

# A Wednesday in term, far from every holiday.
NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def database(backend: str, tmp_path: Path) -> Iterator[Database]:
    with databases.database(backend, tmp_path, create_tables) as database:
        yield database


def create_tables(database: Database) -> None:
    database_version.upgrade(database)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction for the whole test."""
    with database.writing() as session:
        yield session
