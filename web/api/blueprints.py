"""One group of calls: guarded alike, and described in the OpenAPI document."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from web.api import reception

PREFIX = "/api/v1"
_EVERYWHERE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_ON_WRITES = (HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
IF_MATCH = {
    "in": "header",
    "name": reception.IF_MATCH,
    "description": "The `lock_version` that was read, when the body doesn't say it.",
    "schema": {"type": "string"},
    "example": '"3"',
}


class Calls(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A blueprint whose every call has an operation id and says which problems it may answer."""

    ARGUMENTS_PARSER = reception.Arguments()

    def __init__(self, name: str, path: str = "", *, about: str) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=PREFIX + path, description=about)
        self.group = name
        self.before_request(reception.check)
        self.after_request(_keep_nothing)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *more: Any, **rest: Any
    ) -> None:
        method = rest.get("methods", ["GET"])[0]
        self._describe(view_func, rule, method)
        super().add_url_rule(rule, endpoint, view_func, *more, **{**rest, "tags": [self.group]})

    def arguments(self, schema: type[Schema], **more: Any) -> Any:
        """Made once: a class would be made into a schema at every call."""
        return super().arguments(schema(), **more)

    def _describe(self, view: Any, rule: str, method: str) -> None:
        sent = view._apidoc.get("arguments", {}).get("parameters", [])
        problems = [
            *_EVERYWHERE,
            *([HTTPStatus.NOT_FOUND] if "<" in rule else []),
            *(_ON_WRITES if method != "GET" else ()),
            *([HTTPStatus.UNPROCESSABLE_ENTITY] if sent else []),
        ]
        described = view._apidoc.setdefault("manual_doc", {})
        described["operationId"] = f"{self.group}_{view.__name__}"
        described["responses"] = {status.value: status.name for status in problems} | described.get(
            "responses", {}
        )
        if any("lock_version" in part["schema"]._declared_fields for part in sent):
            described["parameters"] = [IF_MATCH]


def tagged(answer: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """With its `lock_version` as the ETag that `If-Match` takes."""
    return answer, {"ETag": f'"{answer["lock_version"]}"'}


def located(answer: Any, identity: str) -> tuple[Any, dict[str, str]]:
    """With the address of what was made."""
    return answer, {"Location": f"{request.path}/{identity}"}


def _keep_nothing(response: Response) -> Response:
    """What one may see today may be secret tomorrow."""
    response.headers["Cache-Control"] = "no-store"
    return response
