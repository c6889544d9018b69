"""From draft to a version that new cases run; and back to an earlier one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import deployments, drafts
from engine.errors import Invalid, NotFound
from engine.tables import Draft
from web import transactions
from web.current import actor, engine
from web.definitions import blueprint, comparison, editing, views
from web.permissions import Permission, permission
from web.texts import gettext as _

OWNER = Permission.PROCESS_OWNER


@blueprint.get("/<key>/driftsatt")
@permission(OWNER)
def prepare_deployment(key: str) -> str:
    """Say first what deploying would change, and for whom."""
    draft = _draft(transactions.reading(), key)
    findings = editing.findings_of(key, draft.bpmn)
    version = editing.find_current(key)
    return render_template(
        "definitions/deploy.html",
        title=_("Driftsätt %(name)s", name=version.name if version else key),
        crumbs=_crumbs(key, _("Driftsätt")),
        version=version,
        draft=draft,
        next_number=version.version + 1 if version else 1,
        findings=findings,
        hindered=any(found.severity == "error" for found in findings),
        changes=comparison.between(views.bpmn_of(version), draft.bpmn) if version else [],
        running=deployments.running_counts(transactions.reading()).get(key, 0),
    )


@blueprint.post("/<key>/driftsatt")
@permission(OWNER)
def deploy(key: str) -> ResponseReturnValue:
    file_name = editing.file_name(key)
    comment = request.form.get("comment", "").strip()

    def work(session: Session) -> list[tuple[str, int]]:
        draft = _draft(session, key)
        drafts.require(draft, request.form.get("lock_version", type=int))
        done = deployments.deploy(
            session, engine(), {file_name: draft.bpmn}, actor=actor(), comment=comment
        )
        drafts.discard(session, engine(), key, actor=actor())
        return done.processes

    try:
        deployed = transactions.perform(work)
    except Invalid as refused:
        flash(_("Utkastet driftsattes inte: %(why)s", why=refused), "danger")
        return redirect(url_for("definitions.prepare_deployment", key=key))
    flash(
        _(
            "Version %(number)s gäller nu för nya ärenden. Pågående ärenden går kvar i sina.",
            number=dict(deployed).get(key, ""),
        ),
        "success",
    )
    return redirect(url_for("definitions.process", key=key))


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
    version = editing.find_current(key)
    if version is None:
        raise NotFound(_("Det finns ingen version att jämföra med."))
    draft = _draft(transactions.reading(), key)
    return render_template(
        "definitions/compare.html",
        title=_("Jämför %(name)s", name=version.name),
        crumbs=_crumbs(key, _("Jämför")),
        version=version,
        draft=draft,
        changes=comparison.between(views.bpmn_of(version), draft.bpmn),
        picture={"xml": draft.bpmn, "states": comparison.marks(views.bpmn_of(version), draft.bpmn)},
    )


def _draft(session: Session, key: str) -> Draft:
    draft = drafts.get(session, key)
    if draft is None:
        raise NotFound(_("Det finns inget utkast till den här processen."))
    return draft


def _crumbs(key: str, last: str) -> list[tuple[str, str]]:
    version = editing.find_current(key)
    return [
        (_("Processer"), url_for("definitions.index")),
        (
            version.name if version else key,
            url_for("definitions.process", key=key) if version else "",
        ),
        (last, ""),
    ]
