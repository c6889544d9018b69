"""The editor: a draft is opened, checked and saved here; it never runs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from engine import deployments, drafts
from engine.errors import Invalid, NotFound, Stale
from engine.gate.drawable import drawable
from engine.tables import Draft
from web import transactions
from web.current import actor, engine, now, product
from web.definitions import blueprint, choices, conflict, previews, reading
from web.definitions.checking import findings_of
from web.definitions.versions import bpmn_of, find_current
from web.permissions import Permission, permission
from web.texts import gettext as _

OWNER = Permission.PROCESS_OWNER


@blueprint.get("/<key>/redigera")
@permission(OWNER)
def edit(key: str) -> str:
    # bpmn-js writes styles on the elements it draws: this page alone allows that.
    g.style_source = "'self' 'unsafe-inline'"
    session = transactions.reading()
    version = find_current(key)
    draft = drafts.get(session, key)
    if version is None and draft is None:
        raise NotFound(_("Processen finns inte."))
    bpmn = draft.bpmn if draft else bpmn_of(version) if version else ""
    name = reading.name_in(bpmn, key)
    return render_template(
        "definitions/edit.html",
        title=name,
        key=key,
        frame_class="full",
        version=version,
        draft=draft,
        running=deployments.running_counts(session).get(key, 0),
        settings=_settings(key, bpmn, draft),
    )


@blueprint.post("/<key>/utkast")
@permission(OWNER)
def save(key: str) -> ResponseReturnValue:
    """Save the draft as it is, mistakes included, and say what the check finds.

    Saved over somebody else's, it is refused with what it takes to choose between the two.
    """
    sent = _sent()
    try:
        saved = transactions.perform(
            lambda session: drafts.save(
                session,
                engine(),
                key,
                sent["bpmn"],
                lock_version=sent.get("lock_version"),
                actor=actor(),
            )
        )
    except Stale as stale:
        said = conflict.told(key, sent["bpmn"])
        return jsonify(detail=str(stale), **said), HTTPStatus.CONFLICT
    return jsonify(lock_version=saved.lock_version, findings=_check(key, sent["bpmn"]))


@blueprint.post("/<key>/kontrollera")
@permission(OWNER)
def check(key: str) -> ResponseReturnValue:
    return jsonify(findings=_check(key, _sent()["bpmn"]))


@blueprint.post("/<key>/utkast/slang")
@permission(OWNER)
def discard(key: str) -> Response:
    transactions.perform(lambda session: drafts.discard(session, engine(), key, actor=actor()))
    flash(_("Utkastet är slängt. Versionen som gäller är orörd."), "success")
    if find_current(key) is None:
        return redirect(url_for("definitions.index"))
    return redirect(url_for("definitions.process", key=key))


@blueprint.get("/rakna-tidsfrist")
@permission(OWNER)
def preview_deadline() -> ResponseReturnValue:
    text, on_event = request.args.get("text", "").strip(), request.args.get("pa") == "handelse"
    context = deployments.gate_context(transactions.reading(), engine())
    return jsonify(previews.of_deadline(text, context, now(), on_event=on_event))


@blueprint.get("/rakna-forsok")
@permission(OWNER)
def preview_retries() -> ResponseReturnValue:
    return jsonify(previews.of_retries(*_asked_of_retrying(), product().host))


@blueprint.get("/rakna-paus")
@permission(OWNER)
def preview_backoff() -> ResponseReturnValue:
    return jsonify(previews.of_backoff(*_asked_of_retrying(), product().host))


def _asked_of_retrying() -> tuple[str, str]:
    return request.args.get("text", "").strip(), request.args.get("operation", "")


def _check(key: str, bpmn: str) -> list[dict[str, str]]:
    return [
        {"element": found.element, "message": found.message, "severity": str(found.severity)}
        for found in findings_of(key, bpmn)
    ]


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not isinstance(sent.get("bpmn"), str):
        raise Invalid.field("bpmn", _("Diagrammet följde inte med. Inget har ändrats."))
    reading.require_diagram("bpmn", "diagram.bpmn", sent["bpmn"])
    return sent


def _settings(key: str, bpmn: str, draft: Draft | None) -> dict[str, Any]:
    return {
        "bpmn": bpmn,
        "key": key,
        "lockVersion": draft.lock_version if draft else None,
        "csrfToken": generate_csrf(),
        "saveUrl": url_for("definitions.save", key=key),
        "checkUrl": url_for("definitions.check", key=key),
        "deployUrl": url_for("definitions.prepare_deployment", key=key),
        "compareUrl": url_for("definitions.compare", key=key),
        "previewUrls": {
            "deadline": url_for("definitions.preview_deadline"),
            "retries": url_for("definitions.preview_retries"),
            "backoff": url_for("definitions.preview_backoff"),
        },
        "findings": _check(key, bpmn) if draft else [],
        "drawable": drawable().as_json(),
        "lists": choices.lists(transactions.reading(), product().host),
    }
