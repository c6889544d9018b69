"""From draft to a version that new cases run; and back to an earlier one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import deployments, drafts
from engine.errors import NotFound
from engine.gate import Finding, GateRefused
from engine.tables import Draft
from processes.case_phrases import listed
from web import transactions
from web.current import actor, engine
from web.definitions import blueprint, comparison, reading
from web.definitions.checking import findings_of
from web.definitions.versions import bpmn_of, file_name, find_current
from web.permissions import Permission, permission
from web.texts import gettext as _

OWNER = Permission.PROCESS_OWNER


@blueprint.get("/<key>/driftsatt")
@permission(OWNER)
def prepare_deployment(key: str) -> str:
    """Say first what deploying would change, and for whom."""
    draft = _draft(transactions.reading(), key)
    return _page(key, draft, findings_of(key, draft.bpmn))


@blueprint.post("/<key>/driftsatt")
@permission(OWNER)
def deploy(key: str) -> ResponseReturnValue:
    file, comment = file_name(key), request.form.get("comment", "").strip()

    view = transactions.reading()
    checked = deployments.check(view, engine(), {file: _draft(view, key).bpmn})

    def work(session: Session) -> list[tuple[str, int]]:
        draft = _draft(session, key)
        drafts.require(draft, request.form.get("lock_version", type=int))
        done = deployments.deploy(
            session,
            engine(),
            {file: draft.bpmn},
            actor=actor(),
            comment=comment,
            checked=checked,
        )
        drafts.discard(session, engine(), key, actor=actor())
        return done.processes

    try:
        deployed = transactions.perform(work)
    except GateRefused as refused:
        return _page(key, _draft(transactions.reading(), key), refused.findings), 422
    number = dict(deployed).get(key, "")
    flash(
        _(
            "Version %(number)s gäller nu för nya ärenden. Pågående ärenden går kvar i sina.",
            number=number,
        ),
        "success",
    )
    return redirect(url_for("definitions.process", key=key))


def _page(key: str, draft: Draft, findings: list[Finding]) -> str:
    session, version = transactions.reading(), find_current(key)
    return render_template(
        "definitions/deploy.html",
        title=_("Driftsätt %(name)s", name=reading.name_in(draft.bpmn, key)),
        crumbs=_crumbs(key, _("Driftsätt")),
        version=version,
        draft=draft,
        next_number=_next_number(session, key),
        findings=findings,
        names=comparison.names(draft.bpmn),
        hindered=any(found.refuses for found in findings),
        changes=comparison.between(bpmn_of(version), draft.bpmn) if version else [],
        callers=deployments.callers(session, key),
        listed=listed,
        running=deployments.running_counts(session).get(key, 0),
    )


def _next_number(session: Session, key: str) -> int:
    return max((version.version for version in deployments.versions(session, key)), default=0) + 1


@blueprint.post("/<key>/version/<int:number>/gor-gallande")
@permission(OWNER)
def make_current(key: str, number: int) -> Response:
    transactions.perform(
        lambda session: deployments.make_current(session, engine(), key, number, actor=actor())
    )
    flash(
        _(
            "Version %(number)s gäller nu för nya ärenden. Pågående ärenden går kvar i sina.",
            number=number,
        ),
        "success",
    )
    return redirect(url_for("definitions.process", key=key))


@blueprint.get("/<key>/jamfor")
@permission(OWNER)
def compare(key: str) -> str:
    """The draft beside the version in force, as a list of what differs."""
    version = find_current(key)
    if version is None:
        raise NotFound(_("Det finns ingen version att jämföra med."))
    draft = _draft(transactions.reading(), key)
    return render_template(
        "definitions/compare.html",
        title=_("Jämför %(name)s", name=version.name),
        crumbs=_crumbs(key, _("Jämför")),
        version=version,
        draft=draft,
        changes=comparison.between(bpmn_of(version), draft.bpmn),
        picture={"xml": draft.bpmn, "states": comparison.marks(bpmn_of(version), draft.bpmn)},
    )


def _draft(session: Session, key: str) -> Draft:
    draft = drafts.get(session, key)
    if draft is None:
        raise NotFound(_("Det finns inget utkast till den här processen."))
    return draft


def _crumbs(key: str, last: str) -> list[tuple[str, str]]:
    version = find_current(key)
    address = url_for("definitions.process" if version else "definitions.edit", key=key)
    name = (
        version.name if version else reading.name_in(_draft(transactions.reading(), key).bpmn, key)
    )
    return [(_("Processer"), url_for("definitions.index")), (name, address), (last, "")]
