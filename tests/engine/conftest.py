"""An engine on a real SQLite file, with a small domain and a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import SettableClock
from engine.database import Base, Database
from engine.engine import Engine
from tests.engine.case import Cases
from tests.engine.host import SmallHost


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'engine.sqlite'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.dispose()


@pytest.fixture
def host() -> SmallHost:
    return SmallHost()


@pytest.fixture
def engine(database: Database, host: SmallHost, clock: SettableClock) -> Engine:
    return Engine(database=database, host=host, clock=clock)


@pytest.fixture
def cases(engine: Engine) -> Cases:
    return Cases(engine)
