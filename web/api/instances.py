"""Instances: start, find, read, cancel, retry."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import deployments, history, incidents, instances
from engine.database import has_cause
from engine.errors import EngineError, Invalid, Refusal, Stale
from engine.tables import EventLog, Instance, MessageWait
from processes import access, cases
from web import transactions
from web.api import incidents as incident_calls
from web.api import lists, schemas, timers, visibility
from web.api.blueprints import Calls, located, tagged
from web.current import actor, engine
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Calls("instances", "/instances", about="Running processes, and those that have ended.")

ANSWERS = "answers"


@blueprint.post("")
@permission(Permission.ADMINISTRATOR, Permission.PROCESS_OWNER)
@blueprint.arguments(schemas.NewInstance)
@blueprint.response(201, schemas.InstanceDetail)
@blueprint.doc(responses={"404": "NOT_FOUND"})
def start(sent: dict[str, Any]) -> Any:
    """Start a process and run it until it waits.

    A case's own process is started by registering the case.
    """
    started = transactions.perform(lambda session: _start(session, sent))
    return located(_detail(started), started)


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.InstanceQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.Instance))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """Instances, the latest started first; those of hidden cases are left out."""
    session = transactions.reading()
    if query["business_key"]:
        query["business_key"] = visibility.key_of(session, query["business_key"])
    page = instances.find(session, **query, hidden=access.hidden_numbers(visibility.reader()))
    return lists.answer([_brief(session, each) for each in page.items], page.next)


@blueprint.get("/<instance_id>")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.InstanceDetail)
def show(instance_id: str) -> Any:
    """One instance: where it is, what it waits for, what has failed."""
    visibility.instance(instance_id)
    return tagged(_detail(instance_id))


@blueprint.get("/<instance_id>/history")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Paging, location="query")
@blueprint.response(200, schemas.paged(schemas.Event))
def events(query: dict[str, Any], instance_id: str) -> dict[str, Any]:
    """The event log in order, every element entered, completed and cancelled."""
    found = visibility.instance(instance_id)
    session = transactions.reading()
    page = history.of_instance(session, instance_id, **query)
    whole = visibility.may_read_answers(session, found)
    return lists.answer([_event(entry, whole=whole) for entry in page.items], page.next)


@blueprint.post("/<instance_id>/cancel")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.Reason)
@blueprint.response(200, schemas.InstanceDetail)
def cancel(sent: dict[str, Any], instance_id: str) -> Any:
    """End an instance where it stands, with its tasks, timers and waits."""
    visibility.instance(instance_id)
    transactions.perform(
        lambda session: instances.cancel(session, engine(), instance_id, actor=actor(), **sent),
        instance_id=instance_id,
    )
    return tagged(_detail(instance_id))


@blueprint.post("/<instance_id>/retry")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.RetryReason)
@blueprint.response(200, schemas.InstanceDetail)
def retry(sent: dict[str, Any], instance_id: str) -> Any:
    """Try every open incident of the instance once more, each in its own transaction.

    409 when one of them fails again, or when there is none.
    """
    found = visibility.instance(instance_id)
    if sent["lock_version"] not in (None, found.lock_version):
        raise Stale
    waiting = incidents.of_instance(transactions.reading(), instance_id)
    if not waiting:
        raise Stale(_("Flödet har inget fel som väntar på ett nytt försök."))
    for incident in waiting:
        incident_calls.try_again(incident.id)
    return tagged(_detail(instance_id))


def _start(session: Session, sent: dict[str, Any]) -> str:
    visibility.require_numbers(session, [sent["business_key"], *sent["data"].values()])
    number = sent["data"].get("dnr")  # a case's flow is known by the case's number
    if sent["business_key"] is None and isinstance(number, str):
        sent["business_key"] = cases.resolve(session, number)
    try:
        started = instances.start(
            session,
            engine(),
            sent["process"],
            business_key=sent["business_key"],
            data=sent["data"],
            version=sent["version"],
            actor=actor(),
        )
    except Refusal:
        raise
    except EngineError as error:
        if has_cause(error, SQLAlchemyError):  # a fault of ours, not of what was sent
            raise
        # The same process starts well with other data: it was this that it could not run on.
        raise Invalid.field("data", _("Processen kan inte starta: %(why)s", why=error)) from error
    return started.id


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
    readable = visibility.may_read_answers(session, view.instance)
    return {
        **_brief(session, view.instance),
        "data": view.data if readable else None,
        "active": view.active,
        "timers": [timers.brief(timer) for timer in view.timers],
        "waits": [_wait(each) for each in view.waits],
        "incidents": [incident_calls.brief(each) for each in view.incidents],
        "parent": view.instance.parent_id,
        "children": [child.id for child in view.children],
    }


def _wait(found: MessageWait) -> dict[str, Any]:
    return {
        "name": found.name,
        "key": json.loads(found.key),
        "element": found.element,
        "since": found.since,
    }


def _event(entry: EventLog, *, whole: bool) -> dict[str, Any]:
    detail = entry.detail or {}
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "kind": entry.kind,
        "process": entry.process_key,
        "element": entry.element,
        "name": entry.name,
        "detail": detail if whole else {key: detail[key] for key in detail if key != ANSWERS},
    }
