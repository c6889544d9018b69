"""Who carries a due job to a thread that runs it. The job row, not the carrier, is the record."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session

from engine import jobs, together
from engine.tables import Job

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

INSIDE_THREADS = 2  # more only wait for each other at the database
OUTSIDE_THREADS = 4
PATIENCE_SECONDS = 10  # for what runs when the process is to end
_TICK = "tick"  # no job has that id


class Dispatcher(Protocol):
    """May deliver a job twice or, when its process dies, not at all: `jobs` mends both.

    `hold` is how long a claimed job may lie with it before it is claimed anew.
    """

    hold: timedelta

    def start(self, engine: Engine) -> None: ...

    def stop(self) -> None: ...

    def enqueue(self, session: Session, engine: Engine, claimed: Sequence[Job]) -> None:
        """Take claimed jobs, in the transaction that claims them."""

    def hand_over(self, claimed: Sequence[Job]) -> None:
        """The transaction that claimed these has committed."""

    def nudge(self) -> None:
        """Something is due already: don't wait for the next tick."""

    def recover(self, engine: Engine) -> None:
        """Deliver anew what dead workers held; asked for at the start and every now and then."""


class LocalDispatcher:
    """Threads in this process. Right when it is the only process that runs jobs.

    Calls that reach outside have threads of their own: a mail server that doesn't answer must not
    keep a timer waiting.
    """

    hold = timedelta(minutes=2)

    def __init__(self) -> None:
        self._inside: _Lane | None = None
        self._outside: _Lane | None = None

    def start(self, engine: Engine) -> None:
        if self._inside is None:
            self._inside = _Lane(engine, INSIDE_THREADS, "inside", at_once=together.MOST)
            self._outside = _Lane(engine, OUTSIDE_THREADS, "outside")

    def stop(self) -> None:
        """Let what runs run to its end; what is queued is found again by `recover`."""
        lanes = [lane for lane in (self._inside, self._outside) if lane]
        self._inside = self._outside = None
        until = time.monotonic() + PATIENCE_SECONDS
        for lane in lanes:
            lane.close()
        for lane in lanes:
            lane.wait(until)

    def enqueue(self, session: Session, engine: Engine, claimed: Sequence[Job]) -> None:
        """Nothing: the row says queued, and only a committed row may be handed over."""

    def hand_over(self, claimed: Sequence[Job]) -> None:
        if self._inside and self._outside:
            for job in claimed:
                inside = job.kind in self._inside.engine.inside_jobs
                (self._inside if inside else self._outside).put(job.id)

    def nudge(self) -> None:
        if self._inside:
            self._inside.put(_TICK)

    def recover(self, engine: Engine) -> None:
        """Before it starts, whatever is held is held by nobody; after that, by its own threads."""
        if self._inside is None:
            jobs.recover(engine)


class _Lane:
    """A queue and the threads that empty it. What lies in it already is not put there again."""

    def __init__(self, engine: Engine, size: int, name: str, *, at_once: int = 1) -> None:
        self.engine = engine
        self._together = at_once
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lying: set[str] = set()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, item: str) -> None:
        if item not in self._lying:
            self._lying.add(item)
            self._queue.put(item)

    def close(self) -> None:
        """Begin nothing more."""
        self._closed = True
        for _thread in self._threads:
            self._queue.put(None)

    def wait(self, until: float) -> None:
        for thread in self._threads:
            thread.join(max(0, until - time.monotonic()))
            if thread.is_alive():
                log.warning("%s is still at work and is left behind", thread.name)

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            items = [item, *self._lying_with(item)]
            self._lying.difference_update(items)
            if not self._closed:
                self._do(items)

    def _lying_with(self, item: str) -> Iterator[str]:
        """More of the same queue that is to be done with it, in one transaction."""
        for _more in range(self._together - 1 if item != _TICK else 0):
            try:
                found = self._queue.get_nowait()
            except queue.Empty:
                return
            if found in (None, _TICK):
                self._queue.put(found)
                return
            yield found

    def _do(self, items: Sequence[str]) -> None:
        try:
            if items[0] == _TICK:
                jobs.tick(self.engine)
            else:
                together.run(self.engine, items)
        except Exception:
            # Whatever this was, the job's lease brings it back; the thread must live on.
            log.exception("jobs %s could not be run", items)
