"""Walking a case through the real diagrams: real engine, real tables, only the clock is moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import commands, forms, incidents, instances, jobs, messages, opened_forms, tasks
from engine.clock import SettableClock
from engine.engine import Engine
from engine.host import SYSTEM, Actor
from engine.tables import Job, JobKind, Task
from processes import agenda, cases, consultations, organisation
from processes.agenda import Outcome
from processes.cases import Case, NewCase
from processes.swedish_calendar import LOCAL, local_date

REGISTRAR = Actor(id="registrator_rs")
OFFICER, CO_OFFICER, MANAGER, DELEGATE = "handlaggare_1", "handlaggare_2", "omradeschef", "delegat"
REASON = "Prövat i testet."


class Walk:
    """One case, and whoever holds the role that each step asks for."""

    def __init__(self, engine: Engine, clock: SettableClock) -> None:
        self.engine = engine
        self.clock = clock
        self.number = ""

    # what happens

    def start(
        self, kind: str = "ansokan", *, registry: str = "RS", officer: str | None = None
    ) -> str:
        """Register a case, as the intake page does. `officer`: known already at registration."""
        registrar = Actor(id=f"registrator_{registry.lower()}")
        new = NewCase(
            registry_code=registry, heading="Bidrag till en förening", kind=kind,
            received_on=local_date(self.clock.now()), initiator="En förening", case_officer=officer,
        )  # fmt: skip
        case = self._do(lambda session: cases.register(session, self.engine, new, actor=registrar))
        self.number = case.number
        self.drain()
        return self.number

    def do(self, element: str, answers: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Complete the open task on that element, the form filled in as it opens and then so."""
        task = self.task(element)
        filled = {**self.opened(task), **(answers or {}), **more}

        def work(session: Session) -> None:
            actor = self.holder(session, task)
            tasks.complete(
                session, self.engine, task.id, filled, actor=actor, lock_version=task.lock_version
            )

        self._do(work)
        self.drain()

    def opened(self, task: Task) -> dict[str, Any]:
        """The form's defaults, without the fields that are only shown."""
        with self.engine.database.reading() as session:
            form = opened_forms.open_form(
                session, self.engine, session.get_one(Task, task.id), actor=SYSTEM, answers={}
            )
        if form is None:
            return {}
        schema = forms.fields(form.schema)
        return {
            name: value
            for name, value in form.defaults.items()
            if schema[name].get("x-widget") != "output"
        }

    def send(self, name: str, key: list[Any], payload: dict[str, Any] | None = None) -> None:
        self._do(
            lambda session: messages.send(
                session, self.engine, name, key, payload or {}, actor=SYSTEM
            )
        )
        self.drain()

    def decide(self, outcome: Outcome, *, text: str = "Bifalls.", appealable: bool = False) -> None:
        """What the meeting's own process does when its secretary has recorded the outcome."""
        meeting_id = self.meeting_id()

        def work(session: Session) -> dict[str, Any]:
            item = agenda.get(session, meeting_id, self.number)
            if outcome == Outcome.MOVED:
                agenda.move_to_next(item, REASON)
            elif outcome == Outcome.REWORK:
                agenda.ask_for_rework(item, REASON)
            else:
                paragraph = agenda.Paragraph(
                    outcome=outcome, decision=text, motivation=REASON, appealable=appealable
                )
                agenda.record(item, paragraph, number=7)
                self.case(session).appealable = appealable
            item.outcome_sent_at = self.clock.now()
            return agenda.outcome_message(item)

        payload = self._do(work)
        self.send("beslut", [self.number, meeting_id], payload)

    def withdraw(self) -> None:
        self._do(
            lambda session: cases.withdraw(
                session, self.engine, self.number, reason=REASON, actor=REGISTRAR
            )
        )
        self.drain()

    def wait(self, **delta: float) -> None:
        self.clock.forward(**delta)
        self.drain()

    def wait_until(self, day: date) -> None:
        """Just after that day has ended in Sweden."""
        end = datetime.combine(day + timedelta(days=1), time(0, 1), LOCAL)
        assert end > self.clock.now()
        self.clock.set(end)
        self.drain()

    def drain(self) -> None:
        jobs.drain(self.engine)
        with self.engine.database.reading() as session:
            broken = incidents.list_open(session)
            assert not broken, "\n".join(f"{one.element}: {one.trace}" for one in broken)

    # what there is to see

    @property
    def open(self) -> list[str]:
        """The elements with an open task in the case, in alphabetical order."""
        with self.engine.database.reading() as session:
            return sorted(task.element for task in tasks.of_business_key(session, self.number))

    def tasks(self, element: str) -> list[Task]:
        with self.engine.database.reading() as session:
            every = tasks.of_business_key(session, self.number)
        return [task for task in every if task.element == element]

    def task(self, element: str) -> Task:
        found = self.tasks(element)
        assert found, f"{element} is not open; {self.open} are"
        return found[0]

    def holder(self, session: Session, task: Task) -> Actor:
        if task.assignee:
            return Actor(id=task.assignee)
        role, _at, scope = task.candidate.partition("@")
        held = organisation.holders(session, role, scope, local_date(self.clock.now()))
        assert held, f"nobody holds {task.candidate}"
        return Actor(id=held[0].id)

    def case(self, session: Session | None = None) -> Case:
        if session is not None:
            return cases.get(session, self.number)
        with self.engine.database.reading() as reading:
            return cases.get(reading, self.number)

    @property
    def status(self) -> str:
        return self.case().status

    def meeting_id(self) -> str:
        with self.engine.database.reading() as session:
            found = agenda.planned_meeting(session, self.number)
        assert found is not None, "the case has no meeting"
        return found

    def consultations(self) -> list[consultations.Consultation]:
        with self.engine.database.reading() as session:
            return consultations.of_case(session, self.number)

    def letters(self) -> list[str]:
        """The subjects of what has been mailed, in order."""
        with self.engine.database.reading() as session:
            return [job.payload["subject"] for job in mail_jobs(session)]

    @property
    def ended(self) -> bool:
        with self.engine.database.reading() as session:
            page = instances.find(session, process="arende", business_key=self.number)
            return all(one.status == "completed" for one in page.items)

    def _do(self, work: Any) -> Any:
        return commands.perform(self.engine, work)


def mail_jobs(session: Session) -> list[Job]:
    query = sa.select(Job).where(Job.kind == JobKind.MAIL).order_by(Job.created_at, Job.id)
    return list(session.scalars(query))
