"""The database's own driver, past SQLAlchemy but not past who listens to its statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from engine import told_faults

Parameters = tuple[Any, ...]


def execute(connection: sa.Connection, text: str, parameters: Parameters = ()) -> Any:
    """The driver's cursor, which knows how many rows were changed."""
    return _execute(connection, text, parameters, many=False)


def fetch(connection: sa.Connection, text: str, parameters: Parameters) -> list[Parameters]:
    """The rows. SQLite goes on reading while they are fetched, and may fail there too."""
    cursor = _execute(connection, text, parameters, many=False)
    try:
        rows: list[Parameters] = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, text, error) from error
    return rows


def execute_many(connection: sa.Connection, text: str, parameters: list[Parameters]) -> Any:
    """The same once for each of the parameters."""
    return _execute(connection, text, parameters, many=True)


def commit(connection: sa.Connection) -> None:
    """The end of a transaction that only reads: a ROLLBACK makes psycopg forget what it prepared.

    Then the server would plan every statement anew.
    """
    try:
        driver: Any = connection.connection.driver_connection
        driver.commit()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, None, error) from error


@contextmanager
def together(connection: sa.Connection) -> Iterator[None]:
    """What PostgreSQL is told in the block goes there in one journey; its rows can't be asked for.

    A statement that fails is heard of when the block ends.
    """
    pipeline = getattr(connection.connection.driver_connection, "pipeline", None)
    if pipeline is None:
        yield
        return
    try:
        with pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, None, error) from error


def _execute(connection: sa.Connection, text: str, parameters: Any, *, many: bool) -> Any:
    if connection.invalidated:  # asked for another, it would give one with no transaction
        raise sa.exc.ResourceClosedError("the connection was lost")
    cursor = _cursor(connection)
    for listen in connection.dispatch.before_cursor_execute:
        listen(connection, cursor, text, parameters, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, text, error) from error
    for listen in connection.dispatch.after_cursor_execute:
        listen(connection, cursor, text, parameters, None, many)
    return cursor


def _cursor(connection: sa.Connection) -> Any:
    """On PostgreSQL one that takes statements as they are sent: any other reads each for `%s`."""
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        return psycopg.RawCursor(driver)
    return connection.connection.cursor()


def _failure(connection: sa.Connection, text: str | None, error: Any) -> BaseException:
    """As SQLAlchemy would say it. A connection that is lost is not used again."""
    told_faults.cut(error)
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if lost:
        connection.invalidate(error)
    failure: BaseException = sa.exc.DBAPIError.instance(
        text or "", None, error, dialect.loaded_dbapi.Error,
        hide_parameters=True, connection_invalidated=lost, dialect=dialect,
    )  # fmt: skip
    return failure
