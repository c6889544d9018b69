"""Timers go off once, when they are due, wherever they stand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine import instances, jobs, timers
from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.tables import NO_DEADLINE, InstanceStatus, JobStatus
from tests.engine.bpmn import (
    boundary_timer,
    chain,
    diagram,
    end,
    flow,
    fork,
    script,
    start,
    task,
    timer,
)
from tests.engine.case import ANNA, Cases
from tests.engine.host import SmallHost
from tests.engine.waiting import wait_until

WAIT = diagram("vanta", start(), timer("paus", "PT1H"), task("sedan"), end(),
    chain("start", "paus", "sedan", "slut"))  # fmt: skip
MEETING = diagram(
    "mote", start(), task("forbered", deadline="före mötet"),
    boundary_timer("kallelse", "forbered", "på mötet", kind="timeDate"), task("sen"), end(),
    chain("start", "forbered", "slut"), flow("kallelse", "sen"), flow("sen", "slut"),
)  # fmt: skip


def test_a_timer_goes_off_when_it_is_due_and_not_before(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("vanta", WAIT)
    instance_id = cases.start("vanta")
    clock.forward(minutes=59)
    assert jobs.drain(engine) == 0
    clock.forward(minutes=1)
    assert jobs.drain(engine) == 1
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.count(instance_id, "timer_fired") == 1
    assert [job.status for job in cases.jobs()] == [JobStatus.DONE]


def test_a_timer_delivered_twice_goes_off_once(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("vanta", WAIT)
    instance_id = cases.start("vanta")
    clock.forward(hours=1)
    jobs.tick(engine)
    (job,) = cases.jobs(JobStatus.QUEUED)
    jobs.run_job(engine, job.id)
    jobs.run_job(engine, job.id)
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.incidents() == []


def test_what_became_due_while_nothing_ran_goes_off_once_after_the_restart(
    cases: Cases, database: Database, host: SmallHost, clock: SettableClock
) -> None:
    cases.deploy("vanta", WAIT)
    instance_id = cases.start("vanta")
    clock.forward(days=3)
    again = Database(database.url.render_as_string(hide_password=False))
    restarted = Engine(database=again, host=host, clock=clock)
    jobs.recover(restarted)
    assert jobs.drain(restarted) == 1
    assert jobs.drain(restarted) == 0
    again.dispose()
    assert cases.count(instance_id, "timer_fired") == 1
    assert cases.elements(instance_id) == ["sedan"]


def test_a_timer_that_was_handed_over_when_the_process_died_goes_off_after_the_restart(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("vanta", WAIT)
    instance_id = cases.start("vanta")
    clock.forward(hours=1)
    jobs.tick(engine)
    assert [job.status for job in cases.jobs()] == [JobStatus.QUEUED]
    jobs.recover(engine)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]


def test_a_timer_on_a_task_is_gone_when_the_task_is_done(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), boundary_timer("sent", "ett", "P3D"),
        task("paminn"), end(), chain("start", "ett", "slut"), chain("sent", "paminn", "slut")
    ))  # fmt: skip
    done, late = cases.start("p"), cases.start("p")
    cases.complete(cases.task(done, "ett"))
    clock.forward(days=4)
    jobs.drain(engine)
    assert cases.status(done) == InstanceStatus.COMPLETED
    assert cases.elements(late) == ["paminn"]
    assert sorted(job.status for job in cases.jobs()) == [JobStatus.CANCELLED, JobStatus.DONE]


def test_a_cycle_goes_off_again_each_time_and_its_task_stays(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"),
        boundary_timer("paminn", "ett", "R2/P1D", kind="timeCycle", cancel=False), end(),
        end("paminnelse"), chain("start", "ett", "slut"), flow("paminn", "paminnelse")
    ))  # fmt: skip
    instance_id = cases.start("p")
    for _day in range(4):
        clock.forward(days=1)
        jobs.drain(engine)
    assert cases.count(instance_id, "timer_fired") == 2
    assert cases.elements(instance_id) == ["ett"]
    cases.complete(cases.task(instance_id, "ett"))
    assert cases.status(instance_id) == InstanceStatus.COMPLETED


def test_when_the_meeting_moves_its_timers_and_deadlines_move(
    cases: Cases, engine: Engine, host: SmallHost, clock: SettableClock
) -> None:
    cases.deploy("mote", MEETING)
    host.dates = {"på mötet": clock.now() + timedelta(days=20)}
    instance_id = cases.start("mote", "mote:1")
    other = cases.start("mote", "mote:2")
    assert cases.task(instance_id, "forbered").due_at == NO_DEADLINE
    new = clock.now() + timedelta(days=30)
    host.dates = {"på mötet": new, "före mötet": new - timedelta(days=7)}
    moved = cases.perform(
        lambda session: instances.reschedule(
            session, engine, ["mote:1"], actor=ANNA, reason="Lokalen är upptagen"
        )
    )
    assert {(found.element, found.new) for found in moved} == {
        ("kallelse", new),
        ("forbered", new - timedelta(days=7)),
    }
    assert cases.task(instance_id, "forbered").due_at == new - timedelta(days=7)
    assert cases.task(other, "forbered").due_at == NO_DEADLINE
    assert sorted(job.due_at for job in cases.jobs()) == [clock.now() + timedelta(days=20), new]
    logged = next(row for row in cases.log(instance_id) if row.kind == "timer_moved")
    assert (logged.actor, logged.detail["reason"]) == ("anna", "Lokalen är upptagen")
    clock.forward(days=21)
    jobs.drain(engine)
    assert (cases.elements(instance_id), cases.elements(other)) == (["forbered"], ["sen"])


def test_rescheduling_what_hangs_on_nothing_writes_nothing(
    cases: Cases, engine: Engine, host: SmallHost
) -> None:
    cases.deploy("mote", MEETING)
    instance_id = cases.start("mote", "mote:1")
    before = cases.log(instance_id)
    assert not cases.perform(
        lambda session: instances.reschedule(session, engine, ["mote:1"], actor=ANNA, reason="x")
    )
    assert len(cases.log(instance_id)) == len(before)


def test_the_waiting_timers_are_listed_soonest_first(cases: Cases, clock: SettableClock) -> None:
    cases.deploy("vanta", WAIT)
    first = cases.start("vanta")
    clock.forward(minutes=5)
    second = cases.start("vanta")
    found = cases.read(timers.waiting)
    assert [job.instance_id for job in found] == [first, second]
    bound = clock.now() + timedelta(minutes=56)
    sooner = cases.read(lambda session: timers.waiting(session, due_before=bound))
    assert [job.instance_id for job in sooner] == [first]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=40)])
def test_two_interrupting_timers_overdue_at_once_let_only_the_earlier_go_off(
    cases: Cases, engine: Engine, clock: SettableClock, late: timedelta
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), boundary_timer("tidig", "ett", "P2D"),
        boundary_timer("sist", "ett", "P5D"), task("a"), task("b"), end(),
        chain("start", "ett", "slut"), chain("tidig", "a", "slut"), chain("sist", "b", "slut")
    ))  # fmt: skip
    instance_id = cases.start("p")
    clock.forward(seconds=(timedelta(days=5) + late).total_seconds())
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["a"]
    assert cases.incidents() == []


def test_a_timer_claimed_before_the_clock_was_set_back_is_not_lost(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("vanta", WAIT)
    instance_id = cases.start("vanta")
    due_at = clock.now() + timedelta(hours=1)
    clock.forward(hours=1)
    jobs.tick(engine)
    clock.set(clock.now() - timedelta(minutes=30))
    (job,) = cases.jobs(JobStatus.QUEUED)
    jobs.run_job(engine, job.id)
    (job,) = cases.jobs()
    assert (job.status, job.due_at) == (JobStatus.SCHEDULED, due_at)
    assert cases.elements(instance_id) == []
    clock.forward(minutes=30)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    assert cases.count(instance_id, "timer_fired") == 1


def test_a_timer_moved_after_its_job_was_claimed_goes_off_at_its_new_time_only(
    cases: Cases, engine: Engine, host: SmallHost, clock: SettableClock
) -> None:
    cases.deploy("mote", MEETING)
    host.dates = {"på mötet": clock.now() + timedelta(days=1)}
    instance_id = cases.start("mote", "mote:1")
    clock.forward(days=1)
    jobs.tick(engine)
    (job,) = cases.jobs(JobStatus.QUEUED)
    move(cases, host, clock.now() + timedelta(days=5))
    jobs.run_job(engine, job.id)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["forbered"]
    clock.forward(days=5)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sen"]
    assert cases.count(instance_id, "timer_fired") == 1


def test_a_timer_moved_into_the_past_goes_off_without_waiting_for_the_next_tick(
    cases: Cases, engine: Engine, host: SmallHost, clock: SettableClock
) -> None:
    cases.deploy("mote", MEETING)
    host.dates = {"på mötet": clock.now() + timedelta(days=1)}
    instance_id = cases.start("mote", "mote:1")
    engine.dispatcher.start(engine)
    move(cases, host, clock.now() - timedelta(days=5))
    wait_until(lambda: cases.elements(instance_id) == ["sen"])
    engine.dispatcher.stop()


def move(cases: Cases, host: SmallHost, to: datetime) -> None:
    host.dates = {"på mötet": to}
    cases.perform(
        lambda session: instances.reschedule(
            session, cases.engine, ["mote:1"], actor=ANNA, reason="Flyttat"
        )
    )


BROKEN_BRANCH = diagram("p", start(), fork("dela"), timer("paus", "PT1H"),
    script("trasigt", "x = finns_inte"), timer("langre", "PT2H"), task("sedan"), task("nu"),
    end(), chain("start", "dela", "paus", "trasigt", "slut"), chain("dela", "langre", "sedan"),
    chain("dela", "nu"), flow("sedan", "slut"), flow("nu", "slut"))  # fmt: skip


def test_a_timer_whose_branch_fails_stops_neither_people_nor_other_timers(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", BROKEN_BRANCH)
    instance_id = cases.start("p")
    clock.forward(hours=1)
    cases.complete(cases.task(instance_id, "nu"))
    jobs.drain(engine)
    (incident,) = cases.incidents()
    assert incident.element == "trasigt"
    clock.forward(hours=1)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["sedan"]
    cases.complete(cases.task(instance_id, "sedan"))
    assert len(cases.incidents()) == 1


def test_timers_overdue_together_go_off_in_order_whichever_job_comes_first(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), boundary_timer("tidig", "ett", "P2D"),
        boundary_timer("sist", "ett", "P5D"), task("a"), task("b"), end(),
        chain("start", "ett", "slut"), chain("tidig", "a", "slut"), chain("sist", "b", "slut")
    ))  # fmt: skip
    instance_id = cases.start("p")
    clock.forward(days=9)
    jobs.tick(engine)
    for job in reversed(cases.jobs(JobStatus.QUEUED)):
        jobs.run_job(engine, job.id)
    jobs.drain(engine)
    assert cases.elements(instance_id) == ["a"]
    assert sorted(job.status for job in cases.jobs()) == [JobStatus.CANCELLED, JobStatus.DONE]
