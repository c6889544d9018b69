"""A region to run cases in, on whichever database: organisation, diagrams, a year's meetings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from engine import deployments
from engine.clock import Clock, SettableClock
from engine.database import Database
from engine.delivery import ProcrastinateDispatcher
from engine.engine import Engine
from engine.host import SYSTEM
from engine.scheduler import Scheduler
from engine.tables import JobKind, ProcessVersion, new_id
from processes import demo, installation, meetings, organisation_file
from processes.host import RegionHost
from processes.meetings import NewMeeting
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import FORM, FORM_NAME, Flow

NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)
BOARD_MEETS_ON = (date(2026, 3, 25), date(2026, 4, 22), date(2026, 5, 20), date(2026, 6, 10))


@contextmanager
def engine_on(
    backend: Backend, *, rules: bool = True, clock: Clock | None = None
) -> Iterator[Engine]:
    """The product's own engine on a database of its own, with the shipped diagrams if `rules`."""
    with backend.database(_organised_with_rules if rules else _organised) as database:
        yield _engine(database, clock or SettableClock(NOW))


@contextmanager
def delivering(engine: Engine) -> Iterator[None]:
    """What is due is done while the block runs, as the product does it on that database."""
    if not engine.database.is_sqlite:
        engine.dispatcher = ProcrastinateDispatcher(engine.database.url)
    scheduler = Scheduler(engine)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.stop()


def put_in_force(session: Session, engine: Engine, flow: Flow) -> None:
    """Deploy a flow drawn for the benchmark, past the gate: it is as bare as it needs to be."""
    files = {**flow.files, f"forms/{FORM_NAME}.json": json.dumps(FORM, ensure_ascii=False)}
    session.add(
        ProcessVersion(
            key=flow.key,
            version=1,
            name=flow.name,
            deployment_id=new_id(),
            files=files,
            file_name=next(iter(flow.files)),
            sha256=hashlib.sha256(repr(files).encode()).hexdigest(),
            deployed_at=engine.clock.now(),
            deployed_by=SYSTEM.id,
        )
    )


def _engine(database: Database, clock: Clock) -> Engine:
    engine = Engine(database=database, host=RegionHost(clock=clock), clock=clock)
    engine.job_handlers[JobKind.MAIL] = lambda _engine, _job: None  # nobody reads these letters
    return engine


def _organised(database: Database) -> None:
    engine = _engine(database, SettableClock(NOW))
    with database.writing() as session:
        organisation_file.load(session, engine, demo.FILE.read_text("utf-8"))


def _organised_with_rules(database: Database) -> None:
    _organised(database)
    engine = _engine(database, SettableClock(NOW))
    with database.writing() as session:
        for day in BOARD_MEETS_ON:
            meetings.create(session, engine, NewMeeting(organ_code="RS", on=day), actor=SYSTEM)
        deployments.deploy(session, engine, installation.shipped_diagrams(), actor=SYSTEM)
