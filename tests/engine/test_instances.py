"""Instances are started, looked at, found and cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import instances, tasks
from engine.clock import SettableClock
from engine.commands import CommandFailed
from engine.database import Database
from engine.engine import Engine
from engine.errors import NotFound, Stale
from engine.execution import Execution
from engine.host import OperationCall
from engine.spiff import Run, RunFailed
from engine.tables import Instance, InstanceStatus, JobStatus
from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    chain,
    diagram,
    end,
    flow,
    node,
    service,
    start,
    task,
    timer,
)
from tests.engine.case import ANNA, Cases
from tests.engine.host import SmallHost

RICH = diagram("rik", start(), task("ett"), boundary_timer("sent", "ett", "P3D"),
    boundary_message("avbryt", "ett", "aterkallat", "[dnr]"), task("sen"), end(),
    chain("start", "ett", "slut"), flow("sent", "sen"), flow("avbryt", "sen"),
    flow("sen", "slut"), messages=("aterkallat",))  # fmt: skip
CALLED = diagram("kallad", start("in"), task("inre"), end("ut"), chain("in", "inre", "ut"))
CALLER = diagram("kallare", start(), node("callActivity", "kalla").replace(
    'name="kalla"', 'name="kalla" calledElement="kallad"'), end(),
    chain("start", "kalla", "slut"))  # fmt: skip


def cancel(cases: Cases, instance_id: str, lock_version: int | None = None) -> None:
    cases.perform(
        lambda session: instances.cancel(
            session,
            cases.engine,
            instance_id,
            reason="Dubblett",
            actor=ANNA,
            lock_version=lock_version,
        )
    )


def test_a_cancelled_instance_takes_all_it_waited_for_with_it(cases: Cases, engine: Engine) -> None:
    cases.deploy("rik", RICH)
    instance_id = cases.start("rik", dnr="RS/1/2026")
    seen = cases.task(instance_id, "ett")
    cases.perform(
        lambda session: tasks.save_draft(session, engine, seen.id, {"svar": "x"}, actor=ANNA)
    )
    cancel(cases, instance_id)
    assert cases.status(instance_id) == InstanceStatus.CANCELLED
    assert (cases.open_tasks(instance_id), cases.waits()) == ([], [])
    assert [job.status for job in cases.jobs()] == [JobStatus.CANCELLED]
    assert cases.read(lambda session: tasks.draft(session, seen.id)) == {}
    last = cases.log(instance_id)[-1]
    assert (last.kind, last.detail) == ("instance_cancelled", {"reason": "Dubblett"})
    assert cases.count(instance_id, "instance_completed") == 0
    with pytest.raises(Stale):
        cases.complete(seen, svar="ja")
    with pytest.raises(Stale):
        cancel(cases, instance_id)


def test_cancelling_what_has_changed_since_it_was_seen_is_refused(cases: Cases) -> None:
    cases.deploy("rik", RICH)
    instance_id = cases.start("rik", dnr="RS/1/2026")
    with pytest.raises(Stale):
        cancel(cases, instance_id, lock_version=99)
    assert cases.elements(instance_id) == ["ett"]


def test_a_view_tells_where_it_is_and_what_it_waits_for(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("rik", RICH)
    instance_id = cases.start("rik", dnr="RS/1/2026")
    view = cases.read(lambda session: instances.view(session, engine, instance_id))
    assert {(active.element, active.since) for active in view.active} == {
        ("ett", clock.now()),
        ("sent", clock.now()),
        ("avbryt", clock.now()),
    }
    assert view.data == {"dnr": "RS/1/2026"}
    assert [job.element for job in view.timers] == ["sent"]
    assert [(wait.name, wait.key) for wait in view.waits] == [("aterkallat", '["RS/1/2026"]')]
    assert (view.incidents, view.children) == ([], [])
    with pytest.raises(NotFound):
        cases.read(lambda session: instances.view(session, engine, "finns inte"))


def test_a_called_process_shows_in_its_callers_states(cases: Cases) -> None:
    cases.deploy("kallare", CALLER, CALLED)
    instance_id = cases.start("kallare")
    found = cases.task(instance_id, "inre")
    assert found.process_key == "kallad"
    assert cases.read(lambda session: instances.element_states(session, instance_id)) == {
        ("kallare", "start"): "done",
        ("kallare", "kalla"): "here",
        ("kallad", "in"): "done",
        ("kallad", "inre"): "here",
    }
    cases.complete(found)
    states = cases.read(lambda session: instances.element_states(session, instance_id))
    assert set(states.values()) == {"done"}


def test_instances_are_found_by_what_they_are_and_where_they_stand(
    cases: Cases, clock: SettableClock
) -> None:
    cases.deploy("rik", RICH)
    cases.deploy("vanta", diagram("vanta", start(), timer("paus", "PT1H"), end(),
        chain("start", "paus", "slut")))  # fmt: skip
    rich = cases.start("rik", "RS/1/2026", dnr="RS/1/2026")
    clock.forward(minutes=1)
    waiting = cases.start("vanta", "RS/2/2026")

    def found(**asked: object) -> list[str]:
        page = cases.read(lambda session: instances.find(session, **asked))  # type: ignore[arg-type]
        return [instance.id for instance in page.items]

    assert found() == [waiting, rich]
    assert found(process="rik") == found(business_key="RS/1/2026") == found(element="ett") == [rich]
    assert found(element="paus") == [waiting]
    assert found(element="avbryt") == [rich]
    assert found(status="completed") == []
    page = cases.read(lambda session: instances.find(session, limit=1))
    rest = cases.read(lambda session: instances.find(session, limit=1, cursor=page.next))
    assert [page.items[0].id, rest.items[0].id, rest.next] == [waiting, rich, None]


def test_a_process_started_by_another_is_its_child(cases: Cases, engine: Engine) -> None:
    cases.deploy("rik", RICH)
    parent = cases.start("rik", dnr="1")
    child = cases.perform(
        lambda session: instances.start(
            session, engine, "rik", data={"dnr": "2"}, actor=ANNA, parent_id=parent
        )
    )
    view = cases.read(lambda session: instances.view(session, engine, parent))
    assert [instance.id for instance in view.children] == [child.id]


def test_an_unknown_process_is_not_found(cases: Cases) -> None:
    with pytest.raises(NotFound):
        cases.start("finns_inte")


def test_one_more_can_be_added_to_what_is_done_several_times(cases: Cases, engine: Engine) -> None:
    several = node("userTask", "ett", '<bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        "<bpmn:loopDataInputRef>personer</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="person"/>'
        "</bpmn:multiInstanceLoopCharacteristics>", role="Handläggare")  # fmt: skip
    cases.deploy("p", diagram("p", start(), several, end(), chain("start", "ett", "slut")))
    instance_id = cases.start("p", personer=["anna", "bo"])
    assert cases.elements(instance_id) == ["ett", "ett"]
    cases.perform(
        lambda session: instances.add_to_multi_instance(
            session, engine, instance_id, "ett", "cia", actor=ANNA
        )
    )
    assert cases.elements(instance_id) == ["ett", "ett", "ett"]
    for found in cases.open_tasks(instance_id):
        cases.complete(found, svar="ja")
    assert cases.status(instance_id) == InstanceStatus.COMPLETED


def test_an_operation_may_move_what_its_own_case_hangs_on(
    cases: Cases, engine: Engine, host: SmallHost, clock: SettableClock
) -> None:
    """A case that books another meeting reschedules itself while it runs."""
    later = clock.now().replace(day=20)

    def book(call: OperationCall) -> None:
        host.dates["på mötet"] = later
        instances.reschedule(
            call.session, engine, ["RS/1/2026"], actor=call.actor, reason="Nytt möte"
        )

    host.add_operation("boka", book)
    cases.deploy("p", diagram("p", start(), node("parallelGateway", "dela"), task("ett"),
        service("boka", "boka"), task("tva", deadline="på mötet"), end(),
        chain("start", "dela", "ett", "boka", "slut"), chain("dela", "tva", "slut")))  # fmt: skip
    instance_id = cases.start("p", "RS/1/2026")
    cases.complete(cases.task(instance_id, "ett"))
    assert cases.task(instance_id, "tva").due_at == later
    assert cases.count(instance_id, "deadline_moved") == 1


def test_an_instance_that_cannot_be_loaded_is_looked_at_and_cancelled(
    cases: Cases, engine: Engine
) -> None:
    cases.deploy("rik", RICH)
    instance_id = cases.start("rik", dnr="1")
    ruined = sa.update(Instance).values(state=b"{}")
    cases.perform(lambda session: session.execute(ruined))
    view = cases.read(lambda session: instances.view(session, engine, instance_id))
    assert (view.data, len(view.active)) == ({}, 3)
    cancel(cases, instance_id)
    assert cases.status(instance_id) == InstanceStatus.CANCELLED
    assert (cases.open_tasks(instance_id), cases.waits()) == ([], [])
    assert cases.jobs(JobStatus.SCHEDULED) == []
    assert cases.log(instance_id)[-1].kind == "instance_cancelled"


def database_fault() -> sa.exc.OperationalError:
    return sa.exc.OperationalError("SELECT", None, Exception("disken svarar inte"))


def broken(*_whatever: Any) -> Any:
    raise database_fault()


def broken_in_a_script(*_whatever: Any) -> Any:
    fault = database_fault()
    raise RunFailed("ett", "Ett", fault) from fault


@pytest.mark.parametrize("raises", [broken, broken_in_a_script])
def test_a_fault_of_the_database_is_not_taken_for_an_unreadable_instance(
    cases: Cases, engine: Engine, monkeypatch: pytest.MonkeyPatch, raises: Callable[..., Any]
) -> None:
    cases.deploy("rik", RICH)
    instance_id = cases.start("rik", dnr="1")
    with monkeypatch.context() as patched:
        patched.setattr(Execution, "open", raises)
        patched.setattr(Run, "load", raises)
        with pytest.raises(CommandFailed, match="Databasen kunde inte ta emot det"):
            cancel(cases, instance_id)
        with pytest.raises((sa.exc.OperationalError, RunFailed), match="disken svarar inte"):
            cases.read(lambda session: instances.view(session, engine, instance_id))
    assert ["disken svarar inte" in incident.message for incident in cases.incidents()] == [True]
    assert cases.status(instance_id) == InstanceStatus.ACTIVE
    assert cases.elements(instance_id) == ["ett"]
    assert [job.status for job in cases.jobs()] == [JobStatus.SCHEDULED]


# SQLite's writers wait at BEGIN, before anything is opened.
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_cancelling_an_instance_that_is_held_waits_its_turn_and_reads_it(
    cases: Cases, database: Database
) -> None:
    cases.deploy("rik", RICH)
    instance_id = cases.start("rik", dnr="1")
    tries = []
    with Session(database.engine) as other:
        other.execute(sa.select(Instance.id).with_for_update())

        def begin(connection: sa.Connection) -> None:
            tries.append(connection)
            if len(tries) == 2:
                other.rollback()
            connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

        sa.event.listen(database.engine, "begin", begin)
        cancel(cases, instance_id)
        sa.event.remove(database.engine, "begin", begin)
    assert len(tries) == 2
    assert cases.status(instance_id) == InstanceStatus.CANCELLED
    assert cases.count(instance_id, "element_cancelled") == 1  # which only a loaded one knows of
    assert cases.incidents() == []
