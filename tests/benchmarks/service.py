"""The product's service layer: the same cases through `tasks.complete`, each in its transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from engine import commands, instances, jobs, tasks
from engine.clock import SettableClock
from engine.engine import Engine
from engine.host import Actor
from engine.tables import Instance, Task, TaskStatus
from tests.benchmarks import real_case
from tests.benchmarks.flows import Flow, Step
from tests.benchmarks.played import Played, Stopwatch
from tests.processes.paths.walk import Walk

REGISTRAR = Actor(id="registrator_rs")


class ServicePlayer:
    """Plays a drawn flow as somebody at work does, but without pages."""

    def __init__(self, engine: Engine, flow: Flow) -> None:
        self.engine = engine
        self.flow = flow

    def play(self, completing: Stopwatch | None = None) -> Played:
        starting, completing = Stopwatch(), completing or Stopwatch()
        instance_id = starting.time(self.start)
        sizes = []
        for step in self.flow.steps:
            completing.time(self.completion(instance_id, step))
            sizes.append(self.size(instance_id))
        return Played(
            start=starting.seconds[0],
            seconds=completing.seconds,
            cpu=completing.cpu,
            bytes=sizes,
        )

    def start(self) -> str:
        return commands.perform(
            self.engine,
            lambda session: instances.start(
                session, self.engine, self.flow.key, data=self.flow.data, actor=REGISTRAR
            ),
        ).id

    def completion(self, instance_id: str, step: Step) -> Callable[[], object]:
        """The command that completes the task at that element, its commit included."""
        task = self.task(instance_id, step.element)
        answers = dict(step.payload)
        return lambda: commands.perform(
            self.engine,
            lambda session: tasks.complete(
                session,
                self.engine,
                task.id,
                answers,
                actor=REGISTRAR,
                lock_version=task.lock_version,
            ),
        )

    def task(self, instance_id: str, element: str) -> Task:
        query = sa.select(Task).where(
            Task.instance_id == instance_id,
            Task.status == TaskStatus.OPEN,
            Task.element == element,
        )
        with self.engine.database.reading() as session:
            return session.scalars(query).one()

    def size(self, instance_id: str) -> int:
        query = sa.select(sa.func.length(Instance.state)).where(Instance.id == instance_id)
        with self.engine.database.reading() as session:
            return session.scalar(query) or 0


class RealCasePlayer:
    """Plays the real case: the region's own rules, facts and operations."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def play(self, completing: Stopwatch | None = None) -> Played:
        walk = TimedWalk(self.engine, completing)
        real_case.walk_through(walk)
        watch = walk.completing
        return Played(
            start=walk.starting.seconds[0], seconds=watch.seconds, cpu=watch.cpu, bytes=walk.sizes
        )


class TimedWalk(Walk):
    """Notes what each command of a person takes; jobs and forms being opened are not counted."""

    def __init__(self, engine: Engine, completing: Stopwatch | None = None) -> None:
        assert isinstance(engine.clock, SettableClock)
        super().__init__(engine, engine.clock)
        self.starting, self.completing = Stopwatch(), completing or Stopwatch()
        self._watch: Stopwatch | None = None
        self.sizes: list[int] = []

    def start(self, *args: Any, **kwargs: Any) -> str:
        self._watch = self.starting
        return super().start(*args, **kwargs)

    def do(self, element: str, answers: Any = None, **more: Any) -> None:
        self._watch = self.completing
        super().do(element, answers, **more)
        query = sa.select(sa.func.length(Instance.state)).where(
            Instance.business_key == self.number, Instance.process_key == real_case.KEY
        )
        with self.engine.database.reading() as session:
            self.sizes.append(session.scalar(query) or 0)

    def drain(self) -> None:
        self._watch = None  # what follows is not a person's
        jobs.drain(self.engine)

    def _do(self, work: Any) -> Any:
        def act() -> Any:
            return commands.perform(self.engine, work)

        return self._watch.time(act) if self._watch else act()
