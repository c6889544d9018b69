"""Two transactions in the order that a test wants: one stops just before COMMIT, one comes then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.database import Database

PATIENCE_SECONDS = 20
# Long enough for the second to come to the lock, or to the end if nothing is in its way.
HEAD_START_SECONDS = 0.3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What each gave, or the kind of what it raised."""

    first: Any
    second: Any
    waited: bool  # whether the second had to wait until the first had committed


def race(database: Database, first: Callable[[], object], second: Callable[[], object]) -> Outcome:
    """`second` begins when `first` has done all its work and not committed it yet."""
    one, other = _Runner(first), _Runner(second)
    with _paused_before_commit(database, one) as (reached, go_on):
        one.start()
        assert reached.wait(PATIENCE_SECONDS), "the first never came to its COMMIT"
        other.start()
        other.join(HEAD_START_SECONDS)
        waited = other.is_alive()
        go_on.set()
        one.join(PATIENCE_SECONDS)
        other.join(PATIENCE_SECONDS)
    assert not one.is_alive()
    assert not other.is_alive(), "they wait for each other"
    return Outcome(first=one.outcome, second=other.outcome, waited=waited)


class _Runner(threading.Thread):
    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.outcome: Any = None

    def run(self) -> None:
        try:
            self.outcome = self._work()
        except Exception as error:
            self.outcome = type(error)


@contextmanager
def _paused_before_commit(
    database: Database, whose: threading.Thread
) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Said by the connection on PostgreSQL, by a statement on SQLite."""
    reached, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        if threading.current_thread() is whose and not reached.is_set():
            reached.set()
            go_on.wait(PATIENCE_SECONDS)

    def of_connection(_connection: sa.Connection) -> None:
        pause()

    def of_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "COMMIT":
            pause()

    event, listener = (
        ("before_cursor_execute", of_statement) if database.is_sqlite else ("commit", of_connection)
    )
    sa.event.listen(database.engine, event, listener)
    try:
        yield reached, go_on
    finally:
        go_on.set()
        sa.event.remove(database.engine, event, listener)
