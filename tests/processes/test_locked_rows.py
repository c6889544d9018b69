"""Who waits for a row sees it as the one before left it, whatever was read earlier."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from engine import loaded
from engine.clock import SettableClock
from processes import cases
from processes.swedish_calendar import local_date
from tests import databases
from tests.processes.paths.conftest import NOW, engine_on, make_region
from tests.processes.paths.walk import Walk


def test_a_case_is_read_anew_when_it_is_locked(tmp_path: Path) -> None:
    """Only PostgreSQL lets another transaction write meanwhile."""
    with databases.database("postgresql", tmp_path, make_region) as database:
        walk = Walk(engine_on(database, SettableClock(NOW)), SettableClock(NOW))
        number = walk.start()
        tomorrow = local_date(NOW) + timedelta(days=1)
        with database.writing() as session:
            loaded.keep(session)
            known = cases.get(session, number)
            assert known.decide_by_on is None
            with database.writing() as other:
                cases.get(other, number, lock=True).decide_by_on = tomorrow
            assert cases.get(session, number, lock=True).decide_by_on == tomorrow
