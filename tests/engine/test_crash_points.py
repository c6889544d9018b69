"""A process that dies, or a database that fails, at any statement of any step of a case.

Every statement is tried: what was acknowledged is there, nothing is there twice, and the case goes
on to the very same end.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import history, incidents, jobs, tasks
from engine.clock import SettableClock
from engine.commands import CommandFailed
from engine.database import Base, Database
from engine.engine import Engine
from engine.host import OperationCall, OperationKind
from engine.spiff import SpecCache
from engine.tables import (
    IncidentStatus,
    Instance,
    Job,
    JobKind,
    JobStatus,
    Message,
    Task,
    TaskStatus,
)
from tests import databases
from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    catch,
    chain,
    diagram,
    end,
    flow,
    service,
    start,
    task,
    throw,
    timer,
)
from tests.engine.case import ANNA, Cases
from tests.engine.host import SmallHost
from tests.engine.invariants import require_sound
from tests.engine.statements import counted

pytestmark = pytest.mark.long
NUMBER = "RS/1/2026"
MAIN = diagram("arende", start(), task("ett"), boundary_timer("sent", "ett", "P3D", cancel=False),
    end("e1"), boundary_message("ny", "ett", "ny_handling", "[dnr]", cancel=False), end("e2"),
    service("skriv", "skriv"), throw("skicka", "anmald", "[dnr]", '{"fran": dnr}'),
    service("signera", "signera"), timer("paus", "PT1H"), task("tva"), end(),
    chain("start", "ett", "skriv", "skicka", "signera", "paus", "tva", "slut"),
    flow("sent", "e1"), flow("ny", "e2"), messages=("ny_handling", "anmald"))  # fmt: skip
OTHER = diagram("mottagare", start(), catch("vanta", "anmald", "[dnr]"), task("las"), end(),
    chain("start", "vanta", "las", "slut"), messages=("anmald",))  # fmt: skip


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Stage:
    """One process's life with a database."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.clock = SettableClock(now)
        self.calls: list[str] = []
        host = SmallHost()
        host.add_operation("skriv", self._write)
        host.add_operation("signera", self._sign, OperationKind.OUTSIDE)
        self.database = database
        self.engine = Engine(database=database, host=host, clock=self.clock)
        self.engine.specs = SPECS
        self.engine.job_handlers[JobKind.MAIL] = lambda _engine, _job: None
        self.cases = Cases(self.engine)

    def _write(self, call: OperationCall) -> Mapping[str, Any]:
        jobs.add(call.session, call.engine, kind=JobKind.MAIL, name="brev")
        return {"skrivet": True}

    def _sign(self, call: OperationCall) -> Mapping[str, Any]:
        self.calls.append(call.idempotency_key)
        return {"nyckel": True}

    def open(self, element: str) -> list[Task]:
        query = sa.select(Task).where(Task.status == TaskStatus.OPEN, Task.element == element)
        return self.cases.read(lambda session: list(session.scalars(query)))

    def go_on(self) -> None:
        """What a restarted product does by itself, until nothing is left to be tried again."""
        jobs.recover(self.engine)
        for _attempt in range(3):
            jobs.drain(self.engine)
            if not any(job.attempt for job in self.cases.jobs(JobStatus.SCHEDULED)):
                return
            self.clock.forward(seconds=1_000)

    def mend(self) -> None:
        """What an administrator does with every incident."""
        for incident in self.cases.incidents():
            if incident.status == IncidentStatus.OPEN:
                self.cases.perform(partial(self._retry, incident_id=incident.id))

    def _retry(self, session: Session, incident_id: str) -> None:
        incidents.retry(session, self.engine, incident_id, ANNA)


def begin(key: str) -> Callable[[Stage], None]:
    def step(stage: Stage) -> None:
        query = sa.select(Instance.id).where(Instance.process_key == key)
        if not stage.cases.read(lambda session: session.scalars(query).all()):
            stage.cases.start(key, NUMBER, dnr=NUMBER)

    return step


def claim(stage: Stage) -> None:
    for found in stage.open("ett"):
        stage.cases.perform(
            lambda session, found=found: tasks.claim(
                session, stage.engine, found.id, actor=ANNA, lock_version=None
            )
        )


def complete(element: str) -> Callable[[Stage], None]:
    def step(stage: Stage) -> None:
        for found in stage.open(element):
            stage.cases.complete(found, svar="ja")

    return step


def send(stage: Stage) -> None:
    query = sa.select(Message.id).where(Message.name == "ny_handling")
    if not stage.cases.read(lambda session: session.scalars(query).all()):
        stage.cases.send("ny_handling", [NUMBER])


def an_hour(stage: Stage) -> None:
    if stage.clock.now() < BEGINNING + timedelta(hours=2):
        stage.clock.forward(hours=2)
    stage.go_on()


STRIDE = 10
SPECS = SpecCache()  # built once: they hold nothing of any case
BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEPS: dict[str, Callable[[Stage], None]] = {
    "start": begin("arende"),
    "start another": begin("mottagare"),
    "claim": claim,
    "send": send,
    "deliver": Stage.go_on,
    "complete": complete("ett"),
    "jobs": Stage.go_on,
    "time": an_hour,
    "complete the last": complete("tva"),
    "complete the other": complete("las"),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def snapshots(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Snapshot]]:
    """The database before each step, what the step sends to it, and what it is to look like."""
    folder = tmp_path_factory.mktemp("stages")
    sqlite = request.param == "sqlite"
    shelf: Shelf = SqliteShelf(folder) if sqlite else PostgresqlShelf()
    stage = Stage(Database(shelf.address), BEGINNING)
    Base.metadata.create_all(stage.database.engine)
    stage.cases.deploy("arende", MAIN)
    stage.cases.deploy("mottagare", OTHER)
    found = {}
    for name, step in STEPS.items():
        stage.database.dispose()
        shelf.keep(name)
        now = stage.clock.now()
        with counted(stage.database) as statements:
            step(stage)
        require_sound(stage.engine)
        found[name] = Snapshot(name, shelf, stage.database, now, list(statements), picture(stage))
    yield found
    stage.database.dispose()
    shelf.clear()


class Shelf(Protocol):
    """Where the database is kept as it was before each step."""

    address: str

    def keep(self, name: str) -> None: ...

    def take(self, name: str) -> None: ...

    def clear(self) -> None: ...


class SqliteShelf:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "engine.sqlite"
        self.address = f"sqlite:///{self._path}"

    def keep(self, name: str) -> None:
        shutil.copy(self._path, self._path.with_name(f"{name}.sqlite"))

    def take(self, name: str) -> None:
        shutil.copy(self._path.with_name(f"{name}.sqlite"), self._path)

    def clear(self) -> None:
        """The folder goes by itself."""


class PostgresqlShelf:
    def __init__(self) -> None:
        self.address = databases.create_postgresql()
        self._database = Database(self.address)
        self._kept: dict[str, Database] = {}

    def keep(self, name: str) -> None:
        kept = databases.create_postgresql(of=str(self._database.url.database))
        self._kept[name] = Database(kept)

    def take(self, name: str) -> None:
        databases.drop_postgresql(self._database)
        own = str(self._database.url.database)
        databases.create_postgresql(of=str(self._kept[name].url.database), name=own)

    def clear(self) -> None:
        for database in (self._database, *self._kept.values()):
            databases.drop_postgresql(database)


@dataclass(frozen=True)
class Snapshot:
    name: str
    shelf: Shelf
    database: Database
    now: datetime
    statements: list[str]
    picture: Any

    def stage(self) -> Stage:
        self.database.dispose()
        self.shelf.take(self.name)
        return Stage(self.database, self.now)

    def points(self) -> Iterator[tuple[int, str]]:
        """Every statement; of PostgreSQL's some, since copying a database takes its time there."""
        stride = 1 if self.database.is_sqlite else STRIDE
        for number, statement in enumerate(self.statements):
            if statement == "COMMIT" or number % stride == 0:
                yield number, statement


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("committed", [False, True], ids=["before", "after"])
def test_killed_at_any_statement_it_comes_to_the_same_end(
    snapshots: dict[str, Snapshot], name: str, committed: bool
) -> None:
    snapshot = snapshots[name]
    for number, statement in snapshot.points():
        if committed and statement != "COMMIT":
            continue
        stage = snapshot.stage()
        with killed_at(stage.database, number, after=committed), pytest.raises(Killed):
            STEPS[name](stage)
        stage.database.dispose()
        revived = Stage(stage.database, stage.clock.now())
        require_sound(revived.engine)
        STEPS[name](revived)
        if name in ("deliver", "jobs", "time"):
            revived.go_on()
        require_sound(revived.engine)
        assert picture(revived) == snapshot.picture, (number, statement)


@pytest.mark.parametrize("name", STEPS)
def test_a_database_that_fails_at_any_statement_leaves_something_to_do_again(
    snapshots: dict[str, Snapshot], name: str
) -> None:
    snapshot = snapshots[name]
    for number, statement in snapshot.points():
        stage = snapshot.stage()
        with failing_at(stage.database, number), suppress(CommandFailed, OperationalError):
            STEPS[name](stage)
        require_sound(stage.engine)
        stage.mend()
        STEPS[name](stage)
        if name in ("deliver", "jobs", "time"):
            stage.clock.forward(seconds=200)
            stage.go_on()
        require_sound(stage.engine)
        assert picture(stage) == snapshot.picture, (number, statement)


def picture(stage: Stage) -> Any:
    """What there is, without what differs from one run to the next."""
    with stage.database.reading() as session:
        instances = session.scalars(sa.select(Instance)).all()
        told = {
            instance.process_key: [
                (row.kind, row.element)
                for row in history.of_instance(session, instance.id).items
                if row.kind not in ("element_failed", "incident_resolved")
            ]
            for instance in instances
        }
        every = [
            (found.element, found.status, found.assignee, found.completed_by)
            for found in session.scalars(sa.select(Task))
        ]
        done = [(job.kind, job.element, job.status) for job in session.scalars(sa.select(Job))]
        sent = [(found.name, found.status) for found in session.scalars(sa.select(Message))]
        statuses = sorted(instance.status for instance in instances)
        data = {instance.process_key: stage.cases.data(instance.id) for instance in instances}
        return told, sorted(every, key=str), sorted(done, key=str), sorted(sent), statuses, data


@contextmanager
def killed_at(database: Database, number: int, *, after: bool) -> Iterator[None]:
    left = [number]

    def kill(*_details: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    with at_each_statement(database, kill, after=after):
        yield


@contextmanager
def failing_at(database: Database, number: int) -> Iterator[None]:
    left = [number]

    def fail(*_details: Any) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise OperationalError("disk I/O error", None, sqlite3.OperationalError("disk"))

    with at_each_statement(database, fail, after=False):
        yield


@contextmanager
def at_each_statement(
    database: Database, do: Callable[..., None], *, after: bool
) -> Iterator[None]:
    """COMMIT is one of them, which PostgreSQL's driver says unseen."""
    event = "after_cursor_execute" if after else "before_cursor_execute"
    dialect = database.engine.dialect
    commit = dialect.do_commit

    def commit_too(connection: Any) -> None:
        if not after:
            do()
        commit(connection)
        if after:
            do()

    sa.event.listen(database.engine, event, do)
    if not database.is_sqlite:
        dialect.do_commit = commit_too  # type: ignore[method-assign]
    try:
        yield
    finally:
        sa.event.remove(database.engine, event, do)
        dialect.do_commit = commit  # type: ignore[method-assign]
