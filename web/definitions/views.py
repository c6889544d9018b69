"""What is deployed: every process, its versions, each version as picture and as list."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for

from engine import deployments, drafts
from engine.tables import ProcessVersion
from web import transactions
from web.definitions import blueprint, steps
from web.permissions import Permission, permission
from web.texts import gettext as _

READERS = (Permission.PROCESS_OWNER, Permission.ADMINISTRATOR)


@blueprint.get("/")
@permission(*READERS)
def index() -> str:
    session = transactions.reading()
    running = deployments.running_counts(session)
    return render_template(
        "definitions/index.html",
        title=_("Processer"),
        cards=[
            {
                "version": version,
                "purpose": steps.purpose(version),
                "running": running.get(version.key, 0),
                "draft": drafts.get(session, version.key),
            }
            for version in deployments.all_current(session)
        ],
    )


@blueprint.get("/<key>")
@permission(*READERS)
def process(key: str) -> str:
    session = transactions.reading()
    current = deployments.current(session, key)
    return render_template(
        "definitions/process.html",
        title=current.name,
        crumbs=[(_("Processer"), _address("index")), (current.name, "")],
        version=current,
        purpose=steps.purpose(current),
        versions=deployments.versions(session, key),
        running=deployments.running_counts(session).get(key, 0),
        draft=drafts.get(session, key),
        picture={"xml": bpmn_of(current)},
        steps=steps.of(current),
    )


@blueprint.get("/<key>/version/<int:number>")
@permission(*READERS)
def version(key: str, number: int) -> str:
    found = deployments.version(transactions.reading(), key, number)
    heading = _("%(name)s, version %(number)s", name=found.name, number=number)
    return render_template(
        "definitions/version.html",
        title=heading,
        crumbs=[
            (_("Processer"), _address("index")),
            (found.name, _address("process", key=key)),
            (_("Version %(number)s", number=number), ""),
        ],
        version=found,
        picture={"xml": bpmn_of(found)},
        steps=steps.of(found),
    )


@blueprint.get("/<key>/version/<int:number>/bpmn")
@permission(*READERS)
def bpmn(key: str, number: int) -> Response:
    """The exact file, for other tools."""
    found = deployments.version(transactions.reading(), key, number)
    return Response(
        bpmn_of(found),
        mimetype="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{key}-{number}.bpmn"'},
    )


def bpmn_of(version: ProcessVersion) -> str:
    text: str = version.files[version.file_name]
    return text


def _address(endpoint: str, **values: Any) -> str:
    return url_for(f"definitions.{endpoint}", **values)
