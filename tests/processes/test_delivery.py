"""Jobs carried to workers by Procrastinate: once, in order, and again when a worker died."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import jobs
from engine.clock import SettableClock
from engine.database import Database
from engine.delivery import PARCEL, ProcrastinateDispatcher
from engine.engine import Engine
from engine.host import OperationKind
from engine.tables import JobKind, JobStatus
from processes import database_version
from tests import databases
from tests.engine.bpmn import boundary_timer, chain, diagram, end, service, start, task, timer
from tests.engine.case import Cases
from tests.engine.host import SmallHost
from tests.engine.waiting import wait_until

PAUSE = diagram("p", start(), timer("paus", "PT1H"), task("sedan"), end(),
    chain("start", "paus", "sedan", "slut"))  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with databases.database("postgresql", tmp_path, database_version.upgrade) as database:
        yield database


@pytest.fixture
def host() -> SmallHost:
    return SmallHost()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def node(
    database: Database, host: SmallHost, clock: SettableClock
) -> Iterator[Callable[[], Engine]]:
    """Makes another process's engine on the same database."""
    made: list[Engine] = []

    def make() -> Engine:
        own = Database(database.url.render_as_string(hide_password=False))
        dispatcher = ProcrastinateDispatcher(own.url)
        made.append(Engine(database=own, host=host, clock=clock, dispatcher=dispatcher))
        return made[-1]

    yield make
    for engine in made:
        engine.dispatcher.stop()
        engine.database.dispose()


def in_queue(database: Database, columns: str = "status") -> list[Any]:
    with database.reading() as session:
        return list(
            session.execute(sa.text(f"SELECT {columns} FROM procrastinate_jobs ORDER BY id"))
        )


def test_what_is_due_is_done_by_whichever_node_has_a_worker(
    database: Database, node: Callable[[], Engine], clock: SettableClock
) -> None:
    web, worker = node(), node()
    worker.dispatcher.start(worker)
    cases = Cases(web)
    cases.deploy("p", PAUSE)
    ids = [cases.start("p") for _case in range(20)]
    clock.forward(hours=1)
    jobs.tick(web)
    wait_until(lambda: not cases.jobs(JobStatus.QUEUED, JobStatus.SCHEDULED))
    assert {cases.count(instance_id, "timer_fired") for instance_id in ids} == {1}
    wait_until(lambda: in_queue(database) == [])  # what is done leaves nothing behind


def test_a_claim_that_is_rolled_back_leaves_nothing_in_the_queue(
    database: Database,
    node: Callable[[], Engine],
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web = node()
    cases = Cases(web)
    cases.deploy("p", PAUSE)
    cases.start("p")
    clock.forward(hours=1)
    enqueue = web.dispatcher.enqueue

    def enqueue_and_die(*arguments: Any) -> None:
        enqueue(*arguments)
        raise SystemExit

    monkeypatch.setattr(web.dispatcher, "enqueue", enqueue_and_die)
    with pytest.raises(SystemExit):
        jobs.tick(web)
    assert in_queue(database) == []
    assert [job.status for job in cases.jobs()] == [JobStatus.SCHEDULED]


def test_what_is_not_due_waits_in_our_own_table(
    database: Database, node: Callable[[], Engine], clock: SettableClock
) -> None:
    web = node()
    later = clock.now() + timedelta(hours=1)
    Cases(web).perform(lambda s: jobs.add(s, web, kind=JobKind.MAIL, due_at=later))
    jobs.tick(web)
    assert in_queue(database) == []


def test_jobs_of_one_instance_have_one_lock_but_calls_to_the_outside_have_none(
    database: Database, node: Callable[[], Engine], host: SmallHost, clock: SettableClock
) -> None:
    web = node()
    host.add_operation("signering", lambda call: None, OperationKind.OUTSIDE)
    cases = Cases(web)
    cases.deploy("p", diagram("p", start(), service("skicka", "signering"),
        boundary_timer("sent", "skicka", "PT1H"), task("ring"), end(),
        chain("start", "skicka", "slut"), chain("sent", "ring", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.tick(web)
    found = {(queue, lock) for queue, lock in in_queue(database, "queue_name, lock")}
    assert found == {("inside", f"instance-{instance_id}"), ("outside", None)}


def test_much_is_carried_several_together_and_what_is_of_one_instance_in_one_parcel(
    database: Database, node: Callable[[], Engine], clock: SettableClock
) -> None:
    web = node()
    cases = Cases(web)
    cases.deploy("p", diagram("p", start(), timer("paus", "PT1H"), timer("vila", "PT1H"),
        timer("droj", "PT1H"), end(), chain("start", "paus", "slut"),
        chain("start", "vila", "slut"), chain("start", "droj", "slut")))  # fmt: skip
    ids = [cases.start("p") for _case in range(43)]
    clock.forward(hours=1)
    jobs.tick(web)
    parcels = [found["job_ids"] for (found,) in in_queue(database, "args")]
    of_job = {job.id: job.instance_id for job in cases.jobs(JobStatus.QUEUED)}
    assert sorted(job_id for parcel in parcels for job_id in parcel) == sorted(of_job)
    assert [len(parcel) for parcel in parcels] == [PARCEL, PARCEL, 9], "three of each"
    carriers = [{of_job[job_id] for job_id in parcel} for parcel in parcels]
    assert sum(len(carried) for carried in carriers) == len(ids)


def test_a_timer_does_not_wait_for_the_call_that_it_interrupts(
    node: Callable[[], Engine], host: SmallHost, clock: SettableClock
) -> None:
    worker = node()
    worker.dispatcher.start(worker)
    answers = threading.Event()
    host.add_operation("signering", lambda call: answers.wait(20) and None, OperationKind.OUTSIDE)
    cases = Cases(worker)
    cases.deploy("p", diagram("p", start(), service("skicka", "signering"),
        boundary_timer("sent", "skicka", "PT1H"), task("ring"), end(),
        chain("start", "skicka", "slut"), chain("sent", "ring", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    wait_until(lambda: len(cases.jobs(JobStatus.RUNNING)) == 1)
    clock.forward(hours=1)
    jobs.tick(worker)
    wait_until(lambda: cases.elements(instance_id) == ["ring"])
    answers.set()


def test_what_a_dead_worker_held_is_delivered_again(
    database: Database, node: Callable[[], Engine], clock: SettableClock
) -> None:
    web, worker = node(), node()
    cases = Cases(web)
    cases.deploy("p", PAUSE)
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.tick(web)
    with database.writing() as session:  # taken by a worker that was killed a minute ago
        session.execute(
            sa.text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute') RETURNING id)"
                " SELECT procrastinate_fetch_job_v2(NULL, (SELECT id FROM dead))"
            )
        )
    assert in_queue(database) == [("doing",)]
    worker.dispatcher.start(worker)
    time.sleep(0.5)
    assert cases.elements(instance_id) == []
    worker.dispatcher.recover(worker)
    wait_until(lambda: cases.elements(instance_id) == ["sedan"])
    assert cases.count(instance_id, "timer_fired") == 1


def test_a_worker_goes_on_when_its_database_comes_back(
    database: Database, node: Callable[[], Engine], clock: SettableClock
) -> None:
    worker = node()
    worker.dispatcher.start(worker)
    cases = Cases(worker)
    cases.deploy("p", PAUSE)
    wait_until(lambda: bool(workers(database)))
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with database.writing() as session:
        session.execute(sa.text(cut))
    worker.database.dispose()
    instance_id = cases.start("p")
    clock.forward(hours=1)
    jobs.tick(worker)
    wait_until(lambda: cases.elements(instance_id) == ["sedan"], seconds=20)


def workers(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(sa.text("SELECT id FROM procrastinate_workers")))
