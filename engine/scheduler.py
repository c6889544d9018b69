"""The pulse: one tick that looks for due jobs. The only module that knows APScheduler."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine import jobs, messages

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)
# It warns of every tick that is left out while the one before is at work, as is meant here.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

TICK_SECONDS = 0.5
RECOVER_SECONDS = 5
RENEW_SECONDS = 30
SWEEP_SECONDS = 60


class Scheduler:
    """Started by the command that runs the product, never when a module is imported.

    Its jobs live in memory and only tick; everything with a date of its own is a row in `job`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(max_workers=3)},
            # Without a grace time a tick that comes late is run late; by default it is dropped.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self.ticked_at: datetime | None = None

    def start(self) -> None:
        """Take up what a dead process left, then tick."""
        self._engine.dispatcher.recover(self._engine)
        self._engine.dispatcher.start(self._engine)
        self._scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS)
        self._scheduler.add_job(self._recover, "interval", seconds=RECOVER_SECONDS)
        self._scheduler.add_job(self._renew, "interval", seconds=RENEW_SECONDS)
        self._scheduler.add_job(self._sweep, "interval", seconds=SWEEP_SECONDS)
        self._scheduler.start()

    def stop(self) -> None:
        """Let what runs run to its end."""
        self._scheduler.shutdown(wait=True)
        self._engine.dispatcher.stop()

    def _tick(self) -> None:
        try:
            jobs.tick(self._engine)
        except Exception:
            # The next tick tries again; a scheduler that died of one would stop every timer.
            log.exception("a tick failed")
        else:
            # Real time, not the engine's: it tells whether this process is alive.
            self.ticked_at = datetime.now(UTC)

    def _recover(self) -> None:
        try:
            self._engine.dispatcher.recover(self._engine)
        except Exception:
            log.exception("what dead workers held could not be delivered again")

    def _renew(self) -> None:
        try:
            jobs.renew(self._engine)
        except Exception:
            log.exception("the leases of what is under way could not be renewed")

    def _sweep(self) -> None:
        try:
            with self._engine.database.writing() as session:
                messages.wake_overlooked(session, self._engine)
        except Exception:
            log.exception("the sweep for overlooked messages failed")
