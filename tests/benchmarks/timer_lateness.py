"""How late timers go off: `python -m tests.benchmarks.timer_lateness [HOW MANY]`.

The promise is at most two seconds. Scheduler, threads and clock are the product's own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from engine.clock import SystemClock
from engine.database import Base, Database
from engine.engine import Engine
from engine.scheduler import Scheduler
from engine.tables import Job, JobKind, JobStatus
from tests.engine.bpmn import chain, diagram, end, start, timer
from tests.engine.case import Cases
from tests.engine.host import SmallHost

PROMISED_SECONDS = 2.0
SPREAD_SECONDS = 10


def main(number: int) -> int:
    """Print the lateness of `number` timers due within ten seconds; 1 when the promise broke."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        Base.metadata.create_all(database.engine)
        engine = Engine(database=database, host=SmallHost(), clock=SystemClock())
        scheduler = Scheduler(engine)
        scheduler.start()
        try:
            _start_instances(engine, number)
            late = _lateness(database, number)
        finally:
            scheduler.stop()
            database.dispose()
    median, worst = statistics.median(late), max(late)
    print(f"{number} timers: median {median:.2f} s late, worst {worst:.2f} s late")
    print(f"promised: at most {PROMISED_SECONDS:.0f} s")
    return int(worst > PROMISED_SECONDS)


def _start_instances(engine: Engine, number: int) -> None:
    """Timers spread over ten seconds, the first due when the last is made."""
    cases = Cases(engine)
    wait = timer("paus", "till", kind="timeDate")
    text = diagram("vanta", start(), wait, end(), chain("start", "paus", "slut"))
    cases.deploy("vanta", text)
    first = engine.clock.now() + timedelta(seconds=2 + number / 50)
    for place in range(number):
        due_at = first + timedelta(seconds=SPREAD_SECONDS * place / number)
        cases.start("vanta", till=due_at.isoformat())


def _lateness(database: Database, number: int) -> list[float]:
    query = sa.select(Job.due_at, Job.finished_at).where(
        Job.kind == JobKind.TIMER, Job.status == JobStatus.DONE
    )
    deadline = time.monotonic() + 60 + number / 10
    while time.monotonic() < deadline:
        time.sleep(0.5)
        with database.reading() as session:
            done = session.execute(query).all()
        if len(done) == number:
            return [(finished_at - due_at).total_seconds() for due_at, finished_at in done]
    raise SystemExit(f"only {len(done)} of {number} timers went off")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
