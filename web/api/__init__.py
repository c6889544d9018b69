"""REST API v1: everything the pages can do, for other systems.

Contract: bearer tokens, problem+json errors, keyset cursors, `lock_version` on writes. The
OpenAPI document is at `/api/v1/openapi.json`.
"""

from __future__ import annotations

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from web.api import (
    cases,
    deployments,
    description,
    incidents,
    instances,
    meetings,
    messages,
    records,
    tasks,
    timers,
)
from web.api.description import DescribedApi
from web.security import csrf

__all__ = ["BLUEPRINTS", "records", "set_up"]  # records hangs its calls on the cases'

BLUEPRINTS = (
    deployments.blueprint,
    instances.blueprint,
    tasks.blueprint,
    messages.blueprint,
    timers.blueprint,
    incidents.blueprint,
    cases.blueprint,
    meetings.blueprint,
)


def set_up(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.ensure_ascii, app.json.sort_keys = False, False  # as people would write it
    app.config.update(description.SETTINGS)
    api = DescribedApi(app)
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)  # tokens, not cookies: nothing to forge
        api.register_blueprint(blueprint)
    description.publish(app, api)
