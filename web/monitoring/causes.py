"""What needs an administrator: each cause once, with what it stops and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine import instances, statistics
from engine.errors import NotFound
from engine.statistics import Cause
from engine.tables import Incident
from processes import organisation
from web import transactions
from web.current import today
from web.monitoring import headings
from web.texts import gettext as _
from web.texts import ngettext


@dataclass(frozen=True, kw_only=True)
class CauseRow:
    """A cause as the first page shows it. `only` is the one flow it stops, when it may be seen."""

    key: str
    heading: str
    stops: str
    step: str
    since: datetime
    only: str | None


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """One thing that a cause stops. A flow that may not be seen has no id here."""

    heading: str
    instance_id: str | None
    incident: Incident


@dataclass(frozen=True, kw_only=True)
class Unmanned:
    """A role with waiting tasks that nobody holds: work is stuck though nothing failed."""

    role: str
    count: int
    since: datetime


def rows(session: Session) -> list[CauseRow]:
    return [_row(session, cause) for cause in statistics.causes(session)]


def get(session: Session, key: str) -> Cause:
    for cause in statistics.causes(session):
        if cause.key == key:
            return cause
    raise NotFound(_("Felet finns inte längre. Kanske är det redan lagat."))


def heading_of(session: Session, cause: Cause) -> str:
    """What went wrong; of secret cases only where, since the message may tell more."""
    shown = [each for each in cause.instance_ids if not headings.is_hidden(session, each)]
    if cause.instance_ids and not shown:
        if not cause.element_name:
            return _("Ett flöde med sekretess har stannat")
        return _("Ett flöde med sekretess har stannat i %(step)s", step=cause.element_name)
    return cause.message.rstrip(".")


def stopped(session: Session, cause: Cause) -> list[Stopped]:
    """Everything that the cause stops, the first to fail first."""
    names = statistics.job_names(session, cause.job_ids)
    return [_stopped(session, incident, names) for incident in cause.incidents]


def unmanned(session: Session) -> list[Unmanned]:
    waiting = statistics.candidates_waiting(session)
    return [
        Unmanned(role=label, count=count, since=since)
        for candidate, (label, count, since) in waiting.items()
        if not organisation.has_holder(session, candidate, today())
    ]


def count() -> int:
    """For the menu: how many causes wait for an administrator."""
    session = transactions.reading()
    return statistics.count_causes(session) + len(unmanned(session))


def _row(session: Session, cause: Cause) -> CauseRow:
    alone = cause.instance_ids[0] if len(cause.incidents) == 1 and cause.instance_ids else None
    only = alone if alone and not headings.is_hidden(session, alone) else None
    return CauseRow(
        key=cause.key,
        heading=heading_of(session, cause),
        stops=headings.of(session, instances.get(session, only)) if only else _how_many(cause),
        step=cause.element_name,
        since=cause.since,
        only=only,
    )


def _how_many(cause: Cause) -> str:
    flows, jobs = len(cause.instance_ids), len(cause.job_ids)
    parts = []
    if flows:
        parts.append(ngettext("%(num)s flöde", "%(num)s flöden", flows))
    if jobs:
        parts.append(ngettext("%(num)s utskick", "%(num)s utskick", jobs))
    return ", ".join(parts)


def _stopped(session: Session, incident: Incident, names: dict[str, str]) -> Stopped:
    found = incident.instance_id
    if not found:
        name = names.get(incident.job_id or "") or _("Utan flöde")
        return Stopped(heading=name, instance_id=None, incident=incident)
    if headings.is_hidden(session, found):
        return Stopped(heading=_("Ett flöde med sekretess"), instance_id=None, incident=incident)
    heading = headings.of(session, instances.get(session, found))
    return Stopped(heading=heading, instance_id=found, incident=incident)
