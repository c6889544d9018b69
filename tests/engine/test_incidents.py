"""A failure changes nothing, is seen by people, and can be tried again."""

from __future__ import annotations

import pytest

from engine import incidents, instances, jobs
from engine.clock import SettableClock
from engine.commands import CommandFailed
from engine.engine import Engine
from engine.errors import NotFound, Stale
from engine.host import OperationCall
from engine.tables import IncidentStatus, InstanceStatus, JobStatus
from tests.engine.bpmn import catch, chain, diagram, end, script, service, start, task, timer
from tests.engine.case import ANNA, BO, Cases
from tests.engine.host import SmallHost

FRAGILE = diagram("skor", start(), task("ett"), service("rakna", "rakna"), task("sedan"), end(),
    chain("start", "ett", "rakna", "sedan", "slut"))  # fmt: skip


@pytest.fixture
def broken(host: SmallHost) -> None:
    def fail(call: OperationCall) -> None:
        raise RuntimeError("registret är trasigt")

    host.add_operation("rakna", fail)


def mend(host: SmallHost) -> None:
    host.add_operation("rakna", lambda call: {"summa": 3})


def test_a_command_that_fails_changes_nothing_and_opens_an_incident(
    cases: Cases, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    before = cases.task(instance_id, "ett")
    with pytest.raises(CommandFailed, match="inget har ändrats") as failed:
        cases.complete(before, svar="ja")
    after = cases.task(instance_id, "ett")
    assert (after.id, after.lock_version) == (before.id, before.lock_version)
    (incident,) = cases.incidents()
    assert incident.id == failed.value.incident_id
    assert (incident.instance_id, incident.element) == (instance_id, "rakna")
    assert "registret är trasigt" in incident.message
    assert "RuntimeError" in incident.trace
    assert cases.log(instance_id)[-1].kind == "element_failed"
    assert cases.read(lambda session: instances.element_states(session, instance_id)) == {
        ("skor", "start"): "done",
        ("skor", "ett"): "here",
        ("skor", "rakna"): "fault",
    }


def test_the_same_failure_again_is_counted_not_listed_twice(cases: Cases, broken: None) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    for _time in range(3):
        with pytest.raises(CommandFailed):
            cases.complete(cases.task(instance_id, "ett"))
    assert [incident.occurrences for incident in cases.incidents()] == [3]
    assert cases.read(incidents.count_open) == 1


def test_a_retry_does_what_the_person_asked_for_in_their_name(
    cases: Cases, engine: Engine, host: SmallHost, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"), actor=BO, svar="ja")
    mend(host)
    (incident,) = cases.read(incidents.list_open)
    cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))
    assert cases.data(instance_id) == {"ett": {"svar": "ja"}, "rakna": {"summa": 3}}
    (resolved,) = cases.incidents()
    assert (resolved.status, resolved.resolved_by) == (IncidentStatus.RESOLVED, "anna")
    answered = next(row for row in cases.log(instance_id) if row.detail.get("answers"))
    assert answered.actor == "bo"
    with pytest.raises(Stale):
        cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))


def test_a_retry_that_fails_leaves_the_incident_open(
    cases: Cases, engine: Engine, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"), svar="ja")
    (incident,) = cases.incidents()
    with pytest.raises(CommandFailed):
        cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))
    (again,) = cases.incidents()
    assert (again.status, again.occurrences) == (IncidentStatus.OPEN, 2)
    assert again.command["answers"] == {"svar": "ja"}


def test_a_timer_whose_step_fails_waits_for_people_and_goes_off_when_retried(
    cases: Cases, engine: Engine, clock: SettableClock, host: SmallHost, broken: None
) -> None:
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), service("rakna", "rakna"),
        task("sedan"), end(), chain("start", "paus", "rakna", "sedan", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.drain(engine)
    (incident,) = cases.incidents()
    assert (incident.instance_id, incident.element) == (instance_id, "rakna")
    assert cases.jobs()[0].status == JobStatus.FAILED
    assert cases.count(instance_id, "timer_fired") == 0
    mend(host)
    cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.count(instance_id, "timer_fired") == 1


def test_a_message_whose_receiver_fails_is_delivered_when_retried(
    cases: Cases, engine: Engine, host: SmallHost, broken: None
) -> None:
    cases.deploy("p", diagram("p", start(), catch("vanta", "beslut", "[dnr]"),
        service("rakna", "rakna"), end(), chain("start", "vanta", "rakna", "slut"),
        messages=("beslut",)))  # fmt: skip
    instance_id = cases.start("p", dnr="RS/1/2026")
    cases.send("beslut", ["RS/1/2026"], utfall="ja")
    jobs.drain(engine)
    (incident,) = cases.incidents()
    assert incident.instance_id == instance_id
    mend(host)
    cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))
    jobs.drain(engine)
    assert cases.status(instance_id) == InstanceStatus.COMPLETED


def test_a_start_that_fails_leaves_no_instance(cases: Cases) -> None:
    cases.deploy("p", diagram("p", start(), script("rakna", "x = finns_inte.varde"), end(),
        chain("start", "rakna", "slut")))  # fmt: skip
    with pytest.raises(CommandFailed):
        cases.start("p")
    assert cases.read(lambda session: instances.find(session)).items == []
    assert cases.incidents()[0].instance_id is None


def test_an_instance_with_an_incident_is_found(cases: Cases, broken: None) -> None:
    cases.deploy("skor", FRAGILE)
    stuck, fine = cases.start("skor"), cases.start("skor")
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(stuck, "ett"))
    found = cases.read(lambda session: instances.find(session, incident=True))
    assert [instance.id for instance in found.items] == [stuck]
    found = cases.read(lambda session: instances.find(session, incident=False))
    assert [instance.id for instance in found.items] == [fine]


def test_an_unknown_incident_is_not_found(cases: Cases, engine: Engine) -> None:
    with pytest.raises(NotFound):
        cases.perform(lambda session: incidents.retry(session, engine, "finns inte", ANNA))
