"""The OpenAPI document: what the calls say of themselves, and the problems that all may answer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from flask_smorest import Api

from web.api import schemas
from web.api.blueprints import PREFIX
from web.permissions import Permission, permission

PROBLEM = "application/problem+json"
DOCUMENT = "openapi.json"
ABOUT = """\
Run the course of cases from other systems.

A token has its user's rights, nothing more. What a case's secrecy hides from that user is answered
with 404 and left out of lists. Lists are pages: `next` is the `cursor` of the page after. Writes
take the `lock_version` of what they change, in the body or as `If-Match`.
"""
SETTINGS = {
    "API_TITLE": "Ärendegång",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": PREFIX,
    "OPENAPI_JSON_PATH": DOCUMENT,
    "API_SPEC_OPTIONS": {
        "info": {"description": ABOUT, "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "From `arendegang token create` or the profile page.",
                }
            }
        },
    },
}
PROBLEMS = {
    HTTPStatus.UNAUTHORIZED: "No token, or one that doesn't hold",
    HTTPStatus.FORBIDDEN: "Not the caller's to do",
    HTTPStatus.NOT_FOUND: "Not there, or hidden from the caller by secrecy",
    HTTPStatus.CONFLICT: "The `lock_version` is old, or it is done already; nothing has changed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "More than is taken in one call",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The content is wrong; `errors` say where",
}


class DescribedApi(Api):  # type: ignore[misc]
    """Failures become problem+json in web/errors.py, as everywhere else, and are said to."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None of flask-smorest's own: ours name the field and speak Swedish."""

    def _register_responses(self) -> None:
        for status, about in PROBLEMS.items():
            answer = {
                "description": about,
                "content": {PROBLEM: {"schema": schemas.Problem}},
            }
            if status == HTTPStatus.UNAUTHORIZED:
                answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
            self.spec.components.response(status.name, answer)

    def _register_etag_headers(self) -> None:
        """Ours is said where it is taken (`web.api.blueprints`)."""

    def _register_pagination_header(self) -> None:
        """Pages stand in the answers themselves."""


def publish(app: Flask, api: Api) -> None:
    """The description of the API is for everyone; what it describes is not."""
    text = json.dumps(_finished(api.spec.to_dict()), ensure_ascii=False, indent=2)

    @permission(Permission.PUBLIC)
    def document() -> Response:
        return Response(text, mimetype="application/json")

    app.view_functions["api-docs.openapi_json"] = document


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    """With the groups as they are called, and without what nothing refers to."""
    for tag in document["tags"]:
        tag["name"] = tag["name"].removeprefix("api_")
    return document
