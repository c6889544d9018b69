"""An engine on a real database, with a small domain and a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import SettableClock
from engine.database import Base, Database
from engine.engine import Engine
from tests import databases
from tests.engine.case import Cases
from tests.engine.host import SmallHost


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Every test of the engine runs on each database that the product runs on."""
    return str(request.param)


@pytest.fixture
def database(backend: str, tmp_path: Path) -> Iterator[Database]:
    with databases.database(backend, tmp_path, create_tables) as database:
        yield database


def create_tables(database: Database) -> None:
    Base.metadata.create_all(database.engine)


@pytest.fixture
def host() -> SmallHost:
    return SmallHost()


@pytest.fixture
def engine(database: Database, host: SmallHost, clock: SettableClock) -> Engine:
    return Engine(database=database, host=host, clock=clock)


@pytest.fixture
def cases(engine: Engine) -> Cases:
    return Cases(engine)
