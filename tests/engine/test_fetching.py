"""What is fetched past the ORM is what the ORM would have given."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from engine.database import Database
from engine.fetching import Fetching, locked
from engine.tables import Draft, Instance
from tests.engine.rows import AT, an_instance
from tests.engine.statements import counted

BY_HAND = Fetching(
    Draft, lambda drafts: drafts.where(Draft.saved_by == sa.bindparam("by")).order_by(Draft.key)
)


def a_draft(key: str, by: str = "anna") -> Draft:
    return Draft(key=key, bpmn="<x/>", based_on_version=None, saved_at=AT, saved_by=by)


@pytest.fixture
def drafts(database: Database) -> Database:
    with database.writing() as session:
        session.add_all([a_draft("a"), a_draft("b"), a_draft("c", "bo")])
    return database


def test_a_row_is_the_same_object_with_the_same_values_as_through_the_orm(
    drafts: Database,
) -> None:
    with drafts.reading() as session:
        ours = session.get_one(Draft, "a")
        assert sa.inspect(ours).persistent
        values = {one.key: getattr(ours, one.key) for one in Draft.__mapper__.column_attrs}
    with drafts.reading() as session:
        theirs = orm.Session.get(session, Draft, "a")
        assert values == {name: getattr(theirs, name) for name in values}
        assert session.get(Draft, "a") is theirs
        assert BY_HAND.first(session, by="anna") is theirs


def test_what_is_not_there_is_none(drafts: Database) -> None:
    with drafts.reading() as session:
        assert session.get(Draft, "d") is None
        assert BY_HAND.all(session, by="cecilia") == []
        assert BY_HAND.first(session, by="cecilia") is None


def test_several_come_in_the_order_asked_for(drafts: Database) -> None:
    with drafts.reading() as session:
        assert [found.key for found in BY_HAND.all(session, by="anna")] == ["a", "b"]


def test_what_is_changed_in_a_fetched_object_is_written(drafts: Database) -> None:
    with drafts.writing() as session:
        session.get_one(Draft, "a").saved_by = "cecilia"
    with drafts.reading() as session:
        assert session.scalar(sa.select(Draft.saved_by).where(Draft.key == "a")) == "cecilia"


def test_what_waits_to_be_written_is_found(drafts: Database) -> None:
    with drafts.writing() as session:
        session.add(a_draft("d", "cecilia"))
        session.get_one(Draft, "a").saved_by = "cecilia"
        assert [found.key for found in BY_HAND.all(session, by="cecilia")] == ["a", "d"]


def test_what_was_deleted_is_gone(drafts: Database) -> None:
    with drafts.writing() as session:
        session.delete(session.get_one(Draft, "a"))
        session.flush()
        assert session.get(Draft, "a") is None


def test_what_has_expired_is_read_again(drafts: Database) -> None:
    with drafts.writing() as session:
        known = session.get_one(Draft, "a")
        session.execute(
            sa.update(Draft).values(bpmn="<y/>").execution_options(synchronize_session=False)
        )
        assert session.get_one(Draft, "a").bpmn == "<x/>"
        session.expire(known)
        assert BY_HAND.first(session, by="anna") is known
        assert known.bpmn == "<y/>"


def test_a_locked_row_is_as_it_stands_not_as_it_was_known(drafts: Database) -> None:
    with drafts.writing() as session:
        known = session.get_one(Draft, "a")
        session.execute(
            sa.update(Draft).values(bpmn="<y/>").execution_options(synchronize_session=False)
        )
        assert locked(session, Draft, "a") is known
        assert known.bpmn == "<y/>"
        assert not session.dirty
        assert locked(session, Draft, "d") is None


@pytest.fixture
def instance_id(database: Database) -> str:
    with database.writing() as session:
        return an_instance(session, b"long")


def test_a_column_left_out_is_read_when_it_is_asked_for(
    database: Database, instance_id: str
) -> None:
    with database.reading() as session:
        found = session.get_one(Instance, instance_id)
        assert "state" not in vars(found)
        assert found.state == b"long"


def test_a_column_left_out_is_not_kept_in_a_row_that_is_locked(
    database: Database, instance_id: str
) -> None:
    with database.writing() as session:
        known = session.get_one(Instance, instance_id)
        assert known.state == b"long"
        session.execute(
            sa.update(Instance).values(state=b"x").execution_options(synchronize_session=False)
        )
        assert locked(session, Instance, instance_id) is known
        assert known.state == b"x"


def test_what_is_fetched_ahead_is_not_asked_for_again(drafts: Database) -> None:
    with counted(drafts) as statements, drafts.writing() as session:
        BY_HAND.ahead(session, by="anna")
        found = [session.get_one(Draft, key).bpmn for key in ("a", "b")]
    assert found == ["<x/>", "<x/>"]
    by_id = [one for one in statements if "saved_by = " not in one and one.startswith("SELECT")]
    assert len(by_id) == (2 if drafts.is_sqlite else 0), "SQLite answers at once"


def test_what_was_not_brought_is_asked_for(drafts: Database) -> None:
    with drafts.writing() as session:
        BY_HAND.ahead(session, by="anna")
        assert session.get_one(Draft, "c").saved_by == "bo"
        assert session.get(Draft, "d") is None


def test_what_the_session_has_is_not_made_anew_by_what_arrives(drafts: Database) -> None:
    with drafts.writing() as session:
        BY_HAND.ahead(session, by="anna")
        known = BY_HAND.all(session, by="anna")
        known[0].bpmn = "<y/>"
        assert session.get(Draft, "b") is known[1]
        BY_HAND.ahead(session, by="anna")
        known_too = session.get(Draft, "c")  # the first look brings what is ahead
        assert known_too is not None
        assert session.get(Draft, "a") is known[0]
        assert known[0].bpmn == "<y/>"


def test_what_arrives_does_not_hide_what_a_lock_was_waited_for(drafts: Database) -> None:
    with drafts.writing() as session:
        BY_HAND.ahead(session, by="anna")
        session.execute(
            sa.update(Draft).values(bpmn="<y/>").execution_options(synchronize_session=False)
        )
        assert locked(session, Draft, "a") is not None  # and nobody holds it
        assert session.get_one(Draft, "a").bpmn == "<y/>"


def test_nothing_is_fetched_ahead_that_a_savepoint_may_undo(drafts: Database) -> None:
    with drafts.writing() as session:
        trial = session.begin_nested()
        session.execute(
            sa.update(Draft).values(bpmn="<y/>").execution_options(synchronize_session=False)
        )
        BY_HAND.ahead(session, by="anna")
        trial.rollback()
        assert session.get_one(Draft, "a").bpmn == "<x/>"
