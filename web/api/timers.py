"""Timers that are to fire."""

from __future__ import annotations

from typing import Any

from engine import timers
from engine.tables import Job
from processes import access
from web import transactions
from web.api import lists, schemas, visibility
from web.api.blueprints import Calls
from web.permissions import Permission, permission

blueprint = Calls("timers", "/timers", about="Timers that are to fire.")


@blueprint.get("")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.TimerQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.Timer))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """The timers that run, soonest first; those of hidden cases are left out."""
    hidden = access.hidden_numbers(visibility.reader())
    page = timers.page(transactions.reading(), hidden=hidden, **query)
    return lists.answer([brief(job) for job in page.items], page.next)


def brief(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "instance_id": job.instance_id,
        "element": job.element,
        "due_at": job.due_at,
    }
