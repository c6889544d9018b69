"""A process killed at any moment loses nothing it acknowledged, and does nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import history, instances
from engine.clock import SystemClock
from engine.commands import CommandFailed
from engine.database import Database
from engine.engine import Engine
from engine.host import OperationCall, OperationKind
from engine.scheduler import Scheduler
from engine.tables import Instance, InstanceStatus, Job, JobStatus
from tests.engine.bpmn import catch, chain, diagram, end, service, start, throw, timer
from tests.engine.case import Cases
from tests.engine.host import SmallHost

ROOT = Path(__file__).parents[2]
COUNT = 15
KILLS = 2
SENDER = diagram("avsandare", start(), timer("paus", "till", kind="timeDate"),
    throw("skicka", "hej", "[nummer]"), end(), chain("start", "paus", "skicka", "slut"),
    messages=("hej",))  # fmt: skip
RECEIVER = diagram("mottagare", start(), catch("vanta", "hej", "[nummer]"),
    service("signera", "signering"), end(), chain("start", "vanta", "signera", "slut"),
    messages=("hej",))  # fmt: skip


def signing_host() -> SmallHost:
    def sign(call: OperationCall) -> dict[str, str]:
        time.sleep(0.02)
        return {"nyckel": call.idempotency_key}

    host = SmallHost()
    host.add_operation("signering", sign, OperationKind.OUTSIDE)
    return host


def run_until_killed(url: str) -> None:
    """What the killed process does: the product's own scheduler and threads."""
    engine = Engine(database=Database(url), host=signing_host(), clock=SystemClock())
    Scheduler(engine).start()
    signal.pause()


@pytest.mark.long
def test_killed_again_and_again_it_goes_on_by_itself(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    engine = Engine(database=database, host=signing_host(), clock=SystemClock())
    cases = Cases(engine)
    cases.deploy("avsandare", SENDER)
    cases.deploy("mottagare", RECEIVER)
    for number in range(COUNT):
        due_at = engine.clock.now() + timedelta(seconds=2 + number / 10)
        cases.start("avsandare", nummer=number, till=due_at.isoformat())
        cases.start("mottagare", nummer=number)
    chance = random.Random(7)
    command = [sys.executable, "-m", "tests.engine.test_survival", url]
    for kill in range(KILLS + 1):
        with subprocess.Popen(command, cwd=ROOT) as process:
            if kill < KILLS:
                time.sleep(chance.uniform(1.5, 2.5))
            else:
                wait_until_quiet(database)
            process.send_signal(signal.SIGKILL)
    with database.reading() as session:
        every = session.scalars(sa.select(Instance)).all()
        assert {instance.status for instance in every} == {InstanceStatus.COMPLETED}
        assert len(every) == 2 * COUNT
        for instance in every:
            assert history.verify(session, instance.id) == []
            assert instances.element_states(session, instance.id)
    for kind in ("timer_fired", "message_received", "instance_completed"):
        per_case = [cases.count(instance.id, kind) for instance in every]
        assert max(per_case) == 1, kind


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # the one with a server
def test_what_has_been_read_is_there_though_the_server_goes_before_the_end(
    database: Database,
) -> None:
    with database.reading() as session:
        backend = session.scalar(sa.select(sa.func.pg_backend_pid()))
        with database.writing() as other:
            # Waits until it has ended.
            assert other.scalar(sa.select(sa.func.pg_terminate_backend(backend, 5000)))
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.pg_backend_pid())) != backend


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_who_lost_the_database_is_not_told_that_nothing_has_changed(
    database: Database, cases: Cases
) -> None:
    def lose(session: Session) -> None:
        backend = session.scalar(sa.select(sa.func.pg_backend_pid()))
        with database.writing() as other:
            assert other.scalar(sa.select(sa.func.pg_terminate_backend(backend, 5000)))

    with pytest.raises(CommandFailed, match="kan ha blivit gjort ändå") as failed:
        cases.perform(lose)  # what fails is its COMMIT
    assert "inget har ändrats" not in str(failed.value)
    assert len(cases.incidents()) == 1


def wait_until_quiet(database: Database) -> None:
    deadline = time.monotonic() + 60
    left = sa.select(sa.func.count()).where(
        Job.status.in_((JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING))
    )
    while time.monotonic() < deadline:
        with database.writing() as session:
            if not session.scalar(left):
                return
            # A call that was cut off is made again after half a minute: the test can't wait.
            again = sa.update(Job).where(Job.attempt > 0, Job.status == JobStatus.SCHEDULED)
            session.execute(again.values(due_at=Job.created_at))
        time.sleep(0.2)


if __name__ == "__main__":
    run_until_killed(sys.argv[1])
