"""Whether the product is alive and ready, for those who watch machines."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from processes import database_version
from web.current import product
from web.permissions import Permission, permission

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@permission(Permission.PUBLIC)
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@permission(Permission.PUBLIC)
def ready() -> ResponseReturnValue:
    """The database answers with this version's tables, and the scheduler ticks."""
    checks = {
        "database": database_version.is_current(product().database),
        "scheduler": product().is_ticking(),
    }
    return jsonify(checks), 200 if all(checks.values()) else 503
