"""Any course of events, against a model small enough to be read: what the engine says is the same.

People claim, hand over, complete and cancel; messages come, time passes, and the process dies
between any two of these, with jobs on their way or a transaction not yet committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from engine import instances, jobs, tasks
from engine.clock import SettableClock
from engine.database import Base, Database
from engine.engine import Engine
from engine.errors import Refusal
from engine.host import Actor
from engine.tables import InstanceStatus
from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    catch,
    chain,
    diagram,
    end,
    fork,
    node,
    script,
    start,
    task,
)
from tests.engine.case import Cases
from tests.engine.host import SmallHost
from tests.engine.invariants import require_mirrored, require_sound

pytestmark = pytest.mark.long
# The odd seconds keep a timer from being due at the very instant of a message.
LATE, COUNTED = timedelta(days=3, seconds=7), timedelta(hours=25, seconds=11)
WORK = "".join((start("s"), fork("dela"), task("a"), catch("besked", "besked", "[nr]"), task("b"),
    task("c"), boundary_timer("sen", "a", "P3DT7S"), task("paminn"),
    node("exclusiveGateway", "ihop"), fork("samla"), end("klart"),
    boundary_timer("efter", "c", "PT25H11S", cancel=False), script("rakna", "antal = 1"),
    end("raknat"),
    chain("s", "dela", "a", "ihop", "samla", "klart"), chain("dela", "besked", "b", "samla"),
    chain("dela", "c", "samla"), chain("sen", "paminn", "ihop"), chain("efter", "rakna", "raknat"),
))  # fmt: skip
DIAGRAM = diagram("maskin", start(), node("subProcess", "arbete", WORK), task("d"), end(),
    boundary_message("avbrott", "arbete", "avbrott", "[nr]"), task("avveckla"), end("avvecklat"),
    chain("start", "arbete", "d", "slut"), chain("avbrott", "avveckla", "avvecklat"),
    messages=("besked", "avbrott"))  # fmt: skip
PERSON = st.sampled_from(("anna", "bo", "cia"))
SELDOM = st.integers(0, 9).map(lambda drawn: drawn == 5)
MOST_INSTANCES = 3


class Killed(BaseException):
    """The process is gone: nothing catches this."""


@dataclass
class Expected:
    """One instance, as a reader of the diagram would tell its course."""

    number: int
    started_at: datetime
    id: str = ""
    status: InstanceStatus = InstanceStatus.ACTIVE
    open: dict[str, str | None] = field(default_factory=lambda: {"a": None, "c": None})
    done: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    timers: dict[str, datetime] = field(default_factory=dict)
    counted: int = 0

    def __post_init__(self) -> None:
        self.timers = {"a": self.started_at + LATE, "c": self.started_at + COUNTED}

    def complete(self, element: str) -> None:
        del self.open[element]
        self.timers.pop(element, None)
        if element in ("d", "avveckla"):
            self.status = InstanceStatus.COMPLETED
            return
        self.done.add("a" if element == "paminn" else element)
        if self.done == {"a", "b", "c"}:
            self.open = {"d": None}

    def fire(self, element: str) -> None:
        del self.timers[element]
        if element == "a":
            del self.open["a"]
            self.open["paminn"] = None
        else:
            self.counted += 1

    def hear(self, message: str) -> None:
        """What nobody waits for any longer is kept, and changes nothing."""
        if self.status is not InstanceStatus.ACTIVE or message in self.heard or self._is_past_work:
            return
        self.heard.add(message)
        if message == "besked":
            self.open["b"] = None
        else:
            self.open, self.timers = {"avveckla": None}, {}

    @property
    def _is_past_work(self) -> bool:
        return not {"d", "avveckla"}.isdisjoint(self.open)

    def cancel(self) -> None:
        self.status, self.open, self.timers = InstanceStatus.CANCELLED, {}, {}


class Course(RuleBasedStateMachine):
    """What may happen, in any order."""

    database: ClassVar[Database]

    @initialize()
    def begin(self) -> None:
        with self.database.writing() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(sa.delete(table))
        self.clock = SettableClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        self.expected: list[Expected] = []
        self.posted: list[tuple[datetime, int, str]] = []
        self._restart()
        self.cases.deploy("maskin", DIAGRAM)

    def _restart(self) -> None:
        self.engine = Engine(database=self.database, host=SmallHost(), clock=self.clock)
        self.cases = Cases(self.engine)
        jobs.recover(self.engine)

    @precondition(lambda self: len(self.expected) < MOST_INSTANCES)
    @rule()
    def start(self) -> None:
        one = Expected(number=len(self.expected), started_at=self.clock.now())
        one.id = self.cases.start("maskin", nr=one.number)
        self.expected.append(one)

    @rule(data=st.data(), who=PERSON, to=PERSON, how=st.sampled_from(("claim", "release", "give")))
    def change_hands(self, data: st.DataObject, who: str, to: str, how: str) -> None:
        one, element = self._choose(data)
        if one is None:
            return
        taken = one.open[element]
        if how == "claim":
            assert self._try(one, element, tasks.claim, who) is (taken in (None, who))
            one.open[element] = taken or who
        elif how == "release":
            assert self._try(one, element, tasks.release, who)
            one.open[element] = None
        else:
            assert self._try(one, element, partial(tasks.delegate, to=to), who)
            one.open[element] = to

    @rule(data=st.data(), who=PERSON)
    def complete(self, data: st.DataObject, who: str) -> None:
        one, element = self._choose(data)
        if one is not None:
            assert self._try(one, element, _completed, who)
            one.complete(element)

    @rule(data=st.data(), who=PERSON)
    def complete_what_has_changed(self, data: st.DataObject, who: str) -> None:
        one, element = self._choose(data)
        if one is not None:
            assert not self._try(one, element, _completed, who, behind=1)

    @rule(data=st.data(), who=PERSON)
    def die_before_commit(self, data: st.DataObject, who: str) -> None:
        one, element = self._choose(data)
        if one is None:
            return
        with _killed_at_commit(self.database), pytest.raises(Killed):
            self._try(one, element, _completed, who)
        self._restart()

    @rule(data=st.data(), interrupts=SELDOM)
    def send(self, data: st.DataObject, *, interrupts: bool) -> None:
        message = "avbrott" if interrupts else "besked"
        if self.expected:
            one = data.draw(st.sampled_from(self.expected))
            self.cases.send(message, [one.number])
            self.posted.append((self.clock.now(), one.number, message))

    @rule(data=st.data(), wanted=SELDOM)
    def cancel(self, data: st.DataObject, *, wanted: bool) -> None:
        active = [one for one in self.expected if one.status is InstanceStatus.ACTIVE]
        if active and wanted:
            one = data.draw(st.sampled_from(active))
            self.cases.perform(
                lambda session: instances.cancel(
                    session, self.engine, one.id, reason="prov", actor=Actor(id="anna")
                )
            )
            one.cancel()

    @rule(hours=st.integers(1, 80), ticking=st.booleans())
    def time_passes(self, hours: int, *, ticking: bool) -> None:
        self.clock.forward(hours=hours)
        if ticking:
            self.what_is_due_is_done()

    @rule()
    def what_is_due_is_done(self) -> None:
        jobs.drain(self.engine)
        while due := self._due(self.clock.now()):
            _at, happen = min(due, key=lambda found: found[0])
            happen()

    @rule()
    def die_with_jobs_on_their_way(self) -> None:
        jobs.tick(self.engine)  # claimed, and its dispatcher goes with the process
        self._restart()

    def _due(self, now: datetime) -> list[tuple[datetime, Callable[[], None]]]:
        """Timers, and the message that was posted first."""
        found: list[tuple[datetime, Callable[[], None]]] = [
            (at, partial(one.fire, element))
            for one in self.expected
            for element, at in one.timers.items()
            if at <= now
        ]
        if self.posted:
            found.append((self.posted[0][0], self._deliver))
        return found

    def _deliver(self) -> None:
        _at, number, message = self.posted.pop(0)
        self.expected[number].hear(message)

    def _choose(self, data: st.DataObject) -> tuple[Expected | None, str]:
        there = [(one, element) for one in self.expected for element in sorted(one.open)]
        return data.draw(st.sampled_from(there)) if there else (None, "")

    def _try(
        self, one: Expected, element: str, do: Callable[..., Any], who: str, *, behind: int = 0
    ) -> bool:
        """Whether it was let through."""
        found = self.cases.task(one.id, element)

        def work(session: Session) -> None:
            do(
                session,
                self.engine,
                found.id,
                actor=Actor(id=who),
                lock_version=found.lock_version - behind,
            )

        try:
            self.cases.perform(work)
        except Refusal:
            return False
        return True

    @invariant()
    def the_engine_says_the_same(self) -> None:
        for one in getattr(self, "expected", ()):
            assert self.cases.status(one.id) == one.status
            there = {task.element: task.assignee for task in self.cases.open_tasks(one.id)}
            assert there == one.open
            kinds = self.cases.kinds(one.id)
            assert kinds.count(("element_completed", "rakna")) == one.counted
        assert self.cases.incidents() == []
        require_mirrored(self.engine)

    def teardown(self) -> None:
        require_sound(self.engine)


def _completed(session: Session, engine: Engine, task_id: str, **known: Any) -> None:
    tasks.complete(session, engine, task_id, {}, **known)


@contextmanager
def _killed_at_commit(database: Database) -> Iterator[None]:
    """Said by the connection on PostgreSQL, by a statement on SQLite."""

    def of_connection(_connection: sa.Connection) -> None:
        raise Killed

    def of_statement(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "COMMIT":
            raise Killed

    listeners = (("commit", of_connection), ("before_cursor_execute", of_statement))
    for event, listener in listeners:
        sa.event.listen(database.engine, event, listener)
    try:
        yield
    finally:
        for event, listener in listeners:
            sa.event.remove(database.engine, event, listener)


def test_any_course_of_events_goes_as_the_diagram_says(database: Database) -> None:
    machine = type("CourseHere", (Course,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30 if database.is_sqlite else 10,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # shrinking takes minutes: add Phase.shrink by hand
            suppress_health_check=list(HealthCheck),
        ),
    )
