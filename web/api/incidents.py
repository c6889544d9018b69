"""What failed and waits for a person."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine import incidents
from engine.tables import Incident
from web import transactions
from web.api import schemas
from web.current import actor, engine
from web.permissions import Permission, permission

blueprint = Blueprint("api_incidents", __name__, url_prefix="/api/v1/incidents")


@blueprint.get("")
@permission(Permission.ADMINISTRATOR)
@blueprint.response(200, schemas.paged(schemas.IncidentOut))
def listing() -> dict[str, Any]:
    found = incidents.list_open(transactions.reading())
    return {"items": [_brief(incident) for incident in found], "next": None}


@blueprint.post("/<incident_id>/retry")
@permission(Permission.ADMINISTRATOR)
@blueprint.response(200, schemas.IncidentOut)
def retry(incident_id: str) -> dict[str, Any]:
    transactions.perform(lambda session: incidents.retry(session, engine(), incident_id, actor()))
    return _brief(incidents.get(transactions.reading(), incident_id))


def _brief(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "instance_id": incident.instance_id,
        "element": incident.element,
        "name": incident.element_name,
        "message": incident.message,
        "occurrences": incident.occurrences,
        "first_at": incident.first_at,
        "last_at": incident.last_at,
        "status": incident.status,
    }
