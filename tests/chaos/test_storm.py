"""Under load, killed again and again: nothing acknowledged is lost, and nothing happens twice.

Twenty storms on each database, a line for each of them:

    ARENDEGANG_STORM_SECONDS=30 ARENDEGANG_STORM_SEEDS=1-20 pytest -s -q tests/chaos/test_storm.py

Thirty seconds of work each, beside what starting again takes: `-k sqlite` or `-k postgresql` on one
only. `ARENDEGANG_STORM_SEEDS=7-7` is the seventh alone. What the processes said in one that fails
lies in its folder, which pytest then keeps (`--basetemp` says where), in `told.txt`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.database import Database
from processes import data_folder
from tests import databases
from tests.chaos import storm

SECONDS = float(os.environ.get("ARENDEGANG_STORM_SECONDS", "12"))
FIRST, _, LAST = os.environ.get("ARENDEGANG_STORM_SEEDS", "1-1").rpartition("-")
SEEDS = range(int(FIRST or 1), int(LAST) + 1)

pytestmark = [pytest.mark.long, pytest.mark.timeout(20 * SECONDS + 300)]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    if request.param == "postgresql":
        with databases.own_postgresql() as database:
            yield database
    else:
        database = Database(f"sqlite:///{folder / 'arendegang.sqlite'}")
        yield database
        database.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data_folder.prepare(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    database: Database, folder: Path, seed: int
) -> None:
    found = storm.weather(database, folder, seconds=SECONDS, seed=seed)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    print(f"{kind} seed {seed}: {found}")  # noqa: T201
    assert found.breaches == []
    assert not found.lost
    assert found.saw.completed, "hardly a storm"
    assert not found.saw.in_vain, "a process that lives has stood still"
