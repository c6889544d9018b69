"""Jobs done several at a time are done as if each were alone."""

from __future__ import annotations

import pytest

from engine import jobs, together
from engine.clock import SettableClock
from engine.engine import Engine
from engine.tables import JobStatus
from tests.engine.bpmn import chain, diagram, end, script, start, task, timer
from tests.engine.case import Cases
from tests.engine.statements import counted

WAITS = diagram("vanta", start(), timer("paus", "PT1H"), script("dela", "kvot = 1 / n"),
    task("sedan"), end(), chain("start", "paus", "dela", "sedan", "slut"))  # fmt: skip


def queued(engine: Engine) -> list[str]:
    """Claimed as a tick does, and handed to nobody."""
    jobs.tick(engine)
    cases = Cases(engine)
    return [job.id for job in cases.jobs(JobStatus.QUEUED)]


@pytest.fixture
def waiting(cases: Cases) -> Cases:
    cases.deploy("vanta", WAITS)
    return cases


def test_they_share_a_commit(waiting: Cases, engine: Engine, clock: SettableClock) -> None:
    ids = [waiting.start("vanta", n=1) for _case in range(5)]
    clock.forward(hours=1)
    due = queued(engine)
    with counted(engine.database) as statements:
        together.run(engine, due)
    if engine.database.is_sqlite:
        assert statements.count("COMMIT") < len(ids)
    assert [waiting.elements(id_) for id_ in ids] == [["sedan"]] * 5
    assert [waiting.count(id_, "timer_fired") for id_ in ids] == [1] * 5


def test_one_that_fails_stops_no_other(
    waiting: Cases, engine: Engine, clock: SettableClock
) -> None:
    ids = [waiting.start("vanta", n=n) for n in (1, 0, 2)]
    clock.forward(hours=1)
    together.run(engine, queued(engine))
    assert [waiting.elements(id_) for id_ in ids] == [["sedan"], [], ["sedan"]]
    assert [incident.instance_id for incident in waiting.incidents()] == [ids[1]]
    assert [waiting.count(id_, "timer_fired") for id_ in ids] == [1, 0, 1]


def test_only_those_beside_one_that_fails_are_done_one_by_one(
    waiting: Cases, engine: Engine, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [waiting.start("vanta", n=n) for n in (0, *[1] * 11)]
    clock.forward(hours=1)
    due = queued(engine)
    alone: list[str] = []
    run_job = jobs.run_job

    def noted(engine: Engine, job_id: str) -> None:
        alone.append(job_id)
        run_job(engine, job_id)

    monkeypatch.setattr(jobs, "run_job", noted)
    monkeypatch.setattr(together, "MOST", 2)
    monkeypatch.setattr(together, "SOME_MORE", 1)
    together.run(engine, due)
    assert alone == due[:3]
    assert [waiting.elements(id_) for id_ in ids] == [[], *[["sedan"]] * 11]


def test_what_is_delivered_twice_is_done_once(
    waiting: Cases, engine: Engine, clock: SettableClock
) -> None:
    ids = [waiting.start("vanta", n=1) for _case in range(3)]
    clock.forward(hours=1)
    due = queued(engine)
    together.run(engine, [*due, *due])
    together.run(engine, due)
    assert [waiting.count(id_, "timer_fired") for id_ in ids] == [1] * 3


def test_what_was_done_alone_meanwhile_is_not_done_again(
    waiting: Cases, engine: Engine, clock: SettableClock
) -> None:
    ids = [waiting.start("vanta", n=1) for _case in range(2)]
    clock.forward(hours=1)
    due = queued(engine)
    jobs.run_job(engine, due[0])
    together.run(engine, [*due, "none"])
    assert [waiting.count(id_, "timer_fired") for id_ in ids] == [1] * 2
