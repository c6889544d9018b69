"""The database's own driver, past SQLAlchemy but not past who listens to its statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine import told_faults
from engine.gathered_rows import Parameters, Said
from engine.postgresql import Answer, Question

# Where a session keeps what it talks over: to ask it each time takes longer than a statement.
CONNECTION = "connection"


def begin(connection: sa.Connection, statement: str) -> None:
    """A transaction, with that; PostgreSQL hears it with what is said next."""
    if _is_server(connection):
        _driver(connection).talk.begin(statement)
    else:
        tell(connection, [(statement, [()])])


def ask(connection: sa.Connection, said: Sequence[Said]) -> list[Answer]:
    """The answer to each; PostgreSQL is asked for all of them in one journey."""
    if not _is_server(connection):
        return [_fetched(connection, text, rows) for text, rows in said]
    _require_that_it_is_there(connection)
    _hear(connection, said, "before_cursor_execute")
    with _failing(connection):
        answers: list[Answer] = _driver(connection).talk.ask(said)
    _hear(connection, said, "after_cursor_execute")
    return answers


def ask_later(connection: sa.Connection, said: Sequence[Said]) -> list[Callable[[], Answer]]:
    """Of each, what has its answer; PostgreSQL, which alone is asked so, sets about it."""
    _require_that_it_is_there(connection)
    _hear(connection, said, "before_cursor_execute")
    with _failing(connection):
        questions = _driver(connection).talk.ask_later(said)
    _hear(connection, said, "after_cursor_execute")
    return [partial(_answer, connection, question) for question in questions]


def tell(connection: sa.Connection, said: Sequence[Said]) -> None:
    """In their order. PostgreSQL hears it with whatever is said next, and may refuse it then."""
    if not _is_server(connection):
        for text, rows in said:
            _executed(connection, text, rows)
        return
    _require_that_it_is_there(connection)
    _hear(connection, said, "before_cursor_execute")
    with _failing(connection):
        _driver(connection).talk.tell(said)
    _hear(connection, said, "after_cursor_execute")


def commit(connection: sa.Connection) -> None:
    """The end of a transaction that only reads: a ROLLBACK makes psycopg forget what it prepared.

    Then the server would plan every statement anew.
    """
    with _failing(connection):
        _driver(connection).commit()


def _answer(connection: sa.Connection, question: Question) -> Answer:
    _require_that_it_is_there(connection)
    with _failing(connection):
        (answer,) = question.answers()
    return answer


def _is_server(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _fetched(connection: sa.Connection, text: str, rows: Sequence[Parameters]) -> Answer:
    cursor = _executed(connection, text, rows)
    try:
        return Answer(cursor.fetchall(), cursor.rowcount)
    except connection.dialect.loaded_dbapi.Error as error:  # it goes on reading meanwhile
        raise _failure(connection, text, error) from error


def _executed(connection: sa.Connection, text: str, rows: Sequence[Parameters]) -> Any:
    _require_that_it_is_there(connection)
    sqlite, one = _driver(connection), len(rows) == 1
    _hear(connection, [(text, rows)], "before_cursor_execute")
    try:
        cursor = sqlite.execute(text, rows[0]) if one else sqlite.executemany(text, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, text, error) from error
    _hear(connection, [(text, rows)], "after_cursor_execute")
    return cursor


def _hear(connection: sa.Connection, said: Sequence[Said], event: str) -> None:
    # Asked first, as SQLAlchemy does: to find nobody takes as long as to find somebody.
    if not (connection._has_events or connection.engine._has_events):
        return
    for listen in getattr(connection.dispatch, event):
        for text, rows in said:
            listen(connection, None, text, rows, None, len(rows) > 1)


def _require_that_it_is_there(connection: sa.Connection) -> None:
    if connection.invalidated:  # asked for another, it would give one with no transaction
        raise sa.exc.ResourceClosedError("the connection was lost")


@contextmanager
def _failing(connection: sa.Connection) -> Iterator[None]:
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, "", error) from error
    except UnicodeError:  # a value that can't be sent, and nothing of its statement was
        raise
    except BaseException as error:  # a signal, say: nobody knows how much was sent
        connection.invalidate(error)
        raise


def _failure(connection: sa.Connection, text: str, error: Any) -> BaseException:
    """As SQLAlchemy would say it. A connection that is lost is not used again."""
    told_faults.cut(error)
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if lost:
        connection.invalidate(error)
    failure: BaseException = sa.exc.DBAPIError.instance(
        getattr(error, "statement", text), None, error, dialect.loaded_dbapi.Error,
        hide_parameters=True, connection_invalidated=lost, dialect=dialect,
    )  # fmt: skip
    return failure
