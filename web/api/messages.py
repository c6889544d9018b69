"""Messages from other systems, correlated to the one instance that waits."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine import messages
from web import transactions
from web.api import schemas
from web.current import actor, engine
from web.permissions import Permission, permission

blueprint = Blueprint("api_messages", __name__, url_prefix="/api/v1/messages")


@blueprint.post("")
@permission(Permission.ADMINISTRATOR, Permission.PROCESS_OWNER)
@blueprint.arguments(schemas.MessageIn)
@blueprint.response(202, schemas.MessageOut)
def send(sent: dict[str, Any]) -> dict[str, Any]:
    """404 when nobody waits, unless `keep` says that it may lie until somebody does."""
    key = sent["key"] if isinstance(sent["key"], list) else [sent["key"]]
    message = transactions.perform(
        lambda session: messages.send(
            session,
            engine(),
            sent["name"],
            key,
            sent["payload"],
            actor=actor(),
            keep=sent["keep"],
        )
    )
    return {"id": message.id, "status": message.status}
