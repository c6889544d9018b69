"""Jobs run once, are tried again, and end in an incident when they can't be done."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from engine import incidents, instances, jobs
from engine.clock import SettableClock
from engine.engine import Engine
from engine.host import OperationCall, OperationKind
from engine.tables import IncidentStatus, Job, JobKind, JobStatus
from tests.engine.bpmn import boundary_timer, chain, diagram, end, service, start, task, timer
from tests.engine.case import ANNA, Cases
from tests.engine.host import SmallHost
from tests.engine.waiting import wait_until

SIGN = diagram("signera", start(), service("skicka", "signering"), task("sedan"), end(),
    chain("start", "skicka", "sedan", "slut"))  # fmt: skip


class Signing:
    """Something outside that fails as often as it is told to."""

    def __init__(self) -> None:
        self.failures = 0
        self.calls: list[OperationCall] = []

    def __call__(self, call: OperationCall) -> Mapping[str, Any]:
        self.calls.append(call)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("tjänsten svarar inte")
        return {"kvitto": len(self.calls)}


@pytest.fixture
def signing(cases: Cases, host: SmallHost) -> Signing:
    signing = Signing()
    host.add_operation("signering", signing, OperationKind.OUTSIDE)
    cases.deploy("signera", SIGN)
    return signing


@pytest.fixture
def running(engine: Engine) -> Iterator[Engine]:
    engine.dispatcher.start(engine)
    yield engine
    engine.dispatcher.stop()


def test_an_outside_operation_is_called_by_a_job_and_its_result_kept(
    cases: Cases, engine: Engine, signing: Signing
) -> None:
    instance_id = cases.start("signera", "RS/1/2026", dnr="RS/1/2026")
    assert signing.calls == []
    (job,) = cases.jobs()
    jobs.drain(engine)
    assert cases.data(instance_id)["skicka"] == {"kvitto": 1}
    assert cases.elements(instance_id) == ["sedan"]
    (call,) = signing.calls
    assert call.idempotency_key == job.id
    assert (call.scope.business_key, call.scope.data["dnr"]) == ("RS/1/2026", "RS/1/2026")


def test_a_failed_call_is_made_again_later_with_the_same_key(
    cases: Cases, engine: Engine, clock: SettableClock, signing: Signing
) -> None:
    signing.failures = 2
    instance_id = cases.start("signera")
    jobs.drain(engine)
    (job,) = cases.jobs()
    assert (job.status, job.attempt) == (JobStatus.SCHEDULED, 1)
    assert job.due_at == clock.now() + timedelta(seconds=30)
    clock.forward(seconds=30)
    jobs.drain(engine)
    assert cases.jobs()[0].due_at == clock.now() + timedelta(seconds=60)
    clock.forward(seconds=60)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    assert len({call.idempotency_key for call in signing.calls}) == 1
    assert cases.incidents() == []


def test_a_call_that_keeps_failing_becomes_an_incident_that_can_be_retried(
    cases: Cases, engine: Engine, clock: SettableClock, signing: Signing
) -> None:
    signing.failures = 5
    instance_id = cases.start("signera")
    for _attempt in range(5):
        jobs.drain(engine)
        clock.forward(hours=1)
    (job,) = cases.jobs()
    assert (job.status, job.attempt) == (JobStatus.FAILED, 5)
    (incident,) = cases.incidents()
    assert (incident.instance_id, incident.job_id) == (instance_id, job.id)
    assert "tjänsten svarar inte" in incident.message
    assert "ConnectionError" in incident.trace
    cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.incidents()[0].status == IncidentStatus.RESOLVED


def test_a_worker_that_dies_counts_as_an_attempt(
    cases: Cases, engine: Engine, clock: SettableClock, signing: Signing
) -> None:
    cases.start("signera")

    def die(call: OperationCall) -> None:
        raise SystemExit

    for attempt in range(5):
        signing_dies(cases, engine, die)
        assert cases.jobs()[0].status == JobStatus.RUNNING, attempt
        clock.forward(hours=1)
        jobs.tick(engine)
        clock.forward(hours=1)
    assert cases.jobs()[0].status == JobStatus.FAILED
    assert len(cases.incidents()) == 1


def signing_dies(cases: Cases, engine: Engine, die: Any) -> None:
    host = engine.host
    assert isinstance(host, SmallHost)
    host.add_operation("signering", die, OperationKind.OUTSIDE)
    jobs.tick(engine)
    (job,) = cases.jobs()
    with pytest.raises(SystemExit):
        jobs.run_job(engine, job.id)


def test_a_result_that_comes_after_the_attempt_was_given_up_changes_nothing(
    cases: Cases, engine: Engine, clock: SettableClock, host: SmallHost, signing: Signing
) -> None:
    instance_id = cases.start("signera")

    def slow(call: OperationCall) -> dict[str, Any]:
        clock.forward(hours=1)
        jobs.tick(engine)
        return {"kvitto": "för sent"}

    host.add_operation("signering", slow, OperationKind.OUTSIDE)
    jobs.tick(engine)
    jobs.run_job(engine, cases.jobs()[0].id)
    assert cases.elements(instance_id) == []
    host.add_operation("signering", signing, OperationKind.OUTSIDE)
    clock.forward(hours=1)
    jobs.drain(engine)
    assert cases.data(instance_id)["skicka"] == {"kvitto": 1}


def test_a_call_whose_case_was_cancelled_meanwhile_is_forgotten(
    cases: Cases, engine: Engine, host: SmallHost, signing: Signing
) -> None:
    instance_id = cases.start("signera")

    def cancelled(call: OperationCall) -> None:
        call.session.rollback()
        thread = threading.Thread(
            target=lambda: cases.perform(
                lambda session: instances.cancel(
                    session, engine, instance_id, reason="Återkallat", actor=ANNA
                )
            )
        )
        thread.start()
        thread.join()

    host.add_operation("signering", cancelled, OperationKind.OUTSIDE)
    jobs.drain(engine)
    assert cases.jobs()[0].status == JobStatus.CANCELLED
    assert cases.incidents() == []


def test_the_domains_own_jobs_are_done_by_its_handlers(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    sent: list[Job] = []
    engine.job_handlers[JobKind.MAIL] = lambda _engine, job: sent.append(job)
    later = clock.now() + timedelta(hours=1)
    cases.perform(
        lambda session: [
            jobs.add(session, engine, kind=JobKind.MAIL, payload={"to": "anna"}),
            jobs.add(session, engine, kind=JobKind.MAIL, due_at=later),
        ]
    )
    jobs.drain(engine)
    assert [job.payload for job in sent] == [{"to": "anna"}]
    clock.forward(hours=1)
    jobs.drain(engine)
    assert len(sent) == 2


def test_a_job_nobody_takes_care_of_fails_where_people_see_it(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.perform(lambda session: jobs.add(session, engine, kind=JobKind.MAIL))
    for _attempt in range(5):
        jobs.drain(engine)
        clock.forward(hours=1)
    assert "mail" in cases.incidents()[0].message


def test_what_is_sent_in_a_transaction_that_fails_is_not_sent(cases: Cases, engine: Engine) -> None:
    def work(session: Any) -> None:
        jobs.add(session, engine, kind=JobKind.MAIL)
        raise ZeroDivisionError

    with pytest.raises(Exception, match="inget har ändrats"):
        cases.perform(work)
    assert cases.jobs() == []


def test_many_threads_do_every_job_once(
    cases: Cases, running: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), end(),
        chain("start", "paus", "slut")))  # fmt: skip
    ids = [cases.start("p") for _number in range(30)]
    clock.forward(hours=2)
    jobs.tick(running)
    jobs.tick(running)
    wait_until(lambda: not cases.jobs(JobStatus.QUEUED))
    assert {cases.status(instance_id) for instance_id in ids} == {"completed"}
    assert {cases.count(instance_id, "timer_fired") for instance_id in ids} == {1}


def test_what_is_due_at_once_does_not_wait_for_the_next_tick(
    cases: Cases, running: Engine, host: SmallHost
) -> None:
    called = threading.Event()
    host.add_operation("signering", lambda call: called.set(), OperationKind.OUTSIDE)
    cases.deploy("signera", SIGN)
    cases.start("signera")
    assert called.wait(timeout=5)


def test_the_operation_of_a_step_that_was_interrupted_is_called_off(
    cases: Cases, engine: Engine, clock: SettableClock, signing: Signing
) -> None:
    signing.failures = 99
    cases.deploy("p", diagram("p", start(), service("skicka", "signering"),
        boundary_timer("sent", "skicka", "PT1H"), task("ring"), end(),
        chain("start", "skicka", "slut"), chain("sent", "ring", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    jobs.drain(engine)
    clock.forward(hours=1)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["ring"]
    call = next(job for job in cases.jobs() if job.kind == JobKind.OPERATION)
    assert call.status == JobStatus.CANCELLED


def test_a_call_is_not_made_again_when_only_what_it_led_to_failed(
    cases: Cases, engine: Engine, clock: SettableClock, host: SmallHost, signing: Signing
) -> None:
    broken = True

    def fragile(call: OperationCall) -> None:
        if broken:
            raise RuntimeError("registret är trasigt")

    host.add_operation("for_in", fragile)
    cases.deploy("p", diagram("p", start(), service("skicka", "signering"),
        service("spara", "for_in"), task("sedan"), end(),
        chain("start", "skicka", "spara", "sedan", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    for _attempt in range(3):
        jobs.drain(engine)
        clock.forward(hours=1)
    (incident,) = cases.incidents()
    assert (incident.element, len(signing.calls)) == ("spara", 1)
    broken = False
    cases.perform(lambda session: incidents.retry(session, engine, incident.id, ANNA))
    jobs.drain(engine)
    assert (cases.elements(instance_id), len(signing.calls)) == (["sedan"], 1)
    assert cases.data(instance_id)["skicka"] == {"kvitto": 1}


def test_a_service_that_does_not_answer_keeps_no_timer_waiting(
    cases: Cases, running: Engine, host: SmallHost, clock: SettableClock
) -> None:
    answers = threading.Event()
    host.add_operation("signering", lambda call: answers.wait(20) and None, OperationKind.OUTSIDE)
    cases.deploy("signera", SIGN)
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), task("sedan"), end(),
        chain("start", "paus", "sedan", "slut")))  # fmt: skip
    for _case in range(10):
        cases.start("signera")
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.tick(running)
    wait_until(lambda: cases.elements(instance_id) == ["sedan"])
    answers.set()


def test_stopping_does_not_wait_for_all_that_is_queued(
    cases: Cases, running: Engine, host: SmallHost
) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def slow(call: OperationCall) -> None:
        begun.set()
        goes_on.wait(20)

    host.add_operation("signering", slow, OperationKind.OUTSIDE)
    cases.deploy("signera", SIGN)
    for _case in range(40):
        cases.start("signera")
    assert begun.wait(5)
    wait_until(lambda: not cases.jobs(JobStatus.SCHEDULED))
    stopping = threading.Thread(target=running.dispatcher.stop)
    stopping.start()
    goes_on.set()
    stopping.join(10)
    assert not stopping.is_alive()
    assert len(cases.jobs(JobStatus.DONE)) < 20
    running.dispatcher.recover(running)
    jobs.drain(running)
    assert len(cases.jobs(JobStatus.DONE)) == 40


def test_a_job_that_can_not_be_given_up_stops_no_other(
    cases: Cases, engine: Engine, clock: SettableClock, signing: Signing, monkeypatch: Any
) -> None:
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), task("sedan"), end(),
        chain("start", "paus", "sedan", "slut")))  # fmt: skip
    cases.start("signera")
    signing_dies(cases, engine, lambda call: (_ for _ in ()).throw(SystemExit))
    instance_id = cases.start("p")
    monkeypatch.setattr("engine.attempts.give_up", lambda *_: 1 / 0)
    clock.forward(hours=1)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]


def test_what_is_asked_from_outside_holds_no_transaction(
    cases: Cases, engine: Engine, host: SmallHost
) -> None:
    seen: list[bool] = []

    def look(call: OperationCall) -> None:
        instances.get(call.session, call.scope.instance_id)
        seen.append(in_transaction(call.session.connection().connection.driver_connection))

    host.add_operation("signering", look, OperationKind.OUTSIDE)
    cases.deploy("signera", SIGN)
    cases.start("signera")
    jobs.drain(engine)
    assert seen == [False]


def test_a_long_call_keeps_its_lease_while_its_process_lives(
    cases: Cases, running: Engine, host: SmallHost, clock: SettableClock
) -> None:
    begun, answers = threading.Event(), threading.Event()

    def slow(call: OperationCall) -> Mapping[str, Any]:
        begun.set()
        answers.wait(20)
        return {"kvitto": 1}

    host.add_operation("signering", slow, OperationKind.OUTSIDE)
    cases.deploy("signera", SIGN)
    instance_id = cases.start("signera")
    assert begun.wait(5)
    for _minute in range(10):
        clock.forward(minutes=1)
        jobs.renew(running)
        jobs.tick(running)
    assert (cases.jobs()[0].status, cases.jobs()[0].attempt) == (JobStatus.RUNNING, 1)
    answers.set()
    wait_until(lambda: cases.elements(instance_id) == ["sedan"])


def test_a_call_that_never_ends_is_given_up_in_the_end(
    cases: Cases, running: Engine, host: SmallHost, clock: SettableClock
) -> None:
    begun, answers = threading.Event(), threading.Event()
    host.add_operation(
        "signering", lambda call: begun.set() or (answers.wait(20) and None), OperationKind.OUTSIDE
    )
    cases.deploy("signera", SIGN)
    cases.start("signera")
    assert begun.wait(5)
    clock.forward(hours=1)
    jobs.renew(running)
    jobs.tick(running)
    assert cases.jobs()[0].status != JobStatus.RUNNING
    answers.set()


def test_a_diagram_says_how_often_and_how_soon_a_call_is_made_again(
    cases: Cases, engine: Engine, clock: SettableClock, signing: Signing
) -> None:
    signing.failures = 99
    cases.deploy("p", diagram("p", start(), service("skicka", "signering", retries="1",
        backoff="PT5M"), end(), chain("start", "skicka", "slut")))  # fmt: skip
    cases.start("p")
    jobs.drain(engine)
    assert cases.jobs()[0].due_at == clock.now() + timedelta(minutes=5)
    clock.forward(minutes=5)
    jobs.drain(engine)
    assert (cases.jobs()[0].status, len(signing.calls)) == (JobStatus.FAILED, 2)
    assert len(cases.incidents()) == 1


def test_what_the_database_turned_away_is_begun_once_more_at_once(
    cases: Cases, engine: Engine, clock: SettableClock, monkeypatch: Any
) -> None:
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), task("sedan"), end(),
        chain("start", "paus", "sedan", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    fire, tries = engine.inside_jobs[JobKind.TIMER], []

    def deadlocked_once(*arguments: Any) -> Any:
        tries.append(arguments)
        if len(tries) == 1:
            raise turned_away()
        return fire(*arguments)

    monkeypatch.setitem(engine.inside_jobs, JobKind.TIMER, deadlocked_once)
    clock.forward(hours=1)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    assert [job.attempt for job in cases.jobs()] == [0]


def turned_away() -> OperationalError:
    return OperationalError("UPDATE", None, psycopg.errors.DeadlockDetected())


def in_transaction(connection: Any) -> bool:
    if isinstance(connection, sqlite3.Connection):
        return connection.in_transaction
    return connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE
