"""People at work in a demonstration: each task is completed through its own form."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine import forms, jobs, opened_forms, tasks
from engine.commands import CommandFailed, perform
from engine.engine import Engine
from engine.errors import Refusal
from engine.host import Actor
from engine.tables import Task
from processes import cases, meetings, organisation, records
from processes.cases import NewCase
from processes.records import Direction, NewRecord
from processes.swedish_calendar import add_working_days, local_date

log = logging.getLogger(__name__)

Answers = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One task done: what is written in its form, over what it opens with."""

    element: str
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A case, and how far it has come."""

    new: NewCase
    steps: Sequence[Step] = ()


class Office:
    """Who holds a role does its tasks; everything due happens between two of them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.today = local_date(engine.clock.now())

    def in_days(self, count: int) -> str:
        """So many working days ahead, as a form has it."""
        return add_working_days(self.today, count).isoformat()

    def path(self, *organs: str) -> list[dict[str, str]]:
        """Rows of a decision path: each body's first meeting that can be reached."""
        rows, after = [], self.today
        with self.engine.database.reading() as session:
            for organ in organs:
                meeting = meetings.next_meeting(session, organ, submission_from=after)
                rows.append({"organ": organ} | ({"sammantrade": meeting.id} if meeting else {}))
                after = meeting.on if meeting else after
        return rows

    def carry_on(self, example: Example) -> str:
        """Register the case and do its steps; one that is refused leaves it where it stands.

        An example that stops too soon is still an example: a process owner may have changed
        the diagrams that ship, and the product must start all the same.
        """
        number = self._register(example.new)
        try:
            for step in example.steps:
                self._do(number, step)
        except (Refusal, CommandFailed) as refused:
            log.warning("the example %s stopped: %s", number, refused)
        return number

    def _register(self, new: NewCase) -> str:
        registrar = self._holder("registrator", new.registry_code)

        def work(session: Session) -> str:
            case = cases.register(session, self.engine, new, actor=registrar)
            if new.initiator:
                record = _first_record(new)
                records.add(
                    session, self.engine, case.number, record, actor=registrar, begins_case=True
                )
            return case.number

        number: str = self._perform(work)
        return number

    def _do(self, number: str, step: Step) -> None:
        task = self._task(number, step.element)
        answers = self._filled(task, step.answers)
        actor = Actor(id=task.assignee) if task.assignee else self._holder_of(task)
        self._perform(
            lambda session: tasks.complete(
                session,
                self.engine,
                task.id,
                answers,
                actor=actor,
                lock_version=task.lock_version,
            )
        )

    def _task(self, number: str, element: str) -> Task:
        with self.engine.database.reading() as session:
            for task in tasks.of_business_key(session, number):
                if task.element == element:
                    return task
        raise Refusal(f"{element} is not open in {number}")

    def _filled(self, task: Task, answers: Answers) -> dict[str, Any]:
        """The form as it opens, then so; what is only shown is not sent."""
        actor = Actor(id=task.assignee or task.candidate)
        with self.engine.database.reading() as session:
            form = opened_forms.open_form(session, self.engine, task, actor=actor, answers={})
        if form is None:
            return {}
        asked = forms.fields(form.schema)
        filled = {**form.defaults, **answers}
        return {
            name: value
            for name, value in filled.items()
            if name in asked and asked[name].get("x-widget") != "output"
        }

    def _holder_of(self, task: Task) -> Actor:
        role, _at, scope = task.candidate.partition("@")
        return self._holder(role, scope)

    def _holder(self, role: str, scope: str) -> Actor:
        with self.engine.database.reading() as session:
            held = organisation.holders(session, role, scope, self.today)
        if not held:
            raise Refusal(f"nobody holds {role}@{scope}")
        return Actor(id=held[0].id)

    def _perform(self, work: Callable[[Session], Any]) -> Any:
        done = perform(self.engine, work)
        jobs.drain(self.engine)
        return done


def _first_record(new: NewCase) -> NewRecord:
    """What came in, and so began the case."""
    return NewRecord(
        direction=Direction.IN,
        dated_on=new.received_on,
        subject=new.heading,
        sender=new.initiator,
    )


def on(day: date, **facts: Any) -> NewCase:
    """A case of the board's registry, raised that day."""
    return NewCase(**{"registry_code": "RS", "received_on": day, **facts})
