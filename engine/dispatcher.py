"""Who carries a due job to a thread that runs it. The job row, not the carrier, is the record."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session

from engine import jobs
from engine.tables import Job

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

THREADS = 4
_TICK = "tick"  # no job has that id


class Dispatcher(Protocol):
    """May deliver a job twice or, when its process dies, not at all: `jobs` mends both."""

    def start(self, engine: Engine) -> None: ...

    def stop(self) -> None: ...

    def enqueue(self, session: Session, job: Job) -> None:
        """Take a claimed job, in the transaction that claims it."""

    def hand_over(self, job_ids: Sequence[str]) -> None:
        """The transaction that claimed these has committed."""

    def nudge(self) -> None:
        """Something is due already: don't wait for the next tick."""

    def recover(self, engine: Engine) -> None:
        """Deliver anew what dead workers held."""


class LocalDispatcher:
    """Threads in this process. Right when it is the only process that runs jobs."""

    def __init__(self, threads: int = THREADS) -> None:
        self._size = threads
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._nudged = threading.Event()

    def start(self, engine: Engine) -> None:
        if self._threads:
            return
        self._threads = [
            threading.Thread(target=self._work, args=(engine,), name=f"job-{n}", daemon=True)
            for n in range(self._size)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let what runs run to its end; what is queued is found again by `recover`."""
        for _thread in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def enqueue(self, session: Session, job: Job) -> None:
        """Nothing: the row says queued, and only a committed row may be handed over."""

    def hand_over(self, job_ids: Sequence[str]) -> None:
        for job_id in job_ids:
            self._queue.put(job_id)

    def nudge(self) -> None:
        if self._threads and not self._nudged.is_set():
            self._nudged.set()
            self._queue.put(_TICK)

    def recover(self, engine: Engine) -> None:
        jobs.recover(engine)

    def _work(self, engine: Engine) -> None:
        while (item := self._queue.get()) is not None:
            try:
                self._do(engine, item)
            except Exception:
                # Whatever this was, the job's lease brings it back; the thread must live on.
                log.exception("job %s could not be run", item)

    def _do(self, engine: Engine, item: str) -> None:
        if item != _TICK:
            jobs.run_job(engine, item)
            return
        self._nudged.clear()
        jobs.tick(engine)
