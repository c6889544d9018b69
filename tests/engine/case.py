"""What tests do with an engine, each step a command of its own as in the product."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import commands, history, instances, messages, tasks
from engine.engine import Engine
from engine.host import Actor
from engine.tables import (
    EventLog,
    Incident,
    Instance,
    Job,
    JobStatus,
    Message,
    MessageWait,
    ProcessVersion,
    Task,
    TaskStatus,
    new_id,
)

T = TypeVar("T")

ANNA = Actor(id="anna")
BO = Actor(id="bo")


class Cases:
    """Diagrams are put in force past the gate: here they may be as bare as a test wants."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def deploy(self, key: str, *texts: str, **forms: str) -> None:
        files = {f"{number}.bpmn": text for number, text in enumerate(texts)}
        files |= {f"forms/{name}.json": text for name, text in forms.items()}
        with self.engine.database.writing() as session:
            session.add(
                ProcessVersion(
                    key=key,
                    version=1,
                    name=key,
                    deployment_id=new_id(),
                    files=files,
                    file_name="0.bpmn",
                    sha256=hashlib.sha256(repr(files).encode()).hexdigest(),
                    deployed_at=self.engine.clock.now(),
                    deployed_by="anna",
                )
            )

    def perform(self, work: Callable[[Session], T]) -> T:
        return commands.perform(self.engine, work)

    def read(self, work: Callable[[Session], T]) -> T:
        with self.engine.database.reading() as session:
            return work(session)

    def start(self, key: str, business_key: str | None = None, **data: Any) -> str:
        return self.perform(
            lambda session: instances.start(
                session, self.engine, key, business_key=business_key, data=data, actor=ANNA
            )
        ).id

    def complete(
        self,
        task: Task,
        *,
        actor: Actor = ANNA,
        lock_version: int | None = None,
        **answers: Any,
    ) -> tasks.Completion:
        return self.perform(
            lambda session: tasks.complete(
                session,
                self.engine,
                task.id,
                answers,
                actor=actor,
                lock_version=lock_version or task.lock_version,
            )
        )

    def send(self, name: str, key: list[Any], *, keep: bool = True, **payload: Any) -> None:
        self.perform(
            lambda session: messages.send(
                session, self.engine, name, key, payload, actor=ANNA, keep=keep
            )
        )

    def open_tasks(self, instance_id: str) -> list[Task]:
        query = sa.select(Task).where(
            Task.instance_id == instance_id, Task.status == TaskStatus.OPEN
        )
        return self.read(lambda session: list(session.scalars(query.order_by(Task.element))))

    def task(self, instance_id: str, element: str) -> Task:
        return next(task for task in self.open_tasks(instance_id) if task.element == element)

    def elements(self, instance_id: str) -> list[str]:
        """Where people are waited for."""
        return [task.element for task in self.open_tasks(instance_id)]

    def status(self, instance_id: str) -> str:
        return self.read(lambda session: session.get_one(Instance, instance_id).status)

    def data(self, instance_id: str) -> dict[str, Any]:
        return self.read(lambda session: instances.view(session, self.engine, instance_id).data)

    def jobs(self, *statuses: JobStatus) -> list[Job]:
        query = sa.select(Job).where(Job.status.in_(statuses or tuple(JobStatus)))
        return self.read(lambda session: list(session.scalars(query.order_by(Job.due_at, Job.id))))

    def waits(self) -> list[MessageWait]:
        return self.read(lambda session: list(session.scalars(sa.select(MessageWait))))

    def messages(self) -> list[Message]:
        return self.read(lambda session: list(session.scalars(sa.select(Message))))

    def incidents(self) -> list[Incident]:
        return self.read(lambda session: list(session.scalars(sa.select(Incident))))

    def log(self, instance_id: str) -> list[EventLog]:
        return self.read(lambda session: list(history.of_instance(session, instance_id).items))

    def kinds(self, instance_id: str) -> list[tuple[str, str | None]]:
        return [(row.kind, row.element) for row in self.log(instance_id)]

    def count(self, instance_id: str, kind: str) -> int:
        return sum(row.kind == kind for row in self.log(instance_id))
