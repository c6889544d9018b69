"""What is deployed: every process, its versions, each version as picture and as list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, url_for
from sqlalchemy.orm import Session

from engine import deployments, drafts
from engine.tables import Draft, ProcessVersion
from web import transactions
from web.definitions import blueprint, checking, reading, steps
from web.definitions.versions import bpmn_of
from web.permissions import Permission, permission
from web.texts import gettext as _

READERS = (Permission.PROCESS_OWNER, Permission.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One process at a glance. `version` is None for one that is only a draft yet."""

    key: str
    name: str
    version: ProcessVersion | None
    purpose: str
    within: list[str]  # the processes that call it
    running: int
    draft: Draft | None
    errors: int  # that the check finds in the draft


@blueprint.get("/")
@permission(*READERS)
def index() -> str:
    cards = _cards(transactions.reading())
    return render_template(
        "definitions/index.html",
        title=_("Processer"),
        cards=cards,
        groups=[
            (_("Egna flöden"), [card for card in cards if not card.within]),
            (_("Ingår i andra"), [card for card in cards if card.within]),
        ],
    )


def _cards(session: Session) -> list[Card]:
    """Those deployed in order of name, then those that are only drafts."""
    versions, waiting = deployments.all_current(session), drafts.everything(session)
    ahead = {draft.key: draft for draft in waiting}
    running, callers = deployments.running_counts(session), _callers(versions)
    deployed = [
        Card(
            key=version.key,
            name=version.name,
            version=version,
            purpose=steps.purpose(version),
            within=callers[version.key],
            running=running.get(version.key, 0),
            draft=(draft := ahead.pop(version.key, None)),
            errors=_errors(draft),
        )
        for version in versions
    ]
    return deployed + [
        Card(
            key=key,
            name=reading.name_in(draft.bpmn, key),
            version=None,
            purpose="",
            within=[],
            running=0,
            draft=draft,
            errors=_errors(draft),
        )
        for key, draft in ahead.items()
    ]


def _callers(versions: list[ProcessVersion]) -> dict[str, list[str]]:
    """By process, the names of the outermost ones that it is part of."""
    called_by: dict[str, list[ProcessVersion]] = {version.key: [] for version in versions}
    for version in versions:
        for called in deployments.with_called(version):
            if called != version.key and called in called_by:
                called_by[called].append(version)
    return {
        key: [caller.name for caller in callers if not called_by[caller.key]]
        for key, callers in called_by.items()
    }


def _errors(draft: Draft | None) -> int:
    if draft is None:
        return 0
    found = checking.findings_of(draft.key, draft.bpmn)
    return sum(each.refuses for each in found)


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


def _address(endpoint: str, **values: Any) -> str:
    return url_for(f"definitions.{endpoint}", **values)
