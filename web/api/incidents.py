"""What failed and waits for a person."""

from __future__ import annotations

from typing import Any

from engine import incidents
from engine.commands import CommandFailed
from engine.errors import NotFound, Stale
from engine.tables import Incident
from processes import access
from web import transactions
from web.api import lists, schemas, visibility
from web.api.blueprints import Calls
from web.current import actor, engine
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Calls("incidents", "/incidents", about="What failed and waits for a person.")


@blueprint.get("")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.Paging, location="query")
@blueprint.response(200, schemas.paged(schemas.Incident))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """The open incidents, the newest first; those of hidden cases are left out."""
    hidden = access.hidden_numbers(visibility.reader())
    page = incidents.page(transactions.reading(), hidden=hidden, **query)
    return lists.answer([brief(incident) for incident in page.items], page.next)


@blueprint.post("/<incident_id>/retry")
@permission(Permission.ADMINISTRATOR)
@blueprint.response(200, schemas.Incident)
def retry(incident_id: str) -> dict[str, Any]:
    """Do again what failed.

    409 when it has been solved already, and when it fails again.
    """
    _require_visible(incident_id)
    try_again(incident_id)
    return brief(incidents.get(transactions.reading(), incident_id))


def try_again(incident_id: str) -> None:
    try:
        transactions.perform(
            lambda session: incidents.retry(session, engine(), incident_id, actor())
        )
    except CommandFailed as failure:
        raise Stale(_("Det gick inte den här gången heller: %(why)s", why=failure)) from failure


def brief(incident: Incident) -> dict[str, Any]:
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


def _require_visible(incident_id: str) -> None:
    found = incidents.get(transactions.reading(), incident_id)
    if found.instance_id is None:
        return
    try:
        visibility.instance(found.instance_id)
    except NotFound as error:
        raise NotFound(_("Incidenten finns inte.")) from error
