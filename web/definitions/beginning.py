"""A process that is not there yet: drawn from a name, or read in from a file."""

from __future__ import annotations

from contextlib import closing

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import drafts
from engine.errors import FieldError, Invalid
from web import names, transactions
from web.current import actor, engine
from web.definitions import blank, blueprint, reading
from web.definitions.versions import find_current
from web.permissions import Permission, permission
from web.texts import gettext as _

OWNER = Permission.PROCESS_OWNER


@blueprint.get("/ny-process")
@permission(OWNER)
def new() -> str:
    return _page()


@blueprint.post("/ny-process")
@permission(OWNER)
def begin() -> ResponseReturnValue:
    """From a name to a draft with a start, a task and an end."""
    name = " ".join(request.form.get("name", "").split())
    try:
        key = _free_key(name)
    except Invalid as refused:
        return _page(refused.errors), 422
    _save(key, blank.diagram(key, name))
    return redirect(url_for("definitions.edit", key=key))


@blueprint.post("/las-in")
@permission(OWNER)
def read_in() -> ResponseReturnValue:
    """From somebody's file to a draft: of a new process, or of one that there is."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid.field("file", _("Välj en fil."))
        with closing(sent):
            key, bpmn = reading.read_in("file", sent.filename, sent.stream.read())
        _require_no_draft("file", key)
        _save(key, bpmn)
    except Invalid as refused:
        return _page([_at_file(error) for error in refused.errors]), 422
    flash(_("Filen är inläst som utkast. Kontrollera den innan du driftsätter."), "success")
    return redirect(url_for("definitions.edit", key=key))


def _free_key(name: str) -> str:
    if not name:
        raise Invalid.field("name", _("Skriv vad processen ska heta."))
    if len(name) > blank.MAX_NAME:
        raise Invalid.field("name", _("Namnet är för långt. Högst 80 tecken."))
    key = blank.key_of(name)
    if not key:
        raise Invalid.field("name", _("Namnet behöver minst en bokstav a–ö."))
    if find_current(key):
        raise Invalid.field(
            "name", _("Det finns redan en process som heter så. Ändra den, eller välj annat namn.")
        )
    _require_no_draft("name", key)
    return key


def _require_no_draft(field: str, key: str) -> None:
    draft = drafts.get(transactions.reading(), key)
    if draft is not None:
        raise Invalid.field(
            field,
            _(
                "Det finns redan ett utkast till den processen, sparat av %(who)s. Släng det "
                "utkastet först, eller fortsätt på det.",
                who=names.person(draft.saved_by),
            ),
        )


def _save(key: str, bpmn: str) -> None:
    def work(session: Session) -> None:
        drafts.save(session, engine(), key, bpmn, actor=actor())

    transactions.perform(work)


def _at_file(error: FieldError) -> FieldError:
    """Whatever is wrong with what the file holds is shown at the file."""
    return FieldError(field="file", message=error.message)


def _page(errors: list[FieldError] | None = None) -> str:
    return render_template(
        "definitions/new.html",
        title=_("Ny process"),
        crumbs=[(_("Processer"), url_for("definitions.index")), (_("Ny process"), "")],
        name=request.form.get("name", ""),
        errors=errors,
        said={error.field: error.message for error in errors or ()},
    )
