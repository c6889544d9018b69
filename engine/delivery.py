"""Jobs carried to any machine by Procrastinate, over PostgreSQL. The only module that knows it.

What is due is put in its queue in the transaction that claims it. Timers and what is to be tried
again later never are: a job that waits there keeps everything else of its instance waiting.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import procrastinate
import sqlalchemy as sa
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from sqlalchemy.orm import Session

from engine import jobs, together
from engine.tables import Job

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)

# Calls that reach outside have a worker of their own: a mail server that doesn't answer must not
# keep a timer waiting.
INSIDE, OUTSIDE = "inside", "outside"
THREADS = {INSIDE: 2, OUTSIDE: 4}
PARCEL = 3 * together.MOST  # to fetch one and tell that it is done takes as long as many jobs
HEARTBEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 10.0
POLL_SECONDS = 2.0  # should a notification be lost
AGAIN_SECONDS = 1.0  # after the database was away
RETRIES, RETRY_SECONDS = 5, 1
PATIENCE_SECONDS = 10.0  # for what runs when the process is to end
TASK, EARLIER_TASK = "run_jobs", "run_job"


class ProcrastinateDispatcher:
    """A worker in this process, which shares the jobs with those of every other process.

    Not started, as in a web process that leaves the work to others, it only puts in the queue.
    """

    # A queue of other processes' can be long: what lies in it is not to be put there again soon.
    hold = timedelta(minutes=10)

    def __init__(self, url: sa.URL) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        # Never opened: it says everything over the connection that it is handed.
        self._queue = JobManager(procrastinate.SyncPsycopgConnector(conninfo=self._conninfo))
        self._worker: _Worker | None = None

    def start(self, engine: Engine) -> None:
        if self._worker is None:
            self._worker = _Worker(self._conninfo, engine)

    def stop(self) -> None:
        """Let what runs run to its end; what doesn't is found again when this process is dead."""
        if self._worker:
            self._worker.stop()
            self._worker = None

    def enqueue(self, session: Session, engine: Engine, claimed: Sequence[Job]) -> None:
        if claimed:
            carried = list(_parcels(claimed, engine.inside_jobs))
            connection = session.connection().connection.driver_connection
            self._queue.batch_defer_jobs(carried, connection=connection)

    def hand_over(self, claimed: Sequence[Job]) -> None:
        """Nothing: the database told the workers at COMMIT."""

    def nudge(self) -> None:
        if self._worker:
            self._worker.nudge()

    def recover(self, engine: Engine) -> None:
        """Procrastinate leaves a dead worker's job as it was for ever, and all of its instance."""
        if self._worker:
            self._worker.deliver_again()


class _Worker:
    """A thread with an event loop, since Procrastinate's worker wants one, and one that ticks."""

    def __init__(self, conninfo: str, engine: Engine) -> None:
        self._engine = engine
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4)
        )
        # What failed here was never begun, or could not even be written down.
        retry = procrastinate.RetryStrategy(max_attempts=RETRIES, wait=RETRY_SECONDS)
        self._app.task(name=TASK, retry=retry)(partial(together.run, engine))
        # As it lies in the queue of an installation that is being upgraded.
        self._app.task(name=EARLIER_TASK, retry=retry)(partial(jobs.run_job, engine))
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(sum(THREADS.values()), TASK))
        self._stopping = False
        self._due = threading.Event()
        self._running: asyncio.Task[None] | None = None
        self._threads = [
            threading.Thread(target=work, name=f"jobs-{work.__name__}", daemon=True)
            for work in (self._work, self._tick)
        ]
        for thread in self._threads:
            thread.start()

    def nudge(self) -> None:
        self._due.set()

    def deliver_again(self) -> None:
        """While the database is away there is nobody to ask, and the next one asks again."""
        if self._running:
            asyncio.run_coroutine_threadsafe(self._retry_stalled(), self._loop).result()

    async def _retry_stalled(self) -> None:
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
            log.warning("job %s was with a worker that died", job.task_kwargs)
            await manager.retry_job(job)

    def stop(self) -> None:
        self._stopping = True
        self._due.set()
        self._loop.call_soon_threadsafe(self._cancel)
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS + AGAIN_SECONDS)
            if thread.is_alive():
                log.warning("%s is still at work and is left behind", thread.name)

    def _cancel(self) -> None:
        if self._running:
            self._running.cancel()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._go_on())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def _tick(self) -> None:
        while not self._stopping:
            self._due.wait()
            self._due.clear()
            if not self._stopping:
                try:
                    jobs.tick(self._engine)
                except Exception:
                    log.exception("a tick failed")  # the scheduler's next one tries again

    async def _go_on(self) -> None:
        """Procrastinate's worker ends when it loses its database: begin anew when it is back."""
        while not self._stopping:
            self._running = asyncio.create_task(self._serve())
            try:
                await self._running
            except asyncio.CancelledError:
                pass
            except Exception:
                log.exception("the worker lost its database")
            if not self._stopping:
                await asyncio.sleep(AGAIN_SECONDS)

    async def _serve(self) -> None:
        async with self._app.open_async():
            workers = [asyncio.create_task(self._serve_queue(queue)) for queue in THREADS]
            try:
                # The one that ends takes the other along.
                await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _serve_queue(self, queue: str) -> None:
        await self._app.run_worker_async(
            queues=[queue],
            name=f"arendegang-{queue}",
            concurrency=THREADS[queue],
            fetch_job_polling_interval=POLL_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_AFTER_SECONDS,
            shutdown_graceful_timeout=PATIENCE_SECONDS,
            delete_jobs="always",  # `job` says what became of it
            install_signal_handlers=False,
        )


def _parcels(claimed: Sequence[Job], inside: Container[str]) -> Iterator[procrastinate.jobs.Job]:
    """Calls that reach outside each alone; what is done here, several together when it is much.

    To fetch a parcel and to tell that it is done costs more than what is in it. Jobs of one
    instance go one after the other, instead of waiting for its row each on a thread; not calls
    that reach outside: the timer that is to interrupt a call must not wait for it.
    """
    for job in claimed:
        if job.kind not in inside:
            yield _parcel(OUTSIDE, [job])
    for carried in _together([job for job in claimed if job.kind in inside]):
        yield _parcel(INSIDE, carried)


def _together(here: Sequence[Job]) -> Iterator[list[Job]]:
    """Enough parcels for every thread; timers take their instances in one order everywhere."""
    size = min(PARCEL, -(-len(here) // THREADS[INSIDE]))
    parcel: list[Job] = []
    for _instance_id, found in groupby(sorted(here, key=_whose), _whose):
        of_one = list(found)
        if parcel and len(parcel) + len(of_one) > size:
            yield parcel
            parcel = []
        parcel += of_one
    if parcel:
        yield parcel


def _whose(job: Job) -> str:
    return job.instance_id or job.id


def _parcel(queue: str, carried: Sequence[Job]) -> procrastinate.jobs.Job:
    alone = carried[0] if len(carried) == 1 and queue == INSIDE else None
    return procrastinate.jobs.Job(
        id=None,
        queue=queue,
        lock=f"instance-{alone.instance_id}" if alone and alone.instance_id else None,
        queueing_lock=None,
        task_name=TASK,
        task_kwargs={"job_ids": [job.id for job in carried]},
    )


def migrate(connection: sa.Connection, names: Iterable[str]) -> None:
    """Run those of Procrastinate's own migrations, as they lie in the package."""
    folder = Path(SchemaManager.get_migrations_path())
    driver: Any = connection.connection.driver_connection
    for name in names:
        driver.execute((folder / name).read_text("utf-8"))
