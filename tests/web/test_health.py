"""Whether the product is alive and ready, for those who watch machines."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask

from processes import database_version
from processes.product import LATE_PULSE, Product


def ready(app: Flask) -> tuple[int, dict[str, bool]]:
    response = app.test_client().get("/readyz")
    assert response.json is not None
    return response.status_code, response.json


@pytest.fixture
def current(product: Product) -> Product:
    """The tests' tables are made without migrations; here they have come by them."""
    with product.database.writing() as session:
        table = sa.table("alembic_version", sa.column("version_num"))
        session.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        session.execute(sa.insert(table).values(version_num=_head()))
    return product


def test_alive_is_only_alive(app: Flask) -> None:
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_it_is_ready_while_its_scheduler_ticks(app: Flask, current: Product) -> None:
    assert ready(app) == (503, {"database": True, "scheduler": False})
    current.scheduler.start()
    try:
        for _turn in range(50):
            if ready(app)[0] == 200:
                break
            time.sleep(0.1)
        assert ready(app) == (200, {"database": True, "scheduler": True})
    finally:
        current.scheduler.stop()


def test_a_pulse_that_stopped_is_noticed(app: Flask, current: Product) -> None:
    current.scheduler.ticked_at = datetime.now(UTC) - LATE_PULSE - timedelta(seconds=1)
    assert not current.is_ticking()
    assert ready(app) == (503, {"database": True, "scheduler": False})


def test_tables_of_another_version_are_not_ready(app: Flask, current: Product) -> None:
    with current.database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'annan'"))
    assert ready(app)[0] == 503


def test_without_its_database_it_says_so_and_does_not_fail(app: Flask, product: Product) -> None:
    product.database.dispose()
    path = product.settings.folder / "arendegang.sqlite"
    for part in product.settings.folder.glob("arendegang.sqlite*"):
        part.unlink()
    path.mkdir()
    assert ready(app) == (503, {"database": False, "scheduler": False})


def _head() -> str:
    config = Config()
    config.set_main_option("script_location", str(database_version.MIGRATIONS))
    return str(ScriptDirectory.from_config(config).get_current_head())
