"""REST API v1: everything the pages can do, for other systems.

Contract: bearer tokens, problem+json errors, keyset cursors, `lock_version` on writes. The
OpenAPI document is at `/api/v1/openapi.json`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_smorest import Api

from web.api import (
    cases,
    deployments,
    incidents,
    instances,
    meetings,
    messages,
    tasks,
    timers,
)
from web.permissions import Permission, permission
from web.security import csrf

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


class OurApi(Api):  # type: ignore[misc]
    """Failures become problem+json in web/errors.py, as everywhere else."""

    def _register_error_handlers(self) -> None:
        """None of flask-smorest's own: ours name the field and speak Swedish."""


def set_up(app: Flask) -> None:
    app.config.update(
        API_TITLE="Ärendegång",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "security": [{"token": []}],
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        },
    )
    api = OurApi(app)
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)  # tokens, not cookies: nothing to forge
        api.register_blueprint(blueprint)
    _open_document(app)


def _open_document(app: Flask) -> None:
    """The description of the API is for everyone; what it describes is not."""
    name = "api-docs.openapi_json"
    view: Any = app.view_functions[name]

    def document(**values: Any) -> Any:
        return view(**values)

    app.view_functions[name] = permission(Permission.PUBLIC)(document)
