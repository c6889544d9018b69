"""A message reaches the one that waits for it, once, and is never lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import instances, jobs, messages
from engine.engine import Engine
from engine.errors import NotFound
from engine.tables import InstanceStatus, Job, JobStatus, Message, MessageStatus
from tests.engine.bpmn import (
    boundary_message,
    catch,
    chain,
    diagram,
    end,
    flow,
    message_event,
    node,
    start,
    task,
    throw,
)
from tests.engine.case import ANNA, Cases
from tests.engine.statements import counted

RECEIVER = diagram("mottagare", start(), catch("vanta", "beslut", "[dnr]"), task("sedan"), end(),
    chain("start", "vanta", "sedan", "slut"), messages=("beslut",))  # fmt: skip
SENDER = diagram("avsandare", start(), throw("skicka", "beslut", "[till]", '{"utfall": "ja"}'),
    end(), chain("start", "skicka", "slut"), messages=("beslut",))  # fmt: skip
LISTENER = diagram("lyssnare", start(), task("ett"),
    boundary_message("ny", "ett", "ny_handling", "[dnr]", cancel=False), task("las"), end(),
    end("last"), chain("start", "ett", "slut"), chain("ny", "las", "last"),
    messages=("ny_handling",))  # fmt: skip


@pytest.fixture
def receiver(cases: Cases) -> str:
    cases.deploy("mottagare", RECEIVER)
    cases.deploy("avsandare", SENDER)
    return "mottagare"


def statuses(cases: Cases) -> list[str]:
    query = sa.select(Message.status).order_by(Message.sent_at, Message.id)
    return cases.read(lambda session: list(session.scalars(query)))


def test_a_thrown_message_reaches_only_the_case_with_its_key(
    cases: Cases, engine: Engine, receiver: str
) -> None:
    one, two = cases.start(receiver, dnr="RS/1/2026"), cases.start(receiver, dnr="RS/2/2026")
    sender = cases.start("avsandare", till="RS/2/2026")
    assert cases.status(sender) == InstanceStatus.COMPLETED
    jobs.drain(engine)
    assert (cases.elements(one), cases.elements(two)) == ([], ["sedan"])
    assert cases.data(two)["vanta"] == {"utfall": "ja"}
    assert cases.count(two, "message_received") == 1
    assert cases.count(sender, "message_sent") == 1
    assert [wait.instance_id for wait in cases.waits()] == [one]


def test_a_message_that_came_first_is_kept_and_delivered_when_somebody_waits(
    cases: Cases, engine: Engine, receiver: str
) -> None:
    cases.send("beslut", ["RS/1/2026"], utfall="nej")
    jobs.drain(engine)
    assert statuses(cases) == ["kept"]
    instance_id = cases.start(receiver, dnr="RS/1/2026")
    jobs.drain(engine)
    assert cases.data(instance_id)["vanta"] == {"utfall": "nej"}
    assert statuses(cases) == ["delivered"]


def test_a_message_that_may_not_be_kept_is_refused_when_nobody_waits(
    cases: Cases, engine: Engine, receiver: str
) -> None:
    with pytest.raises(NotFound):
        cases.send("beslut", ["RS/9/2026"], keep=False)
    instance_id = cases.start(receiver, dnr="RS/9/2026")
    cases.send("beslut", ["RS/9/2026"], keep=False)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]


def test_of_two_messages_with_one_receiver_the_second_is_kept(
    cases: Cases, engine: Engine, receiver: str
) -> None:
    instance_id = cases.start(receiver, dnr="RS/1/2026")
    for outcome in ("ja", "nej"):
        cases.send("beslut", ["RS/1/2026"], utfall=outcome)
    jobs.drain(engine)
    assert sorted(statuses(cases)) == ["delivered", "kept"]
    assert cases.count(instance_id, "message_received") == 1


def test_a_listener_that_does_not_interrupt_hears_every_message(
    cases: Cases, engine: Engine
) -> None:
    cases.deploy("lyssnare", LISTENER)
    instance_id = cases.start("lyssnare", dnr="RS/1/2026")
    for number in range(3):
        cases.send("ny_handling", ["RS/1/2026"], nummer=number)
        jobs.drain(engine)
    assert cases.elements(instance_id) == ["ett", "las", "las", "las"]


def test_nobody_waits_in_a_case_that_has_ended(cases: Cases, engine: Engine, receiver: str) -> None:
    instance_id = cases.start(receiver, dnr="RS/1/2026")
    cases.perform(
        lambda session: instances.cancel(
            session, engine, instance_id, reason="Återkallat", actor=ANNA
        )
    )
    assert cases.waits() == []
    cases.send("beslut", ["RS/1/2026"])
    jobs.drain(engine)
    assert statuses(cases) == ["kept"]


def test_an_interrupting_message_takes_the_task_with_it(cases: Cases, engine: Engine) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"),
        boundary_message("avbryt", "ett", "aterkallat", "[dnr]"), task("avsluta"), end(),
        chain("start", "ett", "slut"), flow("avbryt", "avsluta"), flow("avsluta", "slut"),
        messages=("aterkallat",)))  # fmt: skip
    instance_id = cases.start("p", dnr="RS/1/2026")
    cases.send("aterkallat", ["RS/1/2026"])
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["avsluta"]
    assert cases.waits() == []


def test_a_message_starts_the_process_that_begins_with_it(cases: Cases, engine: Engine) -> None:
    begin = node("startEvent", "anmalan", message_event("anmalan", "anmalan"))
    cases.deploy("p", diagram("p", begin, task("ett"), end(), chain("anmalan", "ett", "slut"),
        messages=("anmalan",)))  # fmt: skip
    cases.send("anmalan", ["RS/1/2026"], keep=False, av="Region")
    jobs.drain(engine)
    (instance,) = cases.read(lambda session: instances.find(session)).items
    assert (instance.process_key, instance.business_key) == ("p", "RS/1/2026")
    assert cases.elements(instance.id) == ["ett"]
    assert cases.data(instance.id) == {"av": "Region", "anmalan": {"av": "Region"}}
    assert (statuses(cases), cases.waits()) == (["delivered"], [])


def test_what_two_transactions_overlooked_is_found_by_the_sweep(
    cases: Cases, engine: Engine, receiver: str
) -> None:
    instance_id = cases.start(receiver, dnr="RS/1/2026")
    cases.send("beslut", ["RS/1/2026"])
    cases.perform(
        lambda session: session.execute(sa.update(Message).values(status=MessageStatus.KEPT))
    )
    cases.perform(lambda session: session.execute(sa.update(Job).values(status=JobStatus.DONE)))
    cases.perform(lambda session: messages.wake_overlooked(session, engine))
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]


def test_the_sweep_reads_no_message_that_is_delivered(cases: Cases, engine: Engine) -> None:
    with counted(engine.database) as statements:
        cases.perform(lambda session: messages.wake_overlooked(session, engine))
    (swept,) = [said for said in statements if said.startswith("SELECT message.")]
    if not engine.database.is_sqlite:
        return  # PostgreSQL has the index too, and reads a table as small as this one whole
    with engine.database.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {swept}").all()
    assert any("ix_message_kept" in row.detail for row in plan)
