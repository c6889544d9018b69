"""Somebody's program: it calls with a token, and what it is answered is what the document says."""

from __future__ import annotations

import io
import json
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse, encode_multipart

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"


class Caller:
    """Every answer is checked: nothing fails within, and each is as the document describes it."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.app = app
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, status: int = 200, /, **query: Any) -> Any:
        return self._body(self.call("GET", path, query_string=query), status)

    def post(self, path: str, content: Any = None, status: int = 200, **more: Any) -> Any:
        return self._body(self.call("POST", path, json=content or {}, **more), status)

    def patch(self, path: str, content: Any, status: int = 200, **more: Any) -> Any:
        return self._body(self.call("PATCH", path, json=content, **more), status)

    def upload(self, path: str, values: dict[str, Any], status: int = 201, **more: Any) -> Any:
        """Multipart; a value that is bytes, or several of them by name, becomes files."""
        boundary, body = encode_multipart(_parts(values))
        kind = f"multipart/form-data; boundary={boundary}"
        return self._body(self.call("POST", path, data=body, content_type=kind, **more), status)

    def all(self, path: str, *, limit: int = 2, **query: Any) -> list[Any]:
        """Every item of a list, page by page."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            said = {"cursor": cursor} if cursor else {}
            page = self.get(path, limit=limit, **query, **said)
            assert len(page["items"]) <= limit
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        response = self.client.open(PREFIX + path, method=method, headers=headers, **more)
        assert response.status_code < 500, (method, path, response.text)
        self._check(method, PREFIX + path, response)
        return response

    def _body(self, response: TestResponse, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.text)
        return response.get_json() if response.is_json else response.text

    def _check(self, method: str, path: str, response: TestResponse) -> None:
        if response.status_code >= 400:
            assert response.mimetype == PROBLEM, response.text
            assert response.json is not None
            assert response.json["status"] == response.status_code
            assert response.json["title"]
            assert response.json["detail"]
        operation = self._operation(method, path)
        if operation is None:
            assert response.status_code in (401, 404, 405)
            return
        assert str(response.status_code) in operation["responses"], (
            f"{operation['operationId']} may not answer {response.status_code}: {response.text}"
        )
        found = self._resolved(operation["responses"][str(response.status_code)])
        schema = found["content"][response.mimetype]["schema"]
        if response.is_json:
            whole = {**schema, "components": self.document["components"]}
            Draft202012Validator(whole).validate(response.json)

    def _operation(self, method: str, path: str) -> Any:
        """What the document says of the call, None when there is no such one."""
        try:
            endpoint, _values = self.app.url_map.bind("").match(path.partition("?")[0], method)
        except HTTPException:
            return None
        group, _dot, name = endpoint.removeprefix("api_").partition(".")
        wanted = f"{group}_{name}"
        operations = (
            operation
            for calls in self.document["paths"].values()
            for kind, operation in calls.items()
            if kind != "parameters"
        )
        return next(each for each in operations if each["operationId"] == wanted)

    def _resolved(self, part: Any) -> Any:
        if "$ref" not in part:
            return part
        found: Any = self.document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    @property
    def document(self) -> Any:
        if "openapi" not in self.app.extensions:
            text = self.app.test_client().get(f"{PREFIX}/openapi.json").text
            self.app.extensions["openapi"] = json.loads(text)
        return self.app.extensions["openapi"]


def _parts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _part(name, value) for name, value in values.items()}


def _part(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return FileStorage(io.BytesIO(value), filename=name)
    if isinstance(value, dict):
        return [
            FileStorage(io.BytesIO(_bytes(content)), filename=file)
            for file, content in value.items()
        ]
    return value


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
