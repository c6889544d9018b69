"""A region with the meeting's diagrams deployed, and people who do what their inbox says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import deployments, instances, jobs, messages, opened_forms, tasks
from engine.clock import SettableClock
from engine.database import Base, Database
from engine.engine import Engine
from engine.host import SYSTEM, Actor
from engine.tables import Instance, InstanceStatus, Job, JobKind, Message, Task, TaskStatus
from processes import agenda, booking, cases, meetings, organisation_file
from processes.accounts import User
from processes.cases import Case, CaseStatus
from processes.demo import FILE
from processes.host import RegionHost
from processes.meetings import Meeting, NewMeeting
from processes.meetings.changes import create

MODELS = Path(__file__).parents[3] / "bpmn_models"
MEETING_DIAGRAMS = (
    "sammantrade", "forbered_mote", "efterarbete_mote", "laga_kraft_mote", "meddela_arenden",
)  # fmt: skip
NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)  # a Wednesday in term, far from every holiday
SECRETARY = Actor(id="sekreterare_rs")
Answers = dict[str, Any]


def template(folder: Path, *processes: str, extra: dict[str, str] | None = None) -> Path:
    """A database to copy: installing takes longer than walking a path does."""
    path = folder / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        Base.metadata.create_all(session.connection())
    Region(database, SettableClock(NOW)).install(*processes, extra=extra)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@contextmanager
def copied(installed: Path, folder: Path) -> Iterator[Region]:
    """A region of its own for one test."""
    copy = shutil.copy(installed, folder / "region.sqlite")
    database = Database(f"sqlite:///{copy}")
    yield Region(database, SettableClock(NOW))
    database.dispose()


class Region:
    """One engine on one database. Each step is a transaction of its own, as on a page."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.clock = clock
        self.database = database
        self.engine = Engine(database=database, host=RegionHost(clock=clock), clock=clock)
        self.engine.job_handlers[JobKind.MAIL] = lambda _engine, _job: None
        self._cases = 0
        self._key: str | None = None

    def do(self, work: Callable[[Session], Any]) -> Any:
        with self.database.writing() as session:
            result = work(session)
        jobs.drain(self.engine)
        return result

    def read(self, work: Callable[[Session], Any]) -> Any:
        with self.database.reading() as session:
            return work(session)

    def install(self, *processes: str, extra: dict[str, str] | None = None) -> None:
        """The demonstration's organisation, and those diagrams with every table and form."""
        self.do(lambda session: organisation_file.load(session, self.engine, FILE.read_text()))
        files = {name: (MODELS / f"{name}.bpmn").read_text() for name in processes}
        bundle = {f"{name}.bpmn": text for name, text in files.items()}
        for path in (*MODELS.glob("*.dmn"), *MODELS.glob("forms/*.json")):
            bundle[path.name] = path.read_text()
        bundle |= extra or {}
        self.do(lambda session: deployments.deploy(session, self.engine, bundle, actor=SYSTEM))

    def go_to(self, on: date, at: time = time(12)) -> None:
        """Let time pass, and everything that is due in it happen."""
        self.clock.set(datetime.combine(on, at, tzinfo=UTC))
        jobs.drain(self.engine)

    def meeting(self, organ: str, on: date) -> str:
        new = NewMeeting(organ_code=organ, on=on)
        created: Meeting = self.do(
            lambda session: create(session, self.engine, new, actor=SECRETARY)
        )
        return created.id

    def case(self, *path: str, heading: str = "Regler för planering") -> str:
        """A case that has been prepared, without the diagram that prepared it."""
        self._cases += 1
        number = f"RS/{self._cases}/2026"

        def work(session: Session) -> None:
            now = self.clock.now()
            session.add(
                Case(
                    number=number, registry_code="RS", seq=self._cases, year=2026,
                    heading=heading, kind="internt", received_on=now.date(), created_at=now,
                    created_by="registrator_rs", status=CaseStatus.READY, status_at=now,
                    decision_form="politiskt", path=list(path), step=0, co_officers=[],
                    planned_meetings={}, presentations=[], case_officer="handlaggare_1",
                    lock_version=1,
                )
            )  # fmt: skip

        self.do(work)
        return number

    def step(self, number: str, step: int) -> None:
        """The case has gone on along its path (A45)."""

        def work(session: Session) -> None:
            cases.get(session, number).step = step

        self.do(work)

    def hide(self, number: str) -> None:
        def work(session: Session) -> None:
            cases.get(session, number).secret = True

        self.do(work)

    def plan(self, number: str, meeting_id: str) -> None:
        def work(session: Session) -> None:
            cases.get(session, number).planned_meetings = {
                meetings.get(session, meeting_id).organ_code: meeting_id
            }

        self.do(work)

    def report(self, number: str) -> str:
        """What `behandling_i_organ` does when the case is ready; the meeting it was booked at."""

        def work(session: Session) -> str:
            case = cases.get(session, number)
            item = booking.report(session, case, now=self.clock.now())
            payload = {"dnr": number, "mote_id": item.meeting_id}
            messages.send(session, self.engine, "anmald", [item.meeting_id], payload, actor=SYSTEM)
            return item.meeting_id

        return str(self.do(work))

    def admit(self, number: str, meeting_id: str) -> None:
        """Let those who treat it there see it, as the booking does."""

        def work(session: Session) -> None:
            case, meeting = cases.get(session, number), meetings.get(session, meeting_id)
            booking.admit(session, self.engine, case, meeting, actor=SECRETARY)

        self.do(work)

    # --- people at work

    def open_tasks(self) -> list[tuple[str, str]]:
        """Element and candidate of everything in anybody's inbox."""
        query = sa.select(Task).where(Task.status == TaskStatus.OPEN).order_by(Task.created_at)
        found = self.read(lambda session: list(session.scalars(query)))
        return [(task.element, task.assignee or task.candidate) for task in found]

    def elements(self) -> list[str]:
        return [element for element, _who in self.open_tasks()]

    @contextmanager
    def only(self, meeting_id: str) -> Iterator[None]:
        """While several meetings have the same tasks: those of this one."""
        self._key = self.row(meeting_id).business_key
        yield
        self._key = None

    def task(self, element: str) -> Task:
        query = sa.select(Task).where(Task.status == TaskStatus.OPEN, Task.element == element)
        if self._key is not None:
            query = query.where(Task.business_key == self._key)
        found = self.read(lambda session: list(session.scalars(query)))
        assert len(found) == 1, (element, self.open_tasks())
        task: Task = found[0]
        return task

    def defaults(self, element: str) -> Answers:
        """What the form is filled in with, as the page reads it back."""
        task = self.task(element)
        opened = self.read(
            lambda session: opened_forms.open_form(
                session, self.engine, task, actor=SECRETARY, answers={}
            )
        )
        return {} if opened is None else dict(opened.defaults)

    def tasks(self, element: str) -> list[Task]:
        """Each person's own, where several have the same."""
        query = sa.select(Task).where(Task.status == TaskStatus.OPEN, Task.element == element)
        return list(self.read(lambda session: list(session.scalars(query))))

    def complete(self, element: str, actor: Actor = SECRETARY, /, **answers: Any) -> None:
        task = self.task(element)
        filled = {**self.defaults(element), **answers}
        self.do(
            lambda session: tasks.complete(
                session, self.engine, task.id, filled, actor=actor, lock_version=None
            )
        )

    def complete_each(self, element: str, /, **answers: Any) -> None:
        """Everybody who has a task of their own there does it, in the same words."""
        for task in self.tasks(element):
            self.complete_task(task, Actor(id=task.assignee), **answers)

    def complete_one(self, element: str, user_id: str, /, **answers: Any) -> None:
        """The one of them whose task it is."""
        query = sa.select(Task).where(
            Task.status == TaskStatus.OPEN, Task.element == element, Task.assignee == user_id
        )
        task = self.read(lambda session: session.scalars(query).one())
        self.complete_task(task, Actor(id=user_id), **answers)

    def complete_task(self, task: Task, actor: Actor, **answers: Any) -> None:
        self.do(
            lambda session: tasks.complete(
                session, self.engine, task.id, answers, actor=actor, lock_version=None
            )
        )

    def rows(self, element: str, /, field: str = "arenden", **every: Any) -> list[Answers]:
        """The rows the form opens with, each given the same answers."""
        return [{**row, **every} for row in self.defaults(element)[field]]

    # --- what came of it

    def sent(self, name: str) -> list[Answers]:
        query = sa.select(Message).where(Message.name == name).order_by(Message.sent_at)
        found = self.read(lambda session: list(session.scalars(query)))
        return [message.payload for message in found]

    def status(self, number: str) -> str:
        return str(self.read(lambda session: cases.get(session, number).status))

    def item(self, meeting_id: str, number: str) -> agenda.AgendaItem:
        found: agenda.AgendaItem = self.read(
            lambda session: agenda.get(session, meeting_id, number)
        )
        return found

    def row(self, meeting_id: str) -> Meeting:
        found: Meeting = self.read(lambda session: meetings.get(session, meeting_id))
        return found

    def letters(self) -> list[str]:
        """The subjects of what was mailed, or would have been."""
        query = sa.select(Job).where(Job.kind == JobKind.MAIL).order_by(Job.created_at)
        return [job.payload["subject"] for job in self.read(lambda s: list(s.scalars(query)))]

    def user(self, username: str) -> str:
        """The id of somebody in the demonstration."""
        query = sa.select(User.id).where(User.username == username)
        return str(self.read(lambda session: session.scalars(query).one()))

    def outcome(self, process: str) -> str:
        """The `utfall` an ended process of that name gave."""

        def work(session: Session) -> str:
            query = sa.select(Instance.id).where(
                Instance.process_key == process, Instance.status == InstanceStatus.COMPLETED
            )
            ended = session.scalars(query).one()
            return str(instances.view(session, self.engine, ended).data["utfall"])

        return str(self.read(work))

    def running(self, process: str) -> bool:
        query = sa.select(Instance.id).where(
            Instance.process_key == process, Instance.status == InstanceStatus.ACTIVE
        )
        return self.read(lambda session: session.scalar(query)) is not None
