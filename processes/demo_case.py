"""A few cases to try: one letter just registered, one initiative waiting to be prepared."""

from __future__ import annotations

from datetime import timedelta

from engine import jobs
from engine.engine import Engine
from engine.host import Actor
from processes import cases
from processes.cases import CaseKind, NewCase
from processes.swedish_calendar import local_date

REGISTRAR = Actor(id="registrator_rs")


def create(engine: Engine) -> None:
    """Register them as the registrar would on a Monday morning; the rest is for the visitor."""
    today = local_date(engine.clock.now())
    for new in (
        NewCase(
            registry_code="RS",
            heading="Remiss om kortare väntetider för sjukresor",
            kind=CaseKind.REFERRAL,
            received_on=today,
            initiator="Socialdepartementet",
        ),
        NewCase(
            registry_code="RS",
            heading="Motion om fortsatt nattåg till länet",
            kind=CaseKind.MOTION,
            received_on=today - timedelta(days=1),
            initiator="En ledamot i regionfullmäktige",
        ),
        NewCase(
            registry_code="RS",
            heading="Revidering av regler för planering och uppföljning",
            kind=CaseKind.INTERNAL,
            received_on=today,
            initiator="Planeringschef",
        ),
    ):
        with engine.database.writing() as session:
            cases.register(session, engine, new, actor=REGISTRAR)
    jobs.drain(engine)
