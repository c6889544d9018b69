"""Two who act on the same thing at once: one of them wins, and nothing is done twice or half."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import deployments, instances, jobs, tasks
from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.errors import Stale
from engine.held import lock
from engine.host import Actor
from engine.tables import InstanceStatus, JobKind, JobStatus, MessageStatus
from tests.engine.bpmn import boundary_timer, catch, chain, diagram, end, start, task, timer
from tests.engine.case import ANNA, BO, Cases
from tests.engine.host import SmallHost
from tests.engine.invariants import require_sound
from tests.engine.pausing import Outcome, race

HURRIED = diagram("p", start(), task("ett"), boundary_timer("sent", "ett", "PT1H"), task("ring"),
    end(), chain("start", "ett", "slut"), chain("sent", "ring", "slut"))  # fmt: skip
TOLD = diagram("p", start(), catch("vanta", "hej", "[dnr]"), task("las"), end(),
    chain("start", "vanta", "las", "slut"), messages=("hej",))  # fmt: skip
MEETING = diagram("p", start(), timer("motet", "sammanträdet", kind="timeDate"), task("sedan"),
    end(), chain("start", "motet", "sedan", "slut"))  # fmt: skip

Work = Callable[[], object]


@pytest.fixture
def hurried(cases: Cases) -> str:
    """A task with a deadline that takes it away."""
    cases.deploy("p", HURRIED)
    return cases.start("p", "RS/1", dnr="RS/1")


def completing(cases: Cases, instance_id: str, *, actor: Actor = ANNA) -> Work:
    seen = cases.task(instance_id, "ett")
    return lambda: cases.complete(seen, actor=actor)


def claiming(cases: Cases, engine: Engine, instance_id: str, actor: Actor) -> Work:
    seen = cases.task(instance_id, "ett")
    return lambda: cases.perform(
        lambda session: tasks.claim(
            session, engine, seen.id, actor=actor, lock_version=seen.lock_version
        )
    )


def cancelling(cases: Cases, engine: Engine, instance_id: str) -> Work:
    return lambda: cases.perform(
        lambda session: instances.cancel(session, engine, instance_id, reason="fel", actor=BO)
    )


def running(cases: Cases, engine: Engine, kind: JobKind) -> Work:
    """The one job of that kind, claimed as a tick does and run as a thread does."""
    jobs.tick(engine)
    (job,) = [job for job in cases.jobs(JobStatus.QUEUED) if job.kind == kind]
    return lambda: jobs.run_job(engine, job.id)


def test_of_two_who_claim_a_task_one_gets_it(
    cases: Cases, engine: Engine, database: Database, hurried: str
) -> None:
    first, second = (claiming(cases, engine, hurried, actor) for actor in (ANNA, BO))
    outcome = race(database, first, second)
    assert (outcome.second, outcome.waited) == (Stale, True)
    assert cases.task(hurried, "ett").assignee == "anna"
    require_sound(engine)


def test_of_two_who_complete_a_task_one_does(
    cases: Cases, engine: Engine, database: Database, hurried: str
) -> None:
    first = completing(cases, hurried)
    outcome = race(database, first, completing(cases, hurried, actor=BO))
    assert (outcome.second, outcome.waited) == (Stale, True)
    assert cases.count(hurried, "instance_completed") == 1
    require_sound(engine)


@pytest.mark.parametrize("draft_first", [True, False])
def test_no_half_filled_form_is_left_of_a_task_that_is_done(
    cases: Cases, engine: Engine, database: Database, hurried: str, draft_first: bool
) -> None:
    seen = cases.task(hurried, "ett")
    complete = completing(cases, hurried)

    def keep() -> object:
        return cases.perform(
            lambda session: tasks.save_draft(session, engine, seen.id, {"svar": "x"}, actor=BO)
        )

    outcome = in_order(database, keep, complete, draft_first)
    assert (outcome.second is Stale, outcome.waited) == (not draft_first, True)
    assert cases.status(hurried) == InstanceStatus.COMPLETED
    assert cases.read(lambda session: tasks.draft(session, seen.id)) == {}
    require_sound(engine)


@pytest.mark.parametrize("timer_first", [True, False])
def test_a_task_is_completed_or_its_time_is_up_but_not_both(
    cases: Cases,
    engine: Engine,
    database: Database,
    clock: SettableClock,
    hurried: str,
    timer_first: bool,
) -> None:
    complete = completing(cases, hurried)
    clock.forward(hours=1)
    fire = running(cases, engine, JobKind.TIMER)
    outcome = in_order(database, fire, complete, timer_first)
    assert outcome.waited
    (job,) = cases.jobs()
    if timer_first:
        assert outcome.second is Stale
        assert (cases.elements(hurried), job.status) == (["ring"], JobStatus.DONE)
    else:
        assert cases.status(hurried) == InstanceStatus.COMPLETED
        assert (cases.count(hurried, "timer_fired"), job.status) == (0, JobStatus.CANCELLED)
    require_sound(engine)
    assert cases.incidents() == []


@pytest.mark.parametrize("cancel_first", [True, False])
def test_completing_and_cancelling_go_one_after_the_other(
    cases: Cases, engine: Engine, database: Database, hurried: str, cancel_first: bool
) -> None:
    cancel, complete = cancelling(cases, engine, hurried), completing(cases, hurried)
    outcome = in_order(database, cancel, complete, cancel_first)
    assert (outcome.second, outcome.waited) == (Stale, True)
    ended = InstanceStatus.CANCELLED if cancel_first else InstanceStatus.COMPLETED
    assert cases.status(hurried) == ended
    require_sound(engine)


@pytest.mark.parametrize("cancel_first", [True, False])
def test_a_message_finds_its_receiver_or_is_kept_when_that_is_cancelled(
    cases: Cases, engine: Engine, database: Database, cancel_first: bool
) -> None:
    cases.deploy("p", TOLD)
    instance_id = cases.start("p", dnr="RS/1")
    cases.send("hej", ["RS/1"])
    deliver = running(cases, engine, JobKind.MESSAGE)
    outcome = in_order(database, cancelling(cases, engine, instance_id), deliver, cancel_first)
    assert outcome.waited
    assert cases.status(instance_id) == InstanceStatus.CANCELLED
    assert cases.count(instance_id, "message_received") == (0 if cancel_first else 1)
    (message,) = cases.messages()
    kept = MessageStatus.KEPT if cancel_first else MessageStatus.DELIVERED
    assert message.status == kept
    require_sound(engine)
    assert cases.incidents() == []


@pytest.mark.parametrize("move_first", [True, False])
def test_a_timer_that_is_moved_as_it_falls_due_goes_off_once(
    cases: Cases,
    engine: Engine,
    database: Database,
    host: SmallHost,
    clock: SettableClock,
    move_first: bool,
) -> None:
    host.dates["sammanträdet"] = clock.now() + timedelta(hours=1)
    cases.deploy("p", MEETING)
    instance_id = cases.start("p", "mote:1")
    clock.forward(hours=1)
    fire = running(cases, engine, JobKind.TIMER)
    later = host.dates["sammanträdet"] = clock.now() + timedelta(days=7)

    def move() -> object:
        return cases.perform(
            lambda session: instances.reschedule(
                session, engine, ["mote:1"], actor=ANNA, reason="flyttat"
            )
        )

    outcome = in_order(database, move, fire, move_first)
    assert outcome.waited
    assert cases.elements(instance_id) == ([] if move_first else ["sedan"])
    if move_first:
        assert [job.due_at for job in cases.jobs(JobStatus.SCHEDULED)] == [later]
    require_sound(engine)
    clock.set(later)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.count(instance_id, "timer_fired") == 1


def test_what_ends_while_dates_are_moved_hinders_nobody(
    cases: Cases, engine: Engine, database: Database, hurried: str
) -> None:
    moved = race(
        database,
        completing(cases, hurried),
        lambda: cases.perform(
            lambda session: instances.reschedule(
                session, engine, ["RS/1"], actor=ANNA, reason="flyttat"
            )
        ),
    )
    assert moved.second == []
    require_sound(engine)


@pytest.mark.parametrize("deploy_first", [True, False])
def test_what_starts_while_a_version_is_deployed_runs_one_of_them(
    cases: Cases, engine: Engine, database: Database, deploy_first: bool
) -> None:
    deploying(engine, "Gammal")()
    begin = lambda: cases.start("p", dnr="RS/1")  # noqa: E731
    outcome = in_order(database, deploying(engine, "Ny"), begin, deploy_first)
    instance_id = outcome.second if deploy_first else outcome.first
    (name,) = [found.name for found in cases.open_tasks(instance_id)]
    assert name in ("Gammal", "Ny")
    assert versions(engine) == [1, 2]
    require_sound(engine)


def test_two_who_deploy_at_once_get_a_version_each(engine: Engine, database: Database) -> None:
    deploying(engine, "Gammal")()
    outcome = race(database, deploying(engine, "Ny"), deploying(engine, "Nyare"))
    assert outcome.waited
    assert versions(engine) == [1, 2, 3]
    with database.reading() as session:
        assert deployments.current(session, "p").version == 3


def test_two_who_each_hold_what_the_other_wants_both_come_through(
    cases: Cases, engine: Engine, hurried: str
) -> None:
    """PostgreSQL turns one of them away; it is done once more, and nobody hears of it."""
    other = cases.start("p", "RS/2", dnr="RS/2")
    both_hold_one = threading.Barrier(2)
    done: list[tuple[str, str]] = []

    def lock_both(first: str, second: str) -> None:
        def work(session: Session) -> None:
            lock(session, first)
            with suppress(threading.BrokenBarrierError):  # on SQLite, and the second time, alone
                both_hold_one.wait(0.5)
            lock(session, second)

        cases.perform(work)
        done.append((first, second))

    threads = [
        threading.Thread(target=lock_both, args=pair)
        for pair in ((hurried, other), (other, hurried))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 2
    assert cases.incidents() == []


def deploying(engine: Engine, name: str) -> Work:
    text = diagram("p", start(), task("ett", name=name), end(), chain("start", "ett", "slut"))

    def work() -> object:
        with engine.database.writing() as session:
            return deployments.deploy(session, engine, {"p.bpmn": text}, actor=ANNA, comment="")

    return work


def versions(engine: Engine) -> list[int]:
    with engine.database.reading() as session:
        return sorted(found.version for found in deployments.versions(session, "p"))


def in_order(database: Database, one: Work, other: Work, one_first: bool) -> Outcome:
    return race(database, one, other) if one_first else race(database, other, one)
