"""Whether the product is alive and ready, for those who watch machines."""

from __future__ import annotations

import logging

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from processes import database_version
from web.current import product
from web.permissions import Permission, permission

log = logging.getLogger(__name__)

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
        "database": _has_tables(),
        "scheduler": product().is_ticking(),
    }
    return jsonify(checks), 200 if all(checks.values()) else 503


def _has_tables() -> bool:
    try:
        return database_version.is_current(product().database)
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return False
