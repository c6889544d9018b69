"""The tables that migrations make are those the program knows."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.database import Database
from processes import database_version
from processes.database_version import DatabaseTooNew


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")


def test_migrations_make_exactly_the_tables_that_the_program_knows(empty):
    database_version.upgrade(empty)
    with empty.reading() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, database_version.metadata()) == []


def test_migrating_twice_changes_nothing(empty):
    database_version.upgrade(empty)
    database_version.upgrade(empty)
    assert database_version.is_current(empty)


def test_a_database_without_tables_is_not_current(empty):
    assert not database_version.is_current(empty)


def test_a_database_from_a_newer_version_is_refused_with_one_clear_line(empty):
    database_version.upgrade(empty)
    with empty.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="nyare version") as refused:
        database_version.upgrade(empty)
    assert "\n" not in str(refused.value)
