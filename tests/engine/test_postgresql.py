"""What is said to PostgreSQL past psycopg comes in order, and fails as a transaction does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from engine import prepared_names
from engine.database import Database
from engine.postgresql import AT_ONCE, Connection
from engine.prepared_names import SAID_OFTEN

ADD = "INSERT INTO tal (ett) VALUES ($1)"
ALL = "SELECT ett FROM tal ORDER BY ett"
pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.fixture
def address(database: Database) -> str:
    with database.writing() as session:
        session.execute(sa.text("CREATE TABLE tal (ett integer PRIMARY KEY)"))
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def connection(address: str) -> Iterator[Connection]:
    with Connection.connect(address) as connection:
        yield connection


def numbers(address: str) -> list[int]:
    with psycopg.connect(address) as other:
        return [ett for (ett,) in other.execute(ALL)]


def test_what_is_told_is_kept_when_it_is_committed(connection: Connection, address: str) -> None:
    connection.talk.tell([(ADD, [(1,), (2,)])])
    assert numbers(address) == []
    connection.commit()
    assert numbers(address) == [1, 2]


def test_what_is_told_comes_before_what_is_asked(connection: Connection) -> None:
    connection.talk.tell([(ADD, [(1,)])])
    (added, found) = connection.talk.ask([(ADD, [(2,), (3,)]), (ALL, [()])])
    assert added.rowcount == 2
    assert found.rows == [(1,), (2,), (3,)]


def test_it_comes_before_what_psycopg_is_asked_too(connection: Connection) -> None:
    connection.talk.tell([(ADD, [(1,)])])
    assert connection.execute(ALL).fetchall() == [(1,)]


def test_of_a_transaction_that_is_undone_nothing_is_kept(
    connection: Connection, address: str
) -> None:
    connection.talk.ask([(ADD, [(1,)])])
    connection.talk.tell([(ADD, [(2,)])])
    connection.rollback()
    connection.commit()
    assert numbers(address) == []


UNDOINGS = {
    "all of it": lambda connection: connection.rollback(),
    "a part": lambda connection: connection.execute("ROLLBACK TO SAVEPOINT a"),
}


@pytest.mark.parametrize("undo", UNDOINGS)
@pytest.mark.parametrize("times", [1, 7])  # psycopg prepares what it has said five times
def test_what_the_server_was_made_to_forget_is_prepared_anew(
    connection: Connection, undo: str, times: int
) -> None:
    connection.execute("SAVEPOINT a")
    for _time in range(times):
        connection.execute(ALL)
    connection.talk.ask([(ALL, [()])])
    UNDOINGS[undo](connection)
    assert connection.talk.ask([(ALL, [()])])[0].rows == []
    prepared = connection.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'told%'"
    )
    assert prepared.fetchone() == (1,)


def test_what_fails_leaves_nothing_prepared_behind(connection: Connection) -> None:
    for _time in range(5):
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.talk.ask([(ADD, [(1,), (1,)])])
        connection.rollback()
    left = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert left == (1,)


def test_what_cannot_be_sent_is_undone_with_its_savepoint(connection: Connection) -> None:
    connection.execute("SAVEPOINT a")
    with pytest.raises(psycopg.DataError):
        connection.talk.tell([("SELECT $1::text", [("\0",)])])
    connection.execute("ROLLBACK TO SAVEPOINT a")
    assert connection.talk.ask([(ADD, [(1,)])])[0].rowcount == 1


def test_a_transaction_is_undone_whole_when_what_was_told_in_it_fails(
    connection: Connection, address: str
) -> None:
    connection.talk.tell([(ADD, [(1,)]), (ADD, [(1,)])])
    with pytest.raises(psycopg.errors.UniqueViolation) as failed:
        connection.commit()
    assert failed.value.statement == ADD
    connection.rollback()
    assert numbers(address) == []
    assert connection.talk.ask([(ADD, [(1,)])])[0].rowcount == 1, "it can be used again"


def test_what_cannot_be_prepared_is_not_taken_for_prepared(connection: Connection) -> None:
    for _time in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.talk.ask([("SELECT 1 FROM finns_inte", [()])])
        connection.rollback()
    connection.execute("CREATE TABLE finns_inte (ett integer)")
    assert connection.talk.ask([("SELECT 1 FROM finns_inte", [()])])[0].rows == []


def test_a_thousand_things_are_told_in_order(connection: Connection, address: str) -> None:
    connection.talk.tell([(ADD, [(number,)]) for number in range(1000)])
    (found,) = connection.talk.ask([(ALL, [()])])
    connection.commit()
    assert [ett for (ett,) in found.rows] == numbers(address) == list(range(1000))


def test_much_is_told_and_much_is_answered_at_once(connection: Connection) -> None:
    much = "å" * 2_000_000
    said = [("SELECT $1::text || $2::text", [(much, str(number)) for number in range(5)])]
    (answer,) = connection.talk.ask(said)
    assert [text for (text,) in answer.rows] == [f"{much}{number}" for number in range(5)]


def test_a_transaction_begins_as_was_said(connection: Connection) -> None:
    connection.talk.begin("BEGIN READ ONLY")
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    assert connection.execute("SHOW transaction_read_only").fetchone() == ("on",)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.talk.ask([(ADD, [(1,)])])
    connection.rollback()
    connection.talk.ask([(ADD, [(1,)])])


def test_else_as_psycopg_was_told(connection: Connection) -> None:
    connection.read_only = True
    (found,) = connection.talk.ask([("SHOW transaction_read_only", [()])])
    assert found.rows == [("on",)]


def test_in_which_nothing_was_said_is_none(connection: Connection) -> None:
    connection.talk.begin("BEGIN READ ONLY")
    connection.commit()
    connection.talk.begin("BEGIN READ ONLY")
    connection.rollback()
    assert connection.talk.ask([(ADD, [(1,)])])[0].rowcount == 1


def test_each_question_is_a_transaction_of_its_own_when_that_is_asked_for(
    connection: Connection, address: str
) -> None:
    connection.autocommit = True
    connection.talk.ask([(ADD, [(1,)])])
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    first, second = connection.talk.ask_later([(ALL, [()]), (ALL, [()])])
    assert second.answers() == first.answers()
    connection.talk.tell([(ADD, [(2,)])])
    assert numbers(address) == [1, 2]
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.talk.tell([(ADD, [(1,)])])


def test_a_connection_whose_server_is_gone_is_closed(connection: Connection, address: str) -> None:
    connection.talk.ask([(ALL, [()])])
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
    with pytest.raises(psycopg.errors.AdminShutdown):
        connection.talk.ask([(ALL, [()])])
    assert connection.closed


def test_other_threads_go_on_while_an_answer_is_waited_for(connection: Connection) -> None:
    began, asked = threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        connection.talk.ask([("SELECT pg_sleep(0.5)", [()])])
        asked.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert began.wait(5)
    turns = 0
    while not asked.is_set():
        turns += not asked.wait(0.05)
    waiting.join()
    assert turns >= 3


def test_an_answer_is_heard_while_others_are_still_on_their_way(connection: Connection) -> None:
    first, slow = connection.talk.ask_later([(ALL, [()]), ("SELECT pg_sleep(0.3)", [()])])
    began = time.monotonic()
    assert first.answers()[0].rows == []
    assert time.monotonic() - began < 0.25
    slow.answers()
    assert time.monotonic() - began > 0.25


def test_what_failed_before_a_question_is_heard_with_it(connection: Connection) -> None:
    connection.talk.tell([(ADD, [(1,)]), (ADD, [(1,)])])
    (question,) = connection.talk.ask_later([(ALL, [()])])
    with pytest.raises(psycopg.errors.UniqueViolation) as failed:
        question.answers()
    assert failed.value.statement == ADD
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        question.answers()
    connection.rollback()
    connection.talk.ask([(ALL, [()])])
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        question.answers()


def test_a_question_that_nobody_hears_hinders_nobody(connection: Connection, address: str) -> None:
    connection.talk.ask_later([(ALL, [()])])
    connection.talk.tell([(ADD, [(1,)])])
    assert connection.execute(ALL).fetchall() == [(1,)]
    (question,) = connection.talk.ask_later([(ALL, [()])])
    connection.commit()
    assert question.answers()[0].rows == [(1,)]
    connection.talk.ask_later([(ALL, [()])])
    connection.rollback()
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE


def test_names_are_given_anew_when_the_server_has_forgotten_them(connection: Connection) -> None:
    cursor = connection.cursor()
    for _turn in range(2):
        for _time in range(SAID_OFTEN):
            cursor.execute("SELECT $1::integer", (1,))
        assert prepared(connection) == 1
        connection.execute("DEALLOCATE ALL")
        connection.talk.prepared.clear()


def prepared(connection: Connection) -> int:
    (number,) = connection.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'told%'"
    ).fetchone()
    return int(number)


def test_sqlalchemys_statements_are_prepared_once_they_come_often(connection: Connection) -> None:
    cursor = connection.cursor()
    for times in range(1, 8):
        cursor.execute("SELECT $1::integer", (times,))
        assert cursor.fetchall() == [(times,)]
        assert prepared(connection) == (times >= SAID_OFTEN)


def test_they_are_not_prepared_without_end(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared_names, "MOST", 3)
    cursor = connection.cursor()
    for number in range(6):
        for _time in range(SAID_OFTEN):
            cursor.execute(f"SELECT $1::integer + {number}", (1,))
            assert cursor.fetchone() == (number + 1,)
    assert prepared(connection) == 3


def test_a_cursor_answers_as_db_api_has_it(connection: Connection) -> None:
    cursor = connection.cursor()
    cursor.executemany(ADD, [(number,) for number in range(5)])
    assert cursor.rowcount == 5
    cursor.execute("SELECT ett, ett::text AS text FROM tal WHERE ett > $1 ORDER BY 1", (0,))
    assert [column[0] for column in cursor.description] == ["ett", "text"]
    assert cursor.fetchone() == (1, "1")
    assert cursor.fetchmany(2) == [(2, "2"), (3, "3")]
    assert cursor.fetchall() == [(4, "4")]
    assert cursor.fetchone() is None
    cursor.execute("DELETE FROM tal WHERE ett < $1::integer", (2,))
    assert (cursor.rowcount, cursor.description) == (2, None)


def test_several_statements_without_parameters_are_carried_out(connection: Connection) -> None:
    cursor = connection.cursor()
    cursor.execute("INSERT INTO tal VALUES (1); INSERT INTO tal VALUES (2)")
    cursor.execute("SELECT '%', ett FROM tal ORDER BY ett")
    assert cursor.fetchall() == [("%", 1), ("%", 2)]


def test_a_named_cursor_is_read_bit_by_bit(connection: Connection) -> None:
    connection.talk.tell([(ADD, [(number,)]) for number in range(10)])
    with connection.cursor("bit") as cursor:
        cursor.execute("SELECT ett FROM tal WHERE ett > $1 ORDER BY ett", (4,))
        assert cursor.fetchmany(2) == [(5,), (6,)]
        connection.talk.ask_later([(ALL, [()])])
        connection.talk.tell([(ADD, [(10,)])])
        assert cursor.fetchmany(9) == [(7,), (8,), (9,)]
        assert len(connection.talk.ask([(ALL, [()])])[0].rows) == 11


def test_psycopg_goes_on_whatever_was_said_since_its_cursor_was_made(
    connection: Connection,
) -> None:
    cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
    connection.talk.tell([(ADD, [(1,)])])
    assert cursor.execute(ALL).fetchall() == [{"ett": 1}]
    connection.commit()
    connection.talk.ask([(ADD, [(2,)])])
    with connection.transaction():
        connection.talk.tell([(ADD, [(3,)])])
    assert connection.talk.ask([(ALL, [()])])[0].rows == [(1,), (2,), (3,)]


def by_a_named_cursor(connection: Connection) -> None:
    with connection.cursor("n") as cursor:
        cursor.execute(ALL)


SAYINGS = {
    "a statement": lambda connection: connection.cursor().execute("SELECT 1"),
    "a statement with parameters": lambda connection: connection.cursor().execute(ADD, (1,)),
    "a named cursor": by_a_named_cursor,
    "a question": lambda connection: connection.talk.ask([(ALL, [()])]),
    "an end": lambda connection: connection.commit(),
}


@pytest.mark.parametrize("say", SAYINGS.values(), ids=SAYINGS)
@pytest.mark.parametrize("heard", [True, False])
def test_a_server_that_ended_between_two_statements_says_why(
    connection: Connection, address: str, say: Callable[[Connection], object], *, heard: bool
) -> None:
    (question,) = connection.talk.ask_later([(ALL, [()])])
    if heard:
        question.answers()
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
    with pytest.raises(psycopg.errors.AdminShutdown):
        say(connection)
    assert connection.closed
    with suppress(psycopg.OperationalError):
        connection.rollback()


def test_the_server_knows_who_keeps_it_waiting(connection: Connection, address: str) -> None:
    connection.talk.ask([(ALL, [()])])
    with psycopg.connect(address) as other:
        (state,) = other.execute(
            "SELECT state FROM pg_stat_activity WHERE pid = %s", (connection.info.backend_pid,)
        ).fetchone() or ("gone",)
    assert state == "idle in transaction"


def test_what_is_broken_off_by_a_signal_does_not_go_on_in_the_server(
    connection: Connection, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = connection.info.backend_pid

    def interrupted(_until: int) -> None:
        time.sleep(0.1)  # the server has begun
        raise KeyboardInterrupt

    monkeypatch.setattr(connection.talk, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        connection.talk.ask([("SELECT pg_sleep(60)", [()])])
    with psycopg.connect(address, autocommit=True) as other:
        until = time.monotonic() + 10
        alive: object = True
        while alive and time.monotonic() < until:
            alive = other.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid = %s", (pid,)
            ).fetchone()
            time.sleep(0.05)
    assert not alive


def test_what_was_told_long_ago_holds_back_nothing(connection: Connection) -> None:
    for number in range(AT_ONCE * 2):
        connection.talk.ask([("SELECT $1::integer", [(number,)])])
    connection.talk.tell([(ADD, [(1,)])])
    assert connection.pgconn.flush() == 0
