"""The real case over HTTP: people complete its tasks through the API, the rest goes by itself.

Many cases stand side by side, each at a place of its own, so that every turn has calls of all
kinds. What comes between the calls, as opening the next form, is done by the benchmark while
nobody is being measured.
"""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.tables import Job, JobStatus, Task
from tests.benchmarks import real_case
from tests.benchmarks.calls import MANY, Answer, Call, Measured, said
from tests.benchmarks.flows import Flow
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.site import Site
from tests.benchmarks.spiffworkflow import PlayedBeside
from tests.processes.paths.walk import Walk

PATIENCE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """`at_first` cases begin at once, and `each_turn` more at every turn."""

    at_first: int
    each_turn: int
    unmeasured: int  # turns, until cases stand at every place
    turns: int

    def passed(self, flow: Flow) -> Flow:
        """As far into the case as the turns that are measured go."""
        if self.each_turn:
            return flow
        ends = [place for place, step in enumerate(flow.steps, 1) if step.do == "complete"]
        return replace(flow, steps=flow.steps[: ends[: self.turns][-1]])


def measure(served: Site, group: Group, crowd: Crowd, bare: PlayedBeside) -> list[Line]:
    """How long each answer takes, with one person at work and with eight."""
    one, many = Measured(), Measured()
    walks = Walks(served)
    walks.begin(1)
    while calls := walks.calls():  # what is made once is made now
        walks.answer(Measured().make(served, calls, clients=1))
    walks.begin(crowd.at_first)
    for turn in range(-crowd.unmeasured, crowd.turns):
        walks.begin(crowd.each_turn)
        calls = walks.calls()
        if turn < 0:
            walks.answer(Measured().make(served, calls, clients=MANY))
            continue
        first = turn % MANY
        others = [call for place, call in enumerate(calls) if place % MANY != first]
        lone = one.make(served, calls[first::MANY], clients=1)
        walks.answer([*lone, *many.make(served, others, clients=MANY)])
        bare.play((turn + 1) / crowd.turns)
    walks.leave()
    return said(group, one, many, bare.seconds)


class Walks:
    """Cases that are each walked through in a thread, all of them held up at their next call."""

    def __init__(self, served: Site) -> None:
        self._served = served
        self._standing: dict[str, HttpWalk] = {}  # by the call's path
        self._under_way = 0
        self._arrived: queue.SimpleQueue[HttpWalk] = queue.SimpleQueue()
        self._tokens: dict[str, str] = {}

    def begin(self, number: int) -> None:
        for _walk in range(number):
            walk = HttpWalk(self._served, self._tokens, self._arrived)
            self._under_way += 1
            threading.Thread(target=walk.through, daemon=True).start()

    def calls(self) -> list[Call]:
        """The next of each, once all have come so far; none when every case has ended."""
        while self._under_way:
            walk = self._arrived.get()
            self._under_way -= 1
            if walk.failure:
                raise SystemExit("a case could not be walked through") from walk.failure
            if walk.call:
                self._standing[walk.call.path] = walk
        return [walk.call for walk in self._standing.values() if walk.call]

    def answer(self, answers: list[Answer]) -> None:
        """Let those go on whose calls have been answered, when all that followed is done."""
        wait_until_done(self._served)
        for answer in answers:
            self._standing.pop(answer.call.path).go_on(answer)
            self._under_way += 1

    def leave(self) -> None:
        """The cases stay where they are."""
        self.calls()
        for walk in self._standing.values():
            walk.go_home()


class HttpWalk(Walk):
    """Tasks are completed by calls; what no call does is done behind the product's back."""

    def __init__(
        self, served: Site, tokens: dict[str, str], arrived: queue.SimpleQueue[HttpWalk]
    ) -> None:
        self.engine = served.product.engine
        self.clock = _Now(served.product.clock.now())  # type: ignore[assignment]
        self.number = ""
        self.call: Call | None = None
        self.failure: BaseException | None = None
        self._served, self._tokens, self._arrived = served, tokens, arrived
        self._answer: Future[Answer] = Future()

    def through(self) -> None:
        """The whole case, in a thread of its own."""
        try:
            real_case.walk_through(self)
            self.call = None
        except GoneHome:
            return
        except Exception as failure:
            self.failure = failure
        self._arrived.put(self)

    def go_on(self, answer: Answer) -> None:
        self._answer.set_result(answer)

    def go_home(self) -> None:
        self._answer.set_exception(GoneHome())

    def do(self, element: str, answers: Any = None, **more: Any) -> None:
        task = self.task(element)
        data = {**self.opened(task), **(answers or {}), **more}
        self._answer = Future()
        self.call = Call(
            element=element,
            path=f"/tasks/{task.id}/complete",
            token=self._token_of(task),
            content={"lock_version": task.lock_version, "data": data},
        )
        self._arrived.put(self)
        answer = self._answer.result()
        assert answer.status == 200, f"{element}: {answer.status} {answer.body.decode()}"

    def drain(self) -> None:
        wait_until_done(self._served)

    def _token_of(self, task: Task) -> str:
        with self.engine.database.reading() as session:
            who = self.holder(session, task).id
        if who not in self._tokens:
            self._tokens[who] = self._served.token(who)
        return self._tokens[who]


class GoneHome(Exception):
    """Nobody waits for the rest of the case."""


def wait_until_done(served: Site) -> None:
    """Until the product has done what is due."""
    unfinished = (JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        due = sa.select(Job.id).where(
            Job.status.in_(unfinished), Job.due_at <= served.product.clock.now()
        )
        with served.product.database.reading() as session:
            if session.scalar(due.limit(1)) is None:
                return
        time.sleep(0.02)
    raise TimeoutError("the product doesn't do what is due")


class _Now:
    """The walk asks what day it is; nobody moves the product's clock."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at
