"""Deploying, and reading what is deployed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from engine import deployments
from engine.deployments import Deployment
from engine.errors import Refusal
from engine.tables import ProcessVersion
from web import transactions
from web.api import lists, schemas, unpacking
from web.api.blueprints import Calls
from web.current import actor, engine
from web.permissions import Permission, permission

blueprint = Calls("processes", about="What is deployed, and deploying it.")

MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "`.bpmn`, `.dmn` and form `.json` files, or one `.zip`",
                        }
                    },
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "Only checked (`dry_run`)",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Deployment"}}
            },
        }
    },
}


class _OnlyChecked(Refusal):
    """Ends a dry run: what the deployment made is undone."""

    def __init__(self, done: Deployment) -> None:
        super().__init__()
        self.done = done


@blueprint.post("/deployments")
@permission(Permission.PROCESS_OWNER)
@blueprint.arguments(schemas.DryRun, location="query")
@blueprint.response(201, schemas.Deployment)
@blueprint.doc(**MULTIPART)
def deploy(query: dict[str, Any]) -> Any:
    """Check files and make new versions of their processes, all of them or none.

    422 with every finding of the gate. `dry_run` only checks, and answers what would be made.
    """
    files = unpacking.files()
    if query["dry_run"]:
        return {**_answer(_tried(files)), "id": None}, 200
    return _answer(transactions.perform(_deploying(files)))


@blueprint.get("/processes")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Paging, location="query")
@blueprint.response(200, schemas.paged(schemas.Process))
def processes(query: dict[str, Any]) -> Any:
    """The current version of every process."""
    found = deployments.all_current(transactions.reading())
    return lists.page(found, lambda version: (version.key,), **query)


@blueprint.get("/processes/<key>/versions")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Paging, location="query")
@blueprint.response(200, schemas.paged(schemas.Process))
def versions(query: dict[str, Any], key: str) -> Any:
    """Every version of a process, the newest first."""
    session = transactions.reading()
    deployments.current(session, key)  # 404 when there is no such process
    found = deployments.versions(session, key)
    return lists.page(found, _number, newest_first=True, **query)


@blueprint.get("/processes/<key>/versions/<int:number>/bpmn")
@permission(Permission.STAFF)
@blueprint.response(200, {"type": "string"}, content_type="application/xml")
def bpmn(key: str, number: int) -> Response:
    """The exact XML that runs."""
    version = deployments.version(transactions.reading(), key, number)
    return Response(deployments.bpmn_of(version, key), mimetype="application/xml")


def _deploying(files: dict[str, str]) -> Callable[[Session], Deployment]:
    """The gate is asked here, before anybody is kept waiting by the transaction."""
    checked = deployments.check(transactions.reading(), engine(), files)
    return lambda session: deployments.deploy(
        session, engine(), files, actor=actor(), checked=checked
    )


def _tried(files: dict[str, str]) -> Deployment:
    deploy = _deploying(files)

    def work(session: Session) -> None:
        raise _OnlyChecked(deploy(session))

    try:
        transactions.perform(work)
    except _OnlyChecked as checked:
        return checked.done
    raise AssertionError("a dry run always ends in being undone")


def _answer(done: Deployment) -> dict[str, Any]:
    return {
        "id": done.id,
        "processes": [{"key": key, "version": version} for key, version in done.processes],
        "warnings": [asdict(found) for found in done.warnings],
    }


def _number(version: ProcessVersion) -> lists.Place:
    return (version.version,)
