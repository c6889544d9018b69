"""The one place where transactions begin and end."""

from __future__ import annotations

import json
import logging
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import orjson
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.types import TypeDecorator

from engine import driver, postgresql, told_faults
from engine.errors import EngineError
from engine.fetching import Session
from engine.statements import PARAMETERS, Statement, say_all
from engine.texts import gettext as _

log = logging.getLogger(__name__)

SQLITE_BUSY_SECONDS = 5
FORGOTTEN_SECONDS = 30
POSTGRESQL_LOCK_TIMEOUT = "5s"
POSTGRESQL_VIEW = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# A lock not had in time, a deadlock, a serialization failure.
POSTGRESQL_TURNED_AWAY = frozenset({"55P03", "40P01", "40001"})
SQLITE_TURNED_AWAY = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})


_ONE_AT_A_TIME = Statement(
    sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(sa.bindparam("what", type_=sa.Text))))
)
_LEFT_AT = "left at"


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"naive time {value} may not be stored")
    return value.astimezone(UTC)


@lru_cache(maxsize=1000)  # a command says the same few times again and again
def _of_utc(value: datetime) -> str:
    """As SQLAlchemy writes it, which takes three times as long. Elsewhere two times an hour apart
    may be equal, in the night when clocks are put back.
    """
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants; SQLite stores none, so a naive one is refused instead of guessed."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        def as_instant(value: datetime | None) -> datetime | None:
            return None if value is None else _in_utc(value)

        def as_text(value: datetime | None) -> str | None:
            return None if value is None else _of_utc(_in_utc(value))

        return as_text if dialect.name == "sqlite" else as_instant

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Made once: json.dumps makes one for each value that isn't written in its ordinary way.
_as_odd_json = json.JSONEncoder(ensure_ascii=False).encode
# Times and objects are refused, as json refuses them: they would be read as something else. That
# numbers are finite is seen to where they come in (`engine/storable.py`): orjson would write null.
_JSON_ONLY = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


def _as_json(value: Any) -> str:
    """Most are plain; what orjson doesn't take, as enumerations and huge numbers, json may."""
    try:
        return orjson.dumps(value, option=_JSON_ONLY).decode()
    except orjson.JSONEncodeError:
        return _as_odd_json(value)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text: JSONB orders keys anew, and hashes are taken over the text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else _as_json(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


class Base(orm.DeclarativeBase):
    """Every table of the product, whatever its layer, is in this metadata."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JsonText,
        list[Any]: JsonText,
    }


class Database:
    """A connection pool with two ways in: `reading` and `writing`.

    On SQLite a write begins with BEGIN IMMEDIATE behind an in-process lock: SQLite's own busy
    wait starves threads for seconds, a lock hands over in order.
    """

    def __init__(self, url: str) -> None:
        self.url = address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._write_lock: Any = threading.RLock()
        self._kept: sa.Connection | None = None
        self._is_writing = False
        if self.is_sqlite:
            self.engine = sa.create_engine(
                self.url,
                hide_parameters=True,  # what a failed statement carried may be secret
                isolation_level="AUTOCOMMIT",  # BEGIN and COMMIT are said below, by hand
                connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
            )
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            self.engine = sa.create_engine(
                self.url,
                hide_parameters=True,
                paramstyle=PARAMETERS["postgresql"],  # as the server itself has it
                pool_size=5,
                max_overflow=15,  # as many as a process has threads
                connect_args={"options": f"-c lock_timeout={POSTGRESQL_LOCK_TIMEOUT}"},
            )
            sa.event.listen(self.engine, "do_connect", _connect_postgresql)
            sa.event.listen(self.engine, "checkout", self._require_that_it_is_there)
            sa.event.listen(self.engine, "checkin", _note_when)
            sa.event.listen(self.engine, "handle_error", told_faults.cut_in_context)

    @contextmanager
    def reading(self) -> Iterator[orm.Session]:
        """One consistent view of the database; nothing done in it is kept."""
        with self.engine.connect() as connection:
            driver.begin(connection, "BEGIN" if self.is_sqlite else POSTGRESQL_VIEW)
            session = _session(connection, autoflush=False)
            try:
                yield session
            finally:
                # All has been read, and nothing is to be kept.
                with suppress(sa.exc.DBAPIError):
                    if not self.is_sqlite and not connection.invalidated:
                        driver.commit(connection)
                with suppress(sa.exc.DBAPIError):
                    _end(session)
                if self.is_sqlite:
                    _roll_back(connection)

    @contextmanager
    def asking(self) -> Iterator[orm.Session]:
        """Single questions, each with a view of its own: no transaction is held in between.

        For who waits for something outside the database on the way.
        """
        with self.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            with orm.Session(connection, autoflush=False, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def writing(self) -> Iterator[orm.Session]:
        """One transaction: committed when the block ends well, else rolled back whole."""
        if self.is_sqlite:
            with self._writer() as connection, _written(connection) as session:
                yield session
            return
        with self.engine.begin() as connection:
            session = _session(connection)
            try:
                yield session
                session.flush()
            finally:
                _end(session)

    @contextmanager
    def _writer(self) -> Iterator[sa.Connection]:
        """SQLite's one writer, whose connection is kept: to fetch one cost a tenth of a command."""
        with self._write_lock:
            if self._is_writing:
                raise EngineError(_("En ändring kan inte göras inne i en annan."))
            if self._kept is None or self._kept.invalidated:
                self._kept = self.engine.connect()
            self._is_writing = True
            try:
                yield self._kept
            finally:
                self._is_writing = False
                _roll_back(self._kept)  # should anything have come between BEGIN and its end

    def _require_that_it_is_there(self, connection: Any, record: Any, _proxy: object) -> None:
        """A server that was restarted is met by a fresh connection.

        To ask it costs as much as a statement; only what has lain still so long that somebody on
        the way may have forgotten it is worth that.
        """
        idle = time.monotonic() - record.info.get(_LEFT_AT, time.monotonic())
        try:
            seems_so = not connection.closed and not _has_something_to_read(connection)
            if seems_so and (idle < FORGOTTEN_SECONDS or self.engine.dialect.do_ping(connection)):
                return
        except self.engine.dialect.loaded_dbapi.Error:
            log.info("a connection that lay still for %d s was lost", idle)
        raise sa.exc.DisconnectionError

    def dispose(self) -> None:
        if self._write_lock.acquire(timeout=SQLITE_BUSY_SECONDS):  # else its thread is left behind
            if self._kept is not None:
                self._kept.close()
                self._kept = None
            self._write_lock.release()
        self.engine.dispose()


def _session(connection: sa.Connection, *, autoflush: bool = True) -> orm.Session:
    session = Session(
        connection, autoflush=autoflush, expire_on_commit=False, close_resets_only=False
    )
    session.info[driver.CONNECTION] = connection
    return session


def _end(session: orm.Session) -> None:
    """What comes too late must find nobody: others may have the connection now."""
    del session.info[driver.CONNECTION]
    session.close()


@contextmanager
def _written(connection: sa.Connection) -> Iterator[orm.Session]:
    """SQLite's transaction, begun and ended by hand; what the session thinks of it comes after."""
    driver.begin(connection, "BEGIN IMMEDIATE")
    session = _session(connection)
    try:
        yield session
        session.flush()
        driver.tell(connection, [("COMMIT", [()])])
    except BaseException:
        _roll_back(connection)
        raise
    finally:
        _end(session)


class UnknownDatabase(EngineError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Databasens adress ska börja med sqlite:/// eller "
                "postgresql://användare:lösenord@maskin/databas."
            )
        )


def sqlite_file(url: sa.URL) -> Path | None:
    """Where an SQLite database lies; connecting would make one that isn't there."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def address(url: str) -> sa.URL:
    """Of a database that can be used here. A wrong one is not shown: it may hold a password."""
    try:
        found = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise UnknownDatabase from None
    if found.drivername == "postgresql":
        found = found.set(drivername="postgresql+psycopg")
    if found.drivername not in ("sqlite", "postgresql+psycopg"):
        raise UnknownDatabase
    return found


def one_at_a_time(session: orm.Session, what: str) -> None:
    """Let no other transaction do the same until this one has ended.

    For what has no row of its own to lock, and waited for with what is asked next. SQLite lets
    only one write anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        say_all(session, [(_ONE_AT_A_TIME, {"what": what})])


def was_turned_away(error: BaseException) -> bool:
    """Whether the database let others go first: nothing is kept, and doing it again may work.

    An error that leaves it unknown whether the transaction was committed is not one of these.
    """
    found = _cause(error, sa.exc.DBAPIError)
    state = getattr(found, "orig", None)
    name = getattr(state, "sqlite_errorname", "")
    return getattr(state, "sqlstate", "") in POSTGRESQL_TURNED_AWAY or name in SQLITE_TURNED_AWAY


def was_cut_off(error: BaseException) -> bool:
    """Whether the connection was lost: then nobody knows whether a COMMIT was carried out."""
    found = _cause(error, sa.exc.DBAPIError)
    return bool(getattr(found, "connection_invalidated", False))


def is_away(error: BaseException) -> bool:
    """Whether the database was lost, or could not be reached."""
    return was_cut_off(error) or has_cause(error, sa.exc.OperationalError)


def has_cause(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether `error` is of that kind, or was raised from one that is."""
    return _cause(error, kind) is not None


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__
    return error


def _roll_back(connection: sa.Connection) -> None:
    """SQLite itself ends a transaction on some errors, and one that is committed has ended."""
    if connection.invalidated:
        return
    sqlite: Any = connection.connection.driver_connection
    if sqlite.in_transaction:
        driver.tell(connection, [("ROLLBACK", [()])])


def _connect_postgresql(_dialect: object, _record: object, args: Any, parameters: Any) -> Any:
    return postgresql.Connection.connect(*args, **parameters)


def _note_when(_connection: object, record: Any) -> None:
    record.info[_LEFT_AT] = time.monotonic()


def _has_something_to_read(connection: Any) -> bool:
    """From an idle connection's server that can only be its last words, or the end."""
    said = select.poll()
    said.register(connection.fileno(), select.POLLIN)
    return bool(said.poll(0))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # FULL: in WAL mode NORMAL may lose the last commits at a power cut, and an acknowledged
    # completion must never be lost.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
