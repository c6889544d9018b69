"""Clocks that go wrong, nights of 23 and 25 hours: a timer goes off once, in its time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine import jobs
from engine.clock import SettableClock
from engine.engine import Engine
from engine.tables import JobStatus
from tests.engine.bpmn import boundary_timer, chain, diagram, end, flow, start, task, timer
from tests.engine.case import Cases

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def waits_for(text: str, kind: str = "timeDuration") -> str:
    return diagram("vanta", start(), timer("paus", text, kind), task("sedan"), end(),
        chain("start", "paus", "sedan", "slut"))  # fmt: skip


def cycle(text: str) -> str:
    return diagram("p", start(), task("ett"),
        boundary_timer("paminn", "ett", text, kind="timeCycle", cancel=False), end(),
        end("paminnelse"), chain("start", "ett", "slut"), flow("paminn", "paminnelse"),
    )  # fmt: skip


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("begun", "text", "due"),
    [
        # The night the clock is put forward there is no 02.30: it is an hour later then.
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30"),
        ("2026-03-28T10:00", "P1D", "2026-03-29T10:00"),
        ("2026-03-29T01:30", "PT2H", "2026-03-29T04:30"),
        # The night it is put back 02.30 comes twice: the first counts.
        ("2026-10-24T02:30", "P1D", "2026-10-25T02:30"),
        ("2026-10-24T10:00", "P1D", "2026-10-25T10:00"),
        ("2026-10-25T01:30", "PT2H", "2026-10-25T02:30+01:00"),
        # A day that most months and years do not have.
        ("2028-02-29T09:00", "P1Y", "2029-02-28T09:00"),
        ("2028-01-31T09:00", "P1M", "2028-02-29T09:00"),
        ("2027-02-28T09:00", "P1Y", "2028-02-28T09:00"),
        ("2028-02-28T09:00", "P1D", "2028-02-29T09:00"),
    ],
)
def test_a_timer_is_due_when_a_calendar_and_a_clock_on_the_wall_say_so(
    cases: Cases, engine: Engine, clock: SettableClock, begun: str, text: str, due: str
) -> None:
    expected = datetime.fromisoformat(due)
    expected = expected.astimezone(UTC) if expected.tzinfo else local(due)
    clock.set(local(begun))
    cases.deploy("vanta", waits_for(text))
    instance_id = cases.start("vanta")
    assert [job.due_at for job in cases.jobs()] == [expected]
    clock.set(expected)
    clock.forward(seconds=-1)
    assert jobs.drain(engine) == 0
    clock.forward(seconds=1)
    assert jobs.drain(engine) == 1
    clock.forward(hours=3)
    assert jobs.drain(engine) == 0
    assert cases.elements(instance_id) == ["sedan"]


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_every_half_hour_of_the_two_nights_has_its_timers_once(
    cases: Cases, engine: Engine, clock: SettableClock, night: str
) -> None:
    cases.deploy("vanta", waits_for("PT1H"))
    clock.set(local(f"{night}T00:00"))
    begun = []
    for _half_hour in range(12):
        begun.append(cases.start("vanta"))
        jobs.drain(engine)
        clock.forward(minutes=30)
    jobs.drain(engine)
    clock.forward(hours=1)
    jobs.drain(engine)
    assert [cases.count(one, "timer_fired") for one in begun] == [1] * len(begun)


def test_a_clock_set_back_an_hour_lets_nothing_go_off_again(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("vanta", waits_for("PT1H"))
    first = cases.start("vanta")
    clock.forward(minutes=30)
    second = cases.start("vanta")
    clock.forward(minutes=30)
    jobs.drain(engine)
    clock.forward(hours=-1)
    for _quarter in range(12):
        jobs.drain(engine)
        clock.forward(minutes=15)
    assert [cases.count(one, "timer_fired") for one in (first, second)] == [1, 1]
    assert cases.jobs(JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING) == []


def test_after_a_month_without_power_each_timer_goes_off_once(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    for key, text in (("kort", "PT1H"), ("lang", "P20D"), ("efter", "P40D")):
        cases.deploy(key, waits_for(text).replace("vanta", key))
    begun = {key: [cases.start(key) for _one in range(5)] for key in ("kort", "lang", "efter")}
    clock.forward(days=31)
    jobs.recover(engine)
    jobs.drain(engine)
    fired = {key: {cases.count(one, "timer_fired") for one in ids} for key, ids in begun.items()}
    assert fired == {"kort": {1}, "lang": {1}, "efter": {0}}
    clock.forward(days=9)
    jobs.drain(engine)
    assert {cases.count(one, "timer_fired") for one in begun["efter"]} == {1}


def test_a_cycle_that_was_asleep_for_a_month_goes_off_as_often_as_it_says(
    cases: Cases, engine: Engine, clock: SettableClock
) -> None:
    cases.deploy("p", cycle("R3/P2D"))
    instance_id = cases.start("p")
    clock.forward(days=31)
    jobs.drain(engine)
    clock.forward(days=31)
    jobs.drain(engine)
    assert cases.count(instance_id, "timer_fired") == 3
    assert cases.elements(instance_id) == ["ett"]


@pytest.mark.parametrize("begun", ["2026-03-27T10:00", "2026-10-23T10:00"])
def test_a_daily_cycle_keeps_its_time_of_day_when_the_clocks_change(
    cases: Cases, engine: Engine, clock: SettableClock, begun: str
) -> None:
    clock.set(local(begun))
    cases.deploy("p", cycle("R4/P1D"))
    cases.start("p")
    times = []
    for _day in range(4):
        (job,) = cases.jobs(JobStatus.SCHEDULED)
        times.append(job.due_at.astimezone(STOCKHOLM).strftime("%H:%M"))
        clock.set(job.due_at)
        jobs.drain(engine)
    assert times == ["10:00"] * 4
