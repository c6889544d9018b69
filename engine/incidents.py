"""Failures that a person must see, each with what is needed to try again."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import history
from engine.errors import NotFound, Stale
from engine.host import SYSTEM, Actor
from engine.paging import Page, cut, place_of
from engine.spiff import RunFailed
from engine.tables import Incident, IncidentStatus, Instance
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something failed, and the command that would do it again."""

    instance_id: str | None = None
    job_id: str | None = None
    command: Mapping[str, Any] = field(default_factory=dict)


def place_in(session: Session | None) -> Place:
    """What the transaction that just failed was doing."""
    if session is None:
        return Place()
    running = list(session.info.get("executions", {}))
    return Place(
        instance_id=running[-1] if running else None, command=session.info.get("command", {})
    )


def open_(session: Session, engine: Engine, error: BaseException, place: Place) -> Incident:
    """Keep a failure; the same one again counts up instead of standing twice in the list."""
    now = engine.clock.now()
    element, element_name = _element(error)
    instance = _existing_instance(session, place.instance_id)
    incident = _same(session, instance, place, element)
    if incident is None:
        incident = Incident(
            instance_id=instance.id if instance else None,
            job_id=place.job_id,
            element=element,
            element_name=element_name,
            occurrences=0,
            first_at=now,
        )
        session.add(incident)
    incident.command = dict(place.command)
    incident.message, incident.trace = str(error), "".join(traceback.format_exception(error))
    incident.occurrences += 1
    incident.last_at, incident.status = now, IncidentStatus.OPEN
    session.flush()
    _log(session, engine, "element_failed", SYSTEM, incident, instance)
    return incident


def get(session: Session, incident_id: str) -> Incident:
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(_("Incidenten finns inte."))
    return incident


def list_open(session: Session, *, limit: int = 200) -> list[Incident]:
    """The newest first."""
    query = sa.select(Incident).where(Incident.status == IncidentStatus.OPEN)
    return list(session.scalars(query.order_by(Incident.last_at.desc()).limit(limit)))


def page(
    session: Session, *, hidden: sa.Select[str], limit: int = 50, cursor: str | None = None
) -> Page[Incident]:
    """The open ones, newest first. `hidden` selects business keys that the reader may not see."""
    key = sa.func.coalesce(Instance.business_key, "")
    query = (
        sa.select(Incident)
        .outerjoin(Instance, Instance.id == Incident.instance_id)
        .where(Incident.status == IncidentStatus.OPEN, key.not_in(hidden))
    )
    if cursor:
        place = tuple(place_of(cursor, [datetime, str]))
        query = query.where(sa.tuple_(Incident.last_at, Incident.id) < place)
    query = query.order_by(Incident.last_at.desc(), Incident.id.desc()).limit(limit + 1)
    return cut(session.scalars(query).all(), limit, lambda found: [found.last_at, found.id])


def of_instance(session: Session, instance_id: str, *, open_only: bool = True) -> list[Incident]:
    query = sa.select(Incident).where(Incident.instance_id == instance_id)
    if open_only:
        query = query.where(Incident.status == IncidentStatus.OPEN)
    return list(session.scalars(query.order_by(Incident.first_at)))


def count_open(session: Session) -> int:
    query = sa.select(sa.func.count()).where(Incident.status == IncidentStatus.OPEN)
    return session.scalar(query) or 0


def retry(session: Session, engine: Engine, incident_id: str, actor: Actor) -> Incident:
    """Do again what failed. A command is done at once, a job as soon as it is handed over."""
    incident = get(session, incident_id)
    session.refresh(incident, with_for_update=True)
    if incident.status != IncidentStatus.OPEN:
        raise Stale(_("Incidenten är redan löst."))
    again = engine.retries.get(incident.command.get("name", ""))
    if again:
        again(session, engine, incident.command)
    return resolve(session, engine, incident, actor)


def resolve(session: Session, engine: Engine, incident: Incident, actor: Actor) -> Incident:
    incident.status = IncidentStatus.RESOLVED
    incident.resolved_at, incident.resolved_by = engine.clock.now(), actor.id
    instance = _existing_instance(session, incident.instance_id)
    _log(session, engine, "incident_resolved", actor, incident, instance)
    return incident


def _element(error: BaseException) -> tuple[str | None, str]:
    if isinstance(error, RunFailed):
        return error.element, error.element_name
    return None, ""


def _existing_instance(session: Session, instance_id: str | None) -> Instance | None:
    """Locked, since its chain is written to; None when its start is what failed."""
    if instance_id is None:
        return None
    query = sa.select(Instance).where(Instance.id == instance_id).with_for_update()
    return session.scalars(query).one_or_none()


def _same(
    session: Session, instance: Instance | None, place: Place, element: str | None
) -> Incident | None:
    query = sa.select(Incident).where(Incident.element == element)
    if place.job_id:
        query = query.where(Incident.job_id == place.job_id)
    elif instance:
        query = query.where(
            Incident.instance_id == instance.id, Incident.status == IncidentStatus.OPEN
        )
    else:
        return None
    return session.scalars(query.limit(1)).first()


def _log(
    session: Session,
    engine: Engine,
    kind: str,
    actor: Actor,
    incident: Incident,
    instance: Instance | None,
) -> None:
    history.append(
        session,
        engine,
        kind=kind,
        actor=actor,
        instance=instance,
        process_key=_process_of(session, engine, instance, incident.element),
        element=incident.element,
        name=incident.element_name,
        detail={"incident_id": incident.id, "message": incident.message},
    )


def _process_of(
    session: Session, engine: Engine, instance: Instance | None, element: str | None
) -> str | None:
    """The diagram in which that element stands."""
    if instance is None or element is None:
        return None
    specs = engine.specs_of(session, instance.process_version_id)
    return next((process for process, known in specs.elements if known == element), None)
