"""A failure changes nothing, is seen by people, and can be tried again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import incidents, instances, jobs
from engine.clock import SettableClock
from engine.commands import CommandFailed
from engine.engine import Engine
from engine.errors import NotFound, Stale
from engine.host import OperationCall
from engine.spiff import SpecCache
from engine.tables import IncidentStatus, InstanceStatus, JobStatus
from tests.engine.bpmn import (
    boundary_timer,
    catch,
    chain,
    diagram,
    end,
    fork,
    node,
    script,
    service,
    start,
    task,
    timer,
)
from tests.engine.case import ANNA, BO, Cases
from tests.engine.host import SmallHost
from tests.engine.invariants import require_sound

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


def test_a_case_that_can_not_go_on_is_failed_until_it_has_been_mended(
    cases: Cases, engine: Engine, host: SmallHost, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"))
    assert cases.status(instance_id) == InstanceStatus.FAILED
    require_sound(engine)
    with pytest.raises(CommandFailed):
        cases.perform(
            lambda session: incidents.retry(session, engine, cases.incidents()[0].id, ANNA)
        )
    assert cases.status(instance_id) == InstanceStatus.FAILED
    mend(host)
    cases.perform(lambda session: incidents.retry(session, engine, cases.incidents()[0].id, BO))
    assert cases.status(instance_id) == InstanceStatus.ACTIVE
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.incidents()[0].resolved_by == "bo"
    require_sound(engine)


def test_who_does_it_again_themselves_has_mended_it(
    cases: Cases, engine: Engine, host: SmallHost, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"))
    mend(host)
    cases.complete(cases.task(instance_id, "ett"))
    assert cases.incidents()[0].status == IncidentStatus.RESOLVED
    assert cases.status(instance_id) == InstanceStatus.ACTIVE
    require_sound(engine)


def test_a_case_that_is_called_off_has_nothing_left_to_mend(
    cases: Cases, engine: Engine, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"))
    cases.perform(
        lambda session: instances.cancel(session, engine, instance_id, reason="Fel", actor=ANNA)
    )
    assert cases.status(instance_id) == InstanceStatus.CANCELLED
    assert cases.incidents()[0].status == IncidentStatus.RESOLVED
    require_sound(engine)


def test_a_failed_timer_whose_step_is_left_otherwise_needs_nobody(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), boundary_timer("sent", "ett", "PT1H"),
        script("trasigt", "x = finns_inte"), task("sedan"), end(),
        chain("start", "ett", "sedan", "slut"), chain("sent", "trasigt", "slut")
    ))  # fmt: skip
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.drain(engine)
    assert cases.status(instance_id) == InstanceStatus.FAILED
    cases.complete(cases.task(instance_id, "ett"))
    assert cases.status(instance_id) == InstanceStatus.ACTIVE
    assert cases.incidents()[0].status == IncidentStatus.RESOLVED
    assert [job.status for job in cases.jobs()] == [JobStatus.CANCELLED]
    found = cases.read(lambda session: instances.view(session, engine, instance_id))
    assert [active.element for active in found.active] == ["sedan"]
    require_sound(engine)


def test_two_people_stopped_at_the_same_step_both_keep_what_they_filled_in(
    cases: Cases, engine: Engine, host: SmallHost, broken: None
) -> None:
    cases.deploy("p", diagram("p", start(), fork("dela"), task("a"), task("b"),
        node("exclusiveGateway", "mot"), service("rakna", "rakna"), end(),
        chain("start", "dela", "a", "mot", "rakna", "slut"), chain("dela", "b", "mot")
    ))  # fmt: skip
    instance_id = cases.start("p")
    for element, actor in (("a", ANNA), ("b", BO)):
        with pytest.raises(CommandFailed):
            cases.complete(cases.task(instance_id, element), actor=actor, svar=element)
    mend(host)
    for incident in cases.incidents():
        cases.perform(
            lambda session, each=incident: incidents.retry(session, engine, each.id, ANNA)
        )
    assert cases.status(instance_id) == InstanceStatus.COMPLETED
    answers = [row.detail["answers"] for row in cases.log(instance_id) if "answers" in row.detail]
    assert answers == [{"svar": "a"}, {"svar": "b"}]
    require_sound(engine)


def test_what_fails_when_no_diagram_can_be_built_is_told_all_the_same(
    cases: Cases, engine: Engine, broken: None
) -> None:
    cases.deploy("skor", FRAGILE)
    instance_id = cases.start("skor")
    engine.specs = SpecCache()
    text = sa.text("UPDATE process_version SET files = '{}'")
    cases.perform(lambda session: session.execute(text))
    with pytest.raises(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"))
    assert cases.incidents()[0].instance_id == instance_id


def test_a_command_that_may_have_been_committed_is_not_done_a_second_time(
    cases: Cases, engine: Engine
) -> None:
    done: list[int] = []

    def work(session: Session) -> None:
        done.append(1)
        error = psycopg_like("08006")
        raise OperationalError("server closed the connection", None, error)

    with pytest.raises(CommandFailed):
        cases.perform(work)
    assert len(done) == 1


def test_a_command_that_the_database_turned_away_is_done_once_more(cases: Cases) -> None:
    done: list[int] = []

    def work(session: Session) -> str:
        done.append(1)
        if len(done) == 1:
            raise OperationalError("deadlock detected", None, psycopg_like("40P01"))
        return "klart"

    assert cases.perform(work) == "klart"
    assert cases.incidents() == []


def psycopg_like(state: str) -> Exception:
    error = Exception(state)
    error.sqlstate = state  # type: ignore[attr-defined]
    return error


def test_a_role_that_can_not_be_found_for_the_next_task_is_an_incident(
    cases: Cases, host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases.deploy("skor", FRAGILE)
    mend(host)
    instance_id = cases.start("skor")
    waiting = cases.task(instance_id, "ett")

    def nobody(*_: object) -> None:
        raise NotFound("Organet finns inte.")

    monkeypatch.setattr(host, "candidate", nobody)
    with pytest.raises(CommandFailed, match="Organet finns inte"):
        cases.complete(waiting)
    assert cases.incidents()[0].element == "sedan"
