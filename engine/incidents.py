"""Failures that a person must see, each with what is needed to try again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import history
from engine.errors import EngineError, NotFound, Stale
from engine.host import SYSTEM, Actor
from engine.paging import Page, cut, place_of
from engine.spiff import RunFailed
from engine.tables import RUNNING, Incident, IncidentStatus, Instance, InstanceStatus
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """How to do again what a command of one name was to do, and whether that is over by now."""

    again: Callable[[Session, Engine, dict[str, Any]], object]
    is_over: Callable[[Session, dict[str, Any]], bool]


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
    incident.resolved_at = incident.resolved_by = None
    if instance and instance.status == InstanceStatus.ACTIVE and incident.command:
        instance.status = InstanceStatus.FAILED
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


def retry(session: Session, engine: Engine, incident_id: str, actor: Actor) -> Incident:
    """Do again what failed. A command is done at once, a job as soon as it is handed over.

    What nobody gave a command for can only be noted as seen.
    """
    incident = get(session, incident_id)
    instance = _existing_instance(session, incident.instance_id)
    session.refresh(incident, with_for_update=True)
    if incident.status != IncidentStatus.OPEN:
        raise Stale(_("Incidenten är redan löst."))
    _resolve(session, engine, incident, instance, actor)
    if instance:
        _go_on(session, instance)
    remedy = _remedy(engine, incident)
    if remedy:
        remedy.again(session, engine, incident.command)
    return incident


def resolve_needless(session: Session, engine: Engine, instance: Instance, actor: Actor) -> None:
    """Close those whose command has been done, or called off, in another way than from here."""
    for incident in of_instance(session, instance.id):
        remedy = _remedy(engine, incident)
        over = instance.status not in RUNNING
        if over or (remedy and remedy.is_over(session, incident.command)):
            _resolve(session, engine, incident, instance, actor)
    _go_on(session, instance)


def _remedy(engine: Engine, incident: Incident) -> Remedy | None:
    return engine.remedies.get(incident.command.get("name", ""))


def _resolve(
    session: Session, engine: Engine, incident: Incident, instance: Instance | None, actor: Actor
) -> None:
    incident.status = IncidentStatus.RESOLVED
    incident.resolved_at, incident.resolved_by = engine.clock.now(), actor.id
    session.flush()
    _log(session, engine, "incident_resolved", actor, incident, instance)


def _go_on(session: Session, instance: Instance) -> None:
    """Not failed any more, when nothing is left to be mended."""
    if instance.status == InstanceStatus.FAILED:
        left = of_instance(session, instance.id)
        if not any(incident.command for incident in left):
            instance.status = InstanceStatus.ACTIVE


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
    if place.job_id:
        query = sa.select(Incident).where(Incident.job_id == place.job_id)
        return session.scalars(query.order_by(Incident.last_at.desc()).limit(1)).first()
    known = of_instance(session, instance.id) if instance else []
    return next((i for i in known if i.element == element and _alike(i, place.command)), None)


def _alike(incident: Incident, command: Mapping[str, Any]) -> bool:
    """The same attempt made anew: with other answers, but of the same person at the same task."""
    told_apart = ("name", "task_id", "actor")
    return all(incident.command.get(part) == command.get(part) for part in told_apart)


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
    """The diagram in which that element stands; that it can't be told must not hide the failure."""
    if instance is None or element is None:
        return None
    try:
        specs = engine.specs_of(session, instance.process_version_id)
    except EngineError:
        return None
    return next((process for process, known in specs.elements if known == element), None)
