"""Whatever is broken by hand in a sound database is found, and said in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import jobs, verification
from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.host import OperationCall, OperationKind
from engine.tables import (
    EventLog,
    Instance,
    InstanceStatus,
    Job,
    JobStatus,
    Message,
    MessageStatus,
    MessageWait,
    Task,
    TaskDraft,
    TaskStatus,
    new_id,
)
from tests.engine.bpmn import (
    boundary_timer,
    catch,
    chain,
    diagram,
    end,
    flow,
    fork,
    service,
    start,
    task,
    timer,
)
from tests.engine.case import Cases
from tests.engine.host import SmallHost

Break = Callable[[Session], object]
MANY = diagram("arende", start(), service("signera", "signera"), timer("paus", "PT1H"), task("ett"),
    fork("dela"), task("tva"), boundary_timer("sent", "tva", "P3D", cancel=False), end("e1"),
    catch("vanta", "hej", "[dnr]"), service("skicka", "skicka"), fork("samla"), end(),
    chain("start", "signera", "paus", "ett", "dela", "tva", "samla", "slut"), flow("sent", "e1"),
    chain("dela", "vanta", "samla"), chain("dela", "skicka", "samla"),
    messages=("hej",))  # fmt: skip
GREETED = diagram("halsad", start(), catch("vanta", "hej", "[dnr]"), task("las"), end(),
    chain("start", "vanta", "las", "slut"), messages=("hej",))  # fmt: skip


@pytest.fixture
def living(cases: Cases, engine: Engine, host: SmallHost, clock: SettableClock) -> Engine:
    """A bit of everything, done and waiting."""
    host.add_operation("signera", lambda call: {"nyckel": call.idempotency_key}, OUTSIDE)
    host.add_operation("skicka", never, OUTSIDE)
    cases.deploy("arende", MANY)
    cases.deploy("halsad", GREETED)
    instance_id = cases.start("arende", "RS/1", dnr="RS/1")
    jobs.drain(engine)
    clock.forward(hours=1)
    jobs.drain(engine)
    cases.complete(cases.task(instance_id, "ett"))
    greeted = cases.start("halsad", "RS/2", dnr="RS/2")
    cases.send("hej", ["RS/2"])
    jobs.drain(engine)
    cases.complete(cases.task(greeted, "las"))
    return engine


OUTSIDE = OperationKind.OUTSIDE


def never(call: OperationCall) -> None:
    raise ConnectionError("svarar inte")


def update(table: Any, *where: Any, **values: Any) -> Break:
    return lambda session: session.execute(sa.update(table).where(*where).values(**values))


def delete(table: Any, *where: Any) -> Break:
    return lambda session: session.execute(sa.delete(table).where(*where))


def copy(table: Any, *where: Any, **changed: Any) -> Break:
    def work(session: Session) -> None:
        row = session.execute(sa.select(table.__table__).where(*where).limit(1)).one()
        session.execute(sa.insert(table).values({**row._mapping, "id": new_id(), **changed}))

    return work


def draft_of_done(session: Session) -> None:
    done = session.scalars(sa.select(Task).where(Task.element == "ett")).one()
    now = done.created_at
    session.add(TaskDraft(task_id=done.id, answers={}, saved_by="anna", saved_at=now))


MANY_OPEN = (Task.element == "tva",)
SIGNED = (Job.element == "signera",)
BREAKS: dict[str, tuple[Break, str]] = {
    "a log row is changed": (
        update(EventLog, EventLog.seq == 2, actor="någon annan"), "loggkedjan är bruten vid rad 2"),
    "a log row is gone": (delete(EventLog, EventLog.seq == 3), "loggkedjan är bruten vid rad 4"),
    "a job is done without effect": (
        update(Job, Job.element == "sent", status=JobStatus.DONE), "klockor som gått är 1"),
    "an operation is done twice": (copy(Job, *SIGNED), "samma åtgärd två gånger"),
    "a task is gone": (delete(Task, *MANY_OPEN), "har 0 uppgifter, men tillståndet 1"),
    "a task is there twice": (copy(Task, *MANY_OPEN), "samma uppgift två gånger"),
    "a task is done without effect": (
        update(Task, *MANY_OPEN, status=TaskStatus.COMPLETED), "gjorda uppgifter är 1"),
    "a timer is gone": (delete(Job, Job.element == "sent"), "har 0 klockor, men tillståndet 1"),
    "a timer is due at another time": (
        update(Job, Job.element == "sent", due_at=Job.created_at),
        "klockan sent på en annan tid"),
    "a wait is gone": (delete(MessageWait), "har 0 väntade meddelanden, men tillståndet 1"),
    "a call is gone": (delete(Job, Job.element == "skicka"), "har 0 åtgärder, men tillståndet 1"),
    "a failed job has nobody's eye": (
        update(Job, Job.element == "skicka", status=JobStatus.FAILED), "utan att någon incident"),
    "an ended instance has a task": (
        update(Task, Task.element == "las", status=TaskStatus.OPEN), "öppen uppgift fast flödet"),
    "an ended instance has a job": (
        update(Instance, Instance.process_key == "arende", status=InstanceStatus.CANCELLED),
        "har ett jobb kvar fast flödet är avslutat"),
    "an ended instance waits": (
        update(Instance, Instance.process_key == "arende", status=InstanceStatus.CANCELLED),
        "väntar på ett meddelande fast flödet är avslutat"),
    "an instance that goes on is said to have ended": (
        update(Instance, Instance.process_key == "arende", status=InstanceStatus.COMPLETED),
        "är completed, men tillståndet säger annat"),
    "an ended instance is said to go on": (
        update(Instance, Instance.process_key == "halsad", status=InstanceStatus.ACTIVE),
        "är active, men tillståndet säger annat"),
    "an instance is failed without an incident": (
        update(Instance, Instance.process_key == "arende", status=InstanceStatus.FAILED),
        "är failed, men incidenterna säger annat"),
    "a state can not be loaded": (
        update(Instance, Instance.process_key == "arende", state=b"skr\xc3\xa4p"),
        "går inte att läsa in"),
    "a message was received twice": (
        copy(Message, status=MessageStatus.DELIVERED), "mottagna meddelanden är 2"),
    "a message is on its way with nobody": (
        update(Message, status=MessageStatus.PENDING), "inget jobb bär fram det"),
    "a finished task has a draft": (draft_of_done, "har ett utkast fast uppgiften är avslutad"),
}  # fmt: skip


def test_a_sound_database_has_no_breach(living: Engine) -> None:
    assert list(verification.breaches(living)) == []


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_found(living: Engine, name: str) -> None:
    do, said = BREAKS[name]
    with living.database.writing() as session:
        do(session)
    found = [str(breach) for breach in verification.breaches(living)]
    assert any(said in line for line in found), found
    assert not any("\n" in line for line in found)


def test_many_instances_are_looked_at_in_batches(
    cases: Cases, engine: Engine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BATCH", 3)
    cases.deploy("p", diagram("p", start(), task("ett"), end(), chain("start", "ett", "slut")))
    ids = [cases.start("p") for _case in range(7)]
    with database.writing() as session:
        session.execute(sa.update(Task).values(status=TaskStatus.CANCELLED))
    found = [breach.place for breach in verification.breaches(engine)]
    assert sorted(found) == sorted(ids)


def test_a_fault_of_the_database_is_not_taken_for_unreadable_instances(
    living: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_whatever: Any) -> Any:
        raise sa.exc.OperationalError("SELECT", None, Exception("disken svarar inte"))

    monkeypatch.setattr(verification, "differences", broken)
    with pytest.raises(sa.exc.OperationalError):
        list(verification.of_instances(living))
