"""The real case over HTTP: people complete its tasks through the API, the rest goes by itself."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.tables import Job, JobStatus
from tests.benchmarks import real_case
from tests.benchmarks.calls import MANY, Measured, judged, said
from tests.benchmarks.lines import Line
from tests.benchmarks.site import Caller, Site
from tests.processes.paths.walk import Walk

PATIENCE_SECONDS = 60


def measure(served: Site, rounds: int) -> list[Line]:
    """How long each answer takes, with one person at work and with eight, each in a case."""
    tokens: dict[str, str] = {}
    one, many = Measured(), Measured()
    _walk(served, tokens)  # what is made once is made now
    for _round in range(rounds):
        one.add(_walk(served, tokens))
        with ThreadPoolExecutor(MANY) as pool:
            for walked in pool.map(lambda _client: _walk(served, tokens), range(MANY)):
                many.add(walked)
    group = f"Complete a task over HTTP, {real_case.NAME}, SQLite"
    return [*said(group, "1 client", one), *judged(said(group, f"{MANY} clients", many))]


def _walk(served: Site, tokens: dict[str, str]) -> Measured:
    walk = HttpWalk(served, tokens)
    real_case.walk_through(walk)
    return walk.measured


class HttpWalk(Walk):
    """Tasks are completed by calls; what no call does is done behind the product's back."""

    def __init__(self, served: Site, tokens: dict[str, str]) -> None:
        self.engine = served.product.engine
        self.clock = _Now(served.product.clock.now())  # type: ignore[assignment]
        self.number = ""
        self.served, self.tokens = served, tokens
        self.caller, self.measured = Caller(served.port), Measured()

    def do(self, element: str, answers: Any = None, **more: Any) -> None:
        task = self.task(element)
        data = {**self.opened(task), **(answers or {}), **more}
        with self.engine.database.reading() as session:
            who = self.holder(session, task).id
        if who not in self.tokens:
            self.tokens[who] = self.served.token(who)
        content = {"lock_version": task.lock_version, "data": data}
        began = time.perf_counter()
        status, body = self.caller.post(f"/tasks/{task.id}/complete", self.tokens[who], content)
        self.measured.seconds.append(time.perf_counter() - began)
        self.measured.statuses.append(status)
        if status != 200:
            raise SystemExit(f"{element}: {status} {body.decode()}")
        self.drain()

    def drain(self) -> None:
        """Until the product has done what is due."""
        unfinished = (JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            due = sa.select(Job.id).where(
                Job.status.in_(unfinished), Job.due_at <= self.served.product.clock.now()
            )
            with self.engine.database.reading() as session:
                if session.scalar(due.limit(1)) is None:
                    return
            time.sleep(0.05)
        raise SystemExit("the product doesn't do what is due")


class _Now:
    """The walk asks what day it is; nobody moves the product's clock."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at
