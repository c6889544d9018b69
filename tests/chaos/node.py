"""A machine that does jobs and nothing else: `python -m tests.chaos.node URL`."""

from __future__ import annotations

import signal
import sys

from engine.clock import SystemClock
from engine.database import Database
from engine.delivery import ProcrastinateDispatcher
from engine.engine import Engine
from engine.scheduler import Scheduler
from tests.engine.host import SmallHost


def engine_on(url: str) -> Engine:
    database = Database(url)
    dispatcher = ProcrastinateDispatcher(database.url)
    return Engine(database=database, host=SmallHost(), clock=SystemClock(), dispatcher=dispatcher)


if __name__ == "__main__":
    Scheduler(engine_on(sys.argv[1])).start()
    signal.pause()
