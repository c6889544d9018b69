"""The log holds everything in the order it happened, and shows when it was tampered with."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine import history
from engine.database import Database
from engine.engine import Engine
from engine.errors import Invalid
from engine.history import Entry
from engine.tables import EventLog
from tests.engine.bpmn import chain, diagram, end, flow, script, start, task
from tests.engine.case import ANNA, Cases

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))  # no database holds half a pair
CHOICE = diagram("val", start(), script("rakna", "x = dubbla(2)"),
    '<bpmn:exclusiveGateway id="vag" name="Vilken väg?" default="f_vag_slut"/>', task("ett"),
    end(), chain("start", "rakna", "vag", "slut"), flow("vag", "ett", "x == 4"),
    flow("ett", "slut"))  # fmt: skip


@pytest.fixture
def instance_id(cases: Cases) -> str:
    cases.deploy("val", CHOICE)
    return cases.start("val", "RS/1/2026")


def test_every_element_is_logged_in_order_gateways_and_scripts_included(
    cases: Cases, instance_id: str
) -> None:
    cases.complete(cases.task(instance_id, "ett"), svar="ja")
    assert cases.kinds(instance_id) == [
        ("instance_started", None),
        ("element_entered", "start"),
        ("element_completed", "start"),
        ("element_entered", "rakna"),
        ("element_completed", "rakna"),
        ("element_entered", "vag"),
        ("element_completed", "vag"),
        ("element_entered", "ett"),
        ("element_completed", "ett"),
        ("element_entered", "slut"),
        ("element_completed", "slut"),
        ("instance_completed", None),
    ]
    rows = cases.log(instance_id)
    assert [row.seq for row in rows] == list(range(1, 13))
    assert rows[5].name == "Vilken väg?"
    assert rows[8].detail["answers"] == {"svar": "ja"}
    assert {row.actor for row in rows} == {"anna"}
    assert {row.business_key for row in rows} == {"RS/1/2026"}


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "nagon"},
        {"element": "annat"},
        {"detail": {"answers": {"svar": "nej"}}},
        {"seq": 99},
    ],
)
def test_a_changed_row_shows(
    cases: Cases, database: Database, instance_id: str, change: dict[str, object]
) -> None:
    cases.complete(cases.task(instance_id, "ett"), svar="ja")
    assert cases.read(lambda session: history.verify(session, instance_id)) == []
    with database.writing() as session:
        row = sa.update(EventLog).where(EventLog.chain == instance_id, EventLog.seq == 9)
        session.execute(row.values(**change))
    assert cases.read(lambda session: history.verify(session, instance_id)) != []


def test_a_removed_row_shows(cases: Cases, database: Database, instance_id: str) -> None:
    with database.writing() as session:
        session.execute(sa.delete(EventLog).where(EventLog.chain == instance_id, EventLog.seq == 3))
    assert cases.read(lambda session: history.verify(session, instance_id)) == [4]


def test_a_detail_deleted_by_law_does_not_break_the_chain(
    cases: Cases, database: Database, instance_id: str
) -> None:
    cases.complete(cases.task(instance_id, "ett"), svar="ja")
    with database.writing() as session:
        row = sa.update(EventLog).where(EventLog.chain == instance_id)
        session.execute(row.values(detail={}))
    assert cases.read(lambda session: history.verify(session, instance_id)) == []


def test_a_business_key_called_as_a_chain_is_opens_no_other_log(
    cases: Cases, engine: Engine, instance_id: str
) -> None:
    cases.perform(lambda session: history.append(session, engine, kind="account", actor=ANNA))
    for key in ("system", instance_id):
        assert cases.read(lambda session, key=key: history.of_business_key(session, key)) == []


def test_what_belongs_to_no_instance_is_in_the_chain_of_its_business_key(
    cases: Cases, engine: Engine
) -> None:
    for name in ("ett", "två"):
        cases.perform(
            lambda session, name=name: history.append(
                session, engine, kind="case_read", actor=ANNA, business_key="RS/1/2026", name=name
            )
        )
    rows = cases.read(lambda session: history.of_business_key(session, "RS/1/2026"))
    assert [(row.chain, row.seq, row.name) for row in rows] == [
        ("RS/1/2026", 1, "ett"),
        ("RS/1/2026", 2, "två"),
    ]
    assert cases.read(lambda session: history.verify(session, "RS/1/2026")) == []


def test_the_log_comes_in_pages(cases: Cases, instance_id: str) -> None:
    first = cases.read(lambda session: history.of_instance(session, instance_id, 5))
    second = cases.read(lambda session: history.of_instance(session, instance_id, 5, first.next))
    assert [row.seq for row in (*first.items, *second.items)] == list(range(1, 9))
    assert second.next is None
    with pytest.raises(Invalid):
        cases.read(lambda session: history.of_instance(session, instance_id, 5, "påhittad"))


@given(TEXTS, st.one_of(st.none(), TEXTS), st.integers(0, 2**53))
def test_a_hash_is_over_the_text_that_it_always_was_over(
    name: str, element: str | None, seq: int
) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    row = {
        "chain": "c", "seq": seq, "instance_id": None, "business_key": None, "at": at,
        "actor": "anna", "on_behalf_of": None, "kind": "k", "process_key": None,
        "element": element, "name": name, "digest": "d",
    }  # fmt: skip
    facts = ["", "c", seq, None, None, at.isoformat(), "anna", None, "k", None, element, name, "d"]
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    assert history._hash("", row) == hashlib.sha256(text.encode()).hexdigest()


def test_what_one_command_logged_is_read_in_its_order(cases: Cases, engine: Engine) -> None:
    kinds = [f"kind_{number}" for number in range(8)]
    entries = [Entry(kind=kind) for kind in kinds]
    cases.perform(
        lambda session: history.extend(session, engine, entries, actor=ANNA, business_key="RS/1")
    )
    found = cases.read(
        lambda session: [row.kind for row in history.of_business_key(session, "RS/1")]
    )
    assert found == kinds
