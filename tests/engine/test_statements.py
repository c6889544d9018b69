"""What is said past SQLAlchemy is heard, converted and fails as what is said through it."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import database as databases
from engine.database import Base, Database
from engine.errors import EngineError
from engine.postgresql import Talk
from engine.statements import Statement, ask, ask_later, inserting, mirror, say, say_all, updating
from engine.tables import Draft, Instance
from tests.engine.rows import an_instance
from tests.engine.statements import counted

DRAFTS = Base.metadata.tables["draft"]
INSERT = inserting(DRAFTS)
BY_KEY = Statement(sa.select(DRAFTS).where(DRAFTS.c.key == sa.bindparam("key_")))
RENAME = Statement(
    sa.update(DRAFTS)
    .where(DRAFTS.c.key == sa.bindparam("key_"))
    .values(saved_by=sa.bindparam("by"))
)
ON_A_SERVER = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
SAVED_AT = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))


NOT_THERE = Statement(sa.select(sa.column("a")).select_from(sa.table("finns_inte")))
CHANGE = updating(Base.metadata.tables["instance"], "status")


def draft(key: str, **changed: Any) -> dict[str, Any]:
    row = {
        "key": key, "bpmn": "<x/>", "based_on_version": None, "lock_version": 1,
        "saved_at": SAVED_AT, "saved_by": "processagare",
    }  # fmt: skip
    return {**row, **changed}


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(sa.select(Draft.key)))


def test_times_go_in_and_come_out_as_instants(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
        (row,) = ask(session, BY_KEY, {"key_": "a"})
    found = dict(zip(DRAFTS.columns.keys(), row, strict=True))
    assert found["saved_at"] == SAVED_AT
    assert found["saved_at"].utcoffset() == timedelta(0)


def test_the_hour_that_comes_twice_is_stored_as_two(database: Database) -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    twice = [datetime(2026, 10, 25, 2, 30, fold=turn, tzinfo=stockholm) for turn in (0, 1)]
    assert twice[0] == twice[1], "as Python sees it"
    with database.writing() as session:
        say(session, INSERT, [draft(str(turn), saved_at=at) for turn, at in enumerate(twice)])
        stored = session.scalars(sa.select(Draft.saved_at).order_by(Draft.key)).all()
    assert [at.isoformat() for at in stored] == [
        "2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00",
    ]  # fmt: skip


def test_a_time_of_no_zone_is_not_stored(database: Database) -> None:
    with pytest.raises(ValueError, match="naive"), database.writing() as session:
        say(session, INSERT, draft("a", saved_at=datetime(2026, 7, 1)))


def test_what_is_asked_later_is_answered_as_it_stood_when_it_was_asked(
    database: Database,
) -> None:
    with database.writing() as session:
        say_all(session, [(INSERT, draft("a"))])
        first, second = ask_later(session, [(BY_KEY, {"key_": key}) for key in ("a", "b")])
        say(session, INSERT, draft("b"))
        assert [row[0] for row in first()] == ["a"]
        assert second() == []
        (third,) = ask_later(session, [(BY_KEY, {"key_": "b"})])
    assert [row[0] for row in third()] == ["b"], "heard with COMMIT"


def test_what_is_asked_later_in_a_savepoint_fails_there(database: Database) -> None:
    with database.writing() as session:
        say_all(session, [(INSERT, draft("a"))])
        trial = session.begin_nested()
        with pytest.raises(sa.exc.DBAPIError):
            ask_later(session, [(NOT_THERE, {})])
        trial.rollback()
        say_all(session, [(INSERT, draft("b"))])
    assert keys(database) == ["a", "b"]


@ON_A_SERVER
def test_a_question_in_a_transaction_that_fails_has_no_answer(database: Database) -> None:
    later = []

    def work(session: Session) -> None:
        say_all(session, [(INSERT, [draft("a"), draft("a")])])
        later.extend(ask_later(session, [(BY_KEY, {"key_": "a"})]))
        later[0]()

    with pytest.raises(sa.exc.IntegrityError), database.writing() as session:
        work(session)
    with pytest.raises(sa.exc.SQLAlchemyError):
        later[0]()
    with database.writing() as session:  # over the same connection
        ask(session, BY_KEY, {"key_": "a"})
        with pytest.raises(sa.exc.SQLAlchemyError):
            later[0]()
    assert keys(database) == []


def test_it_says_how_many_rows_changed(database: Database) -> None:
    with database.writing() as session:
        assert say(session, INSERT, [draft("a"), draft("b")]) == 2
        assert say(session, RENAME, {"key_": "a", "by": "annan"}) == 1
        assert say(session, RENAME, {"key_": "finns inte", "by": "annan"}) == 0


def test_who_listens_to_the_database_hears_every_statement(database: Database) -> None:
    with counted(database) as heard, database.writing() as session:
        say_all(session, [(INSERT, draft("a")), (INSERT, draft("b"))])
        ask(session, BY_KEY, {"key_": "a"})
    verbs = [statement.split()[0] for statement in heard if statement != "BEGIN IMMEDIATE"]
    assert verbs == ["INSERT", "INSERT", "SELECT", "COMMIT"]


def test_what_one_statement_of_several_breaks_breaks_them_all(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.writing() as session:
        say_all(session, [(INSERT, draft("a")), (INSERT, draft("a")), (INSERT, draft("b"))])
    assert keys(database) == []


def test_several_rows_of_several_statements_are_all_written(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("c"))
        said = [(INSERT, [draft("a"), draft("b")]), (RENAME, {"key_": "c", "by": "annan"})]
        say_all(session, said)
        who = {row.key: row.saved_by for row in session.scalars(sa.select(Draft))}
    assert who == {"a": "processagare", "b": "processagare", "c": "annan"}


def test_a_row_that_is_changed_twice_is_as_it_was_changed_last(database: Database) -> None:
    with database.writing() as session:
        instance_id = an_instance(session)
        changes = [(CHANGE, {"id_": instance_id, "status": s}) for s in ("failed", "completed")]
        say_all(session, changes)
        assert session.scalar(sa.select(Instance.status)) == "completed"


def test_a_failure_is_sqlalchemys_and_tells_nothing_that_was_said(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
    with pytest.raises(sa.exc.IntegrityError) as failed, database.writing() as session:
        say(session, INSERT, draft("a", bpmn="hemligt"))
    assert "hemligt" not in str(failed.value)
    assert keys(database) == ["a"]


def test_an_object_of_the_session_can_be_told_what_was_said(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
        seen = session.get_one(Draft, "a")
        say(session, RENAME, {"key_": "a", "by": "annan"})
        assert seen.saved_by == "processagare"
        mirror(session, Draft, "a", {"saved_by": "annan"})
        assert seen.saved_by == "annan"
        assert seen not in session.dirty


def test_a_row_is_found_by_its_id_to_be_changed() -> None:
    said = updating(Base.metadata.tables["task"], "name").on(sa.create_engine("sqlite://").dialect)
    assert said.text == "UPDATE task SET name=? WHERE task.id = ?"
    assert said.parameters({"id_": "1", "name": "n"}) == ("n", "1")


def test_what_is_said_in_a_savepoint_goes_with_it(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
        trial = session.begin_nested()
        say(session, INSERT, draft("b"))
        trial.rollback()
        say(session, INSERT, draft("c"))
    assert keys(database) == ["a", "c"]


def test_what_fails_in_a_savepoint_fails_there(database: Database) -> None:
    with database.writing() as session:
        say_all(session, [(INSERT, draft("a"))])
        trial = session.begin_nested()
        with pytest.raises(sa.exc.IntegrityError):
            say_all(session, [(INSERT, draft("a"))])
        trial.rollback()
        say_all(session, [(INSERT, draft("b"))])
    assert keys(database) == ["a", "b"]


@ON_A_SERVER
@pytest.mark.parametrize("heard", ["by a question", "at the end"])
def test_of_what_was_told_the_statement_that_failed_is_named(
    database: Database, heard: str
) -> None:
    with pytest.raises(sa.exc.IntegrityError) as failed, database.writing() as session:
        _told_twice(session, asked=heard == "by a question")
    assert "INSERT INTO draft" in str(failed.value)
    assert "hemligt" not in str(failed.value)


def _told_twice(session: Session, *, asked: bool) -> None:
    say_all(session, [(INSERT, [draft("a", bpmn="hemligt"), draft("a", bpmn="hemligt")])])
    if asked:
        session.execute(sa.text("SELECT 42"))


def test_what_cannot_be_told_is_sqlalchemys_failure(database: Database) -> None:
    if_nul = "\0" if not database.is_sqlite else object()
    with pytest.raises(sa.exc.SQLAlchemyError), database.writing() as session:
        say_all(session, [(INSERT, draft("a", saved_by=if_nul))])


@ON_A_SERVER
@pytest.mark.parametrize("when", ["_wait", "_send_each"])
def test_a_signal_while_the_server_is_talked_with_comes_through(
    database: Database, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def interrupted(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    def work(session: Session) -> None:
        say(session, INSERT, draft("a"))
        say_all(session, [(INSERT, draft("b"))])
        with monkeypatch.context() as patched:
            patched.setattr(Talk, when, interrupted)
            ask(session, BY_KEY, {"key_": "a"})

    with pytest.raises(KeyboardInterrupt), database.writing() as session:
        work(session)
    assert keys(database) == []


def test_nothing_is_said_after_the_session_undid_its_work(database: Database) -> None:
    with pytest.raises(sa.exc.PendingRollbackError), database.writing() as session:
        _undone_and_said_on(session)
    assert keys(database) == []


def _undone_and_said_on(session: Session) -> None:
    session.add_all([Draft(**draft("a")), Draft(**draft("a"))])
    with suppress(sa.exc.IntegrityError):
        session.flush()
    say(session, INSERT, draft("b"))


def test_nothing_to_say_is_nothing_said(database: Database) -> None:
    with counted(database) as heard, database.writing() as session:
        say_all(session, [])
    assert not [statement for statement in heard if statement not in ("BEGIN IMMEDIATE", "COMMIT")]


def test_a_session_of_a_transaction_that_has_ended_is_of_no_use(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
    with pytest.raises(sa.exc.InvalidRequestError):
        ask(session, BY_KEY, {"key_": "a"})


# On PostgreSQL each has a connection of its own.
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_write_within_a_write_is_refused_and_the_outer_goes_on(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
        with pytest.raises(EngineError), database.writing():
            raise AssertionError("it was let in")
        say(session, INSERT, draft("b"))
    with database.writing() as session:
        assert len(ask(session, BY_KEY, {"key_": "b"})) == 1


@ON_A_SERVER
def test_a_connection_that_lay_still_for_long_is_asked_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
    asked: list[Any] = []
    dialect = database.engine.dialect
    monkeypatch.setattr(dialect, "do_ping", lambda each: asked.append(each) or True)
    with database.writing() as session:
        say(session, INSERT, draft("b"))
    assert asked == []
    monkeypatch.setattr(databases, "FORGOTTEN_SECONDS", 0)
    with database.writing() as session:
        say(session, INSERT, draft("c"))
    assert len(asked) == 1


@ON_A_SERVER
def test_a_connection_that_the_server_ended_is_not_handed_out_again(database: Database) -> None:
    with database.writing() as session:
        say(session, INSERT, draft("a"))
    _end_all_connections(database)
    with database.writing() as session:
        say(session, INSERT, draft("b"))
    assert keys(database) == ["a", "b"]


@ON_A_SERVER
def test_a_connection_lost_in_a_transaction_loses_only_that(database: Database) -> None:
    with pytest.raises(sa.exc.OperationalError), database.writing() as session:
        _interrupted(session, database)
    with database.writing() as session:
        say(session, INSERT, draft("c"))
    assert keys(database) == ["c"]


def _interrupted(session: Session, database: Database) -> None:
    say(session, INSERT, draft("a"))
    _end_all_connections(database)
    say(session, INSERT, draft("b"))


def _end_all_connections(database: Database) -> None:
    """All but the one that ends them; it waits until they are gone."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    other = sa.create_engine(database.url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {others}")
        until = time.monotonic() + 20
        while connection.exec_driver_sql(f"SELECT pid {others}").first():
            assert time.monotonic() < until, "they are still there"
            time.sleep(0.01)


def test_rows_that_are_inserted_together_are_all_there(database: Database) -> None:
    keys = [f"k{number:02}" for number in range(19)]
    with database.writing() as session:
        say_all(session, [(INSERT, [draft(key, bpmn=f"<{key}/>") for key in keys])])
    with database.reading() as session:
        found = session.execute(sa.select(Draft.key, Draft.bpmn).order_by(Draft.key)).all()
    assert [tuple(row) for row in found] == [(key, f"<{key}/>") for key in keys]


def test_rows_with_and_without_a_value_are_inserted_together(database: Database) -> None:
    rows = [draft("a"), draft("b", based_on_version=7), draft("c")]
    with database.writing() as session:
        say_all(session, [(INSERT, rows)])
    with database.reading() as session:
        found = session.execute(sa.select(Draft.based_on_version).order_by(Draft.key)).all()
    assert [version for (version,) in found] == [None, 7, None]


@ON_A_SERVER
@pytest.mark.parametrize("way", ["reading", "writing"])
def test_nothing_is_heard_over_another_connection_than_it_was_asked_over(
    database: Database, way: str
) -> None:
    gone = sa.text("SELECT pg_terminate_backend(pg_backend_pid())")
    with suppress(sa.exc.SQLAlchemyError), getattr(database, way)() as session:
        first, second = ask_later(session, [(BY_KEY, {"key_": key}) for key in ("a", "b")])
        with pytest.raises(sa.exc.OperationalError):
            session.execute(gone)
        for late in (first, second):
            with suppress(sa.exc.SQLAlchemyError):
                late()
        with pytest.raises(sa.exc.SQLAlchemyError):
            say(session, INSERT, draft("a"))
    assert keys(database) == []
