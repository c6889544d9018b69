"""The tables that migrations make are those the program knows."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.database import Database
from processes import database_version
from processes.database_version import DatabaseTooNew
from tests import databases

pytestmark = pytest.mark.both_databases


@pytest.fixture
def empty(backend: str, tmp_path: Path) -> Iterator[Database]:
    with databases.database(backend, tmp_path, nothing) as database:
        yield database


def nothing(database: Database) -> None:
    pass


def test_migrations_make_exactly_the_tables_that_the_program_knows(empty):
    database_version.upgrade(empty)
    with empty.reading() as session:
        options = {"include_name": is_ours}
        context = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(context, database_version.metadata()) == []


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not str(name).startswith("procrastinate_")


def test_several_nodes_started_at_once_upgrade_one_after_the_other(empty):
    with ThreadPoolExecutor(4) as nodes:
        for done in [nodes.submit(database_version.upgrade, empty) for _node in range(4)]:
            done.result()
    assert database_version.is_current(empty)


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
