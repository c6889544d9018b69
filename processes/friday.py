"""The review of every Friday (A15b): one instance a week, whoever starts it and however often."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from engine import instances, jobs
from engine.engine import Engine
from engine.host import SYSTEM
from engine.tables import Job, JobKind
from processes import organisation
from processes.swedish_calendar import LOCAL, at_local_time, local_date, working_day_or_before

PROCESS = "fredagsgenomgang"
FRIDAY = 4
OPENS_AT = time(7)
WEEK = timedelta(days=7)


def review_day(day: date) -> date:
    """The Friday of that week, or the working day before when it is free."""
    return working_day_or_before(day + timedelta(days=FRIDAY - day.weekday()))


def business_key(day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"fredag:{year}-V{week:02}"


def register(engine: Engine) -> None:
    """Let the engine know what to do when the Friday's job is due."""
    engine.job_handlers[PROCESS] = _run


def schedule(session: Session, engine: Engine) -> Job | None:
    """See to it that the next Friday is waited for; nothing happens when it already is."""
    if jobs.is_waiting(session, JobKind.ROUTINE, PROCESS):
        return None
    due_at = _next(engine.clock.now())
    return jobs.add(session, engine, kind=JobKind.ROUTINE, name=PROCESS, due_at=due_at)


def start(session: Session, engine: Engine) -> None:
    """This week's review, unless it has been started already."""
    today = local_date(engine.clock.now())
    key = business_key(today)
    if instances.find(session, process=PROCESS, business_key=key, limit=1).items:
        return
    board = organisation.board(session, on=today)
    data = {"vecka": key.removeprefix("fredag:"), "diarium": board.registry_code}
    instances.start(session, engine, PROCESS, business_key=key, data=data, actor=SYSTEM)


def _run(engine: Engine, _job: Job) -> None:
    """At least once, so every step asks first whether it has been done."""
    with engine.database.writing() as session:
        start(session, engine)
        schedule(session, engine)


def _next(now: datetime) -> datetime:
    """The first review that opens after `now`."""
    day = local_date(now)
    while (opens := at_local_time(review_day(day), OPENS_AT)) <= now.astimezone(LOCAL):
        day += WEEK
    return opens
