"""Deploying, and reading what is deployed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from engine import deployments, gate
from engine.errors import Invalid
from engine.tables import ProcessVersion
from web import transactions
from web.api import schemas
from web.current import actor, engine
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Blueprint("api_processes", __name__, url_prefix="/api/v1")

MAX_UNPACKED = 20_000_000
MAX_FILES = 500


@blueprint.post("/deployments")
@permission(Permission.PROCESS_OWNER)
@blueprint.arguments(schemas.DryRun, location="query")
def deploy(query: dict[str, Any]) -> ResponseReturnValue:
    """Check the files and make new versions of their processes; `dry_run` only checks."""
    files = _files()
    if query["dry_run"]:
        session = transactions.reading()
        findings = gate.check(files, deployments.gate_context(session, engine()))
        return jsonify(
            valid=not any(found.severity == "error" for found in findings),
            findings=[asdict(found) for found in findings],
        )
    done = transactions.perform(
        lambda session: deployments.deploy(session, engine(), files, actor=actor())
    )
    body = {
        "id": done.id,
        "processes": [{"key": key, "version": version} for key, version in done.processes],
        "warnings": [asdict(found) for found in done.warnings],
    }
    return jsonify(body), 201


@blueprint.get("/processes")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.ProcessOut(many=True))
def processes() -> list[ProcessVersion]:
    return deployments.all_current(transactions.reading())


@blueprint.get("/processes/<key>/versions")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.ProcessOut(many=True))
def versions(key: str) -> list[ProcessVersion]:
    session = transactions.reading()
    deployments.current(session, key)  # 404 when there is no such process
    return deployments.versions(session, key)


@blueprint.get("/processes/<key>/versions/<int:number>/bpmn")
@permission(Permission.STAFF)
def bpmn(key: str, number: int) -> Response:
    """The exact XML that was deployed."""
    version = deployments.version(transactions.reading(), key, number)
    return Response(version.files[version.file_name], mimetype="application/xml")


def _files() -> dict[str, str]:
    uploads = request.files.getlist("files")
    if not uploads:
        raise Invalid.field("files", _("Inga filer följde med. Skicka dem i fältet ”files”."))
    files: dict[str, bytes] = {}
    for upload in uploads:
        content = upload.read()
        name = (upload.filename or "").rsplit("/", 1)[-1]
        files |= _unpacked(content) if name.endswith(".zip") else {name: content}
    return {name: _text(name, content) for name, content in files.items()}


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid.field(name, _("Filen är inte text i UTF-8.")) from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip; one that would unpack to something enormous is refused unread."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > MAX_FILES or sum(each.file_size for each in members) > MAX_UNPACKED:
                raise Invalid.field("files", _("Zip-filen är för stor uppackad."))
            return {each.filename.rsplit("/", 1)[-1]: archive.read(each) for each in members}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise Invalid.field("files", _("Zip-filen går inte att läsa.")) from error
