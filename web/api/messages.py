"""Messages from other systems, correlated to the one instance that waits."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from engine import instances, messages
from engine.errors import NotFound
from engine.tables import Message
from processes import access, cases
from web import transactions
from web.api import schemas, visibility
from web.api.blueprints import Calls
from web.current import actor, engine
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Calls("messages", "/messages", about="Messages to running processes.")


@blueprint.post("")
@permission(Permission.ADMINISTRATOR, Permission.PROCESS_OWNER)
@blueprint.arguments(schemas.NewMessage)
@blueprint.response(202, schemas.Message)
@blueprint.doc(responses={"404": "NOT_FOUND"})
def send(sent: dict[str, Any]) -> dict[str, Any]:
    """Give a message to the one instance that waits for it, or start a process by it.

    404 when nobody waits, unless `keep` says that it may lie until somebody does.
    """
    message = transactions.perform(lambda session: _send(session, sent))
    return {"id": message.id, "status": message.status}


def _send(session: Session, sent: dict[str, Any]) -> Message:
    name, key = sent["name"], sent["key"]
    if _is_hidden(session, name, key):
        raise NotFound(_("Ingen väntar på meddelandet ”%(name)s”.", name=name))
    return messages.send(
        session, engine(), name, key, sent["payload"], actor=actor(), keep=sent["keep"]
    )


def _is_hidden(session: Session, name: str, key: list[Any]) -> bool:
    """Whether it would reach the flow of a case that the sender may not see, now or later."""
    try:
        visibility.require_numbers(session, key)
    except cases.CaseNotFound:
        return True
    wait = messages.wait_for(session, name, messages.key_text(key))
    if wait is None:
        return False
    receiver = instances.get(session, wait.instance_id)
    return not access.may_see_key(session, visibility.reader(), receiver.business_key)
