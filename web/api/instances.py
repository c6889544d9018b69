"""Instances: start, find, read, cancel, retry."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from engine import deployments, history, incidents, instances
from engine.tables import EventLog, Instance
from processes import access
from web import transactions
from web.api import schemas, visibility
from web.current import actor, engine
from web.permissions import Permission, permission

blueprint = Blueprint("api_instances", __name__, url_prefix="/api/v1/instances")


@blueprint.post("")
@permission(Permission.ADMINISTRATOR, Permission.PROCESS_OWNER)
@blueprint.arguments(schemas.InstanceIn)
@blueprint.response(201, schemas.InstanceDetailOut)
def start(sent: dict[str, Any]) -> dict[str, Any]:
    started = transactions.perform(
        lambda session: (
            instances.start(
                session,
                engine(),
                sent["process"],
                business_key=sent["business_key"],
                data=sent["data"],
                version=sent["version"],
                actor=actor(),
            ).id
        )
    )
    return _detail(started)


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.InstanceQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.InstanceOut))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    session = transactions.reading()
    reader = visibility.reader()
    page = instances.find(session, **query, hidden=access.hidden_numbers(reader))
    return {"items": [_brief(session, each) for each in page.items], "next": page.next}


@blueprint.get("/<instance_id>")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.InstanceDetailOut)
def show(instance_id: str) -> dict[str, Any]:
    visibility.instance(instance_id)
    return _detail(instance_id)


@blueprint.get("/<instance_id>/history")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Paging, location="query")
@blueprint.response(200, schemas.paged(schemas.EventOut))
def events(query: dict[str, Any], instance_id: str) -> dict[str, Any]:
    visibility.instance(instance_id)
    page = history.of_instance(transactions.reading(), instance_id, **query)
    return {"items": [_event(entry) for entry in page.items], "next": page.next}


@blueprint.post("/<instance_id>/cancel")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.Reason)
@blueprint.response(200, schemas.InstanceDetailOut)
def cancel(sent: dict[str, Any], instance_id: str) -> dict[str, Any]:
    visibility.instance(instance_id)
    transactions.perform(
        lambda session: instances.cancel(session, engine(), instance_id, actor=actor(), **sent),
        instance_id=instance_id,
    )
    return _detail(instance_id)


@blueprint.post("/<instance_id>/retry")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.Reason)
@blueprint.response(200, schemas.InstanceDetailOut)
def retry(_sent: dict[str, Any], instance_id: str) -> ResponseReturnValue:
    """Try every open incident of the instance once more, each in its own transaction."""
    visibility.instance(instance_id)
    for incident in incidents.of_instance(transactions.reading(), instance_id):
        _retry(incident.id)
    return _detail(instance_id)


def _retry(incident_id: str) -> None:
    transactions.perform(lambda session: incidents.retry(session, engine(), incident_id, actor()))


def _brief(session: Session, instance: Instance) -> dict[str, Any]:
    version = deployments.get(session, instance.process_version_id)
    return {
        "id": instance.id,
        "process": instance.process_key,
        "version": version.version,
        "business_key": instance.business_key,
        "status": instance.status,
        "lock_version": instance.lock_version,
        "started_at": instance.started_at,
        "started_by": instance.started_by,
        "ended_at": instance.ended_at,
    }


def _detail(instance_id: str) -> dict[str, Any]:
    session = transactions.reading()
    view = instances.view(session, engine(), instance_id)
    return {
        **_brief(session, view.instance),
        "data": view.data,
        "active": [
            {"element": each.element, "name": each.name, "since": each.since}
            for each in view.active
        ],
        "timers": [
            {"id": timer.id, "element": timer.element, "due_at": timer.due_at.isoformat()}
            for timer in view.timers
        ],
        "waits": [
            {"name": wait.name, "key": wait.key, "element": wait.element} for wait in view.waits
        ],
        "incidents": [
            {"id": each.id, "element": each.element, "message": each.message}
            for each in view.incidents
        ],
        "parent": view.instance.parent_id,
        "children": [child.id for child in view.children],
    }


def _event(entry: EventLog) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "kind": entry.kind,
        "process": entry.process_key,
        "element": entry.element,
        "name": entry.name,
        "detail": entry.detail,
    }
