"""Timers that are to fire."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine import timers
from engine.tables import Job
from web import transactions
from web.api import schemas
from web.permissions import Permission, permission

blueprint = Blueprint("api_timers", __name__, url_prefix="/api/v1/timers")


@blueprint.get("")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.TimerQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.TimerOut))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    found = timers.waiting(
        transactions.reading(), due_before=query["due_before"], limit=query["limit"]
    )
    return {"items": [_brief(job) for job in found], "next": None}


def _brief(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "instance_id": job.instance_id,
        "element": job.element,
        "due_at": job.due_at,
    }
