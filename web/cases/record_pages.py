"""Records of a case (A7): new, shown, registered, corrected, annulled; and their files."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import FieldError, Invalid, Refusal
from processes import access, accounts, case_card, records
from processes.cases import Case
from processes.files import SHOWN_INLINE, StoredFile
from processes.records import Direction, NewRecord, Record, RecordCorrection
from web import dates, transactions
from web.cases import NUMBER, blueprint, number_of, schemas, uploads, words
from web.cases import answers as form_answers
from web.current import actor, engine, product, today
from web.form_answers import read
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

FACTS = ("direction", "dated_on", "subject", "sender", "recipient")


@blueprint.get(f"{NUMBER}/ny-handling")
@permission(Permission.STAFF)
def new_record(registry: str, seq: int, year: int) -> str:
    case = _open_to_records(registry, seq, year)
    shown = {"dated_on": today().isoformat(), "handling": "registreras"}
    if case.registry_code in reader().registries:  # the post is what a registrar comes with
        shown["direction"] = str(Direction.IN)
    return _new_page(case, shown)


@blueprint.post(f"{NUMBER}/ny-handling")
@permission(Permission.STAFF)
def add_record(registry: str, seq: int, year: int) -> str | Response | tuple[str, int]:
    case = _open_to_records(registry, seq, year)
    schema = schemas.record()
    try:
        answers = form_answers.sent(schema)
        stored = uploads.kept()
        record = transactions.perform(
            lambda session: _add(session, case, _record(answers), files=stored)
        )
    except uploads.REFUSALS as refused:
        shown = read(schema, request.form)
        return _new_page(case, shown, uploads.told(refused)), uploads.status_of(refused)
    flash(_kept(record), "success")
    return redirect(case_address(case.number))


def _kept(record: Record) -> str:
    if record.registered:
        return _("Handlingen är diarieförd som %(name)s.", name=record.designation)
    if record.sent_at is not None:
        return _("Handlingen är skickad till registrator, som diarieför den.")
    return _("Handlingen ligger i ärendet som arbetsmaterial.")


@blueprint.get("/handling/<record_id>")
@permission(Permission.STAFF)
def record(record_id: str) -> str:
    found = _visible(record_id)
    return _record_page(found, _facts(found))


@blueprint.post("/handling/<record_id>")
@permission(Permission.STAFF)
def act_on_record(record_id: str) -> str | Response | tuple[str, int]:
    found = _visible(record_id)
    access.require_part(transactions.reading(), reader(), _case_of(found))
    do = request.form.get("do", "")
    try:
        _act(found, do)
    except uploads.REFUSALS as refused:
        typed = do == "correct"
        shown = read(schemas.record(registered=True), request.form) if typed else _facts(found)
        page = _record_page(_visible(record_id), shown, uploads.told(refused), do)
        return page, uploads.status_of(refused)
    return redirect(url_for("cases.record", record_id=record_id))


@blueprint.get("/fil/<file_id>")
@permission(Permission.STAFF)
def download(file_id: str) -> FlaskResponse:
    """A file as it was uploaded; shown in the browser only when that is harmless."""
    session = transactions.reading()
    found = access.file(session, reader(), file_id)
    response = send_file(
        product().files.open(found.sha256),
        mimetype=found.media_type,
        as_attachment=found.media_type not in SHOWN_INLINE,
        download_name=found.name,
        etag=found.sha256,
    )
    # Whatever was uploaded, it runs nothing and reaches nothing.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _act(found: Record, do: str) -> None:
    reason = request.form.get("reason", "")
    if do == "register":
        _register(found)
    elif do == "annul":
        transactions.perform(
            lambda session: records.annul(session, engine(), found.id, reason=reason, actor=actor())
        )
        flash(_("Handlingen är makulerad. Den finns kvar, märkt."), "success")
    elif do == "attach":
        stored = uploads.kept()
        if not stored:
            raise Invalid.field("files", _("Välj en fil att lägga till."))
        transactions.perform(
            lambda session: records.add_files(session, engine(), found.id, stored, actor=actor())
        )
        flash(_("Filen är tillagd."), "success")
    elif do == "correct":
        _correct(found, reason)
    else:
        raise Refusal(_("Välj vad som ska göras med handlingen."))


def _add(session: Session, case: Case, new: NewRecord, *, files: list[StoredFile]) -> Record:
    return records.add_or_send(
        session,
        engine(),
        case.number,
        new,
        actor=actor(),
        files=files,
        is_registrar=_registers(case),
    )


def _register(found: Record) -> None:
    registers = _registers(_case_of(found))
    do = records.register if registers else records.send_for_registration
    transactions.perform(lambda session: do(session, engine(), found.id, actor=actor()))
    flash(
        _("Handlingen är diarieförd.")
        if registers
        else _("Handlingen är skickad till registrator, som diarieför den."),
        "success",
    )


def _registers(case: Case) -> bool:
    return case.registry_code in reader().registries


def _correct(found: Record, reason: str) -> None:
    answers = form_answers.sent(schemas.record(registered=True))
    values: dict[str, Any] = {name: answers.get(name, "") for name in FACTS}
    values["dated_on"] = form_answers.sure_day(answers, "dated_on")
    transactions.perform(
        lambda session: records.correct(
            session,
            engine(),
            found.id,
            values,
            reason=reason,
            actor=actor(),
            lock_version=request.form.get("lock_version", type=int),
        )
    )
    flash(_("Handlingen är rättad. Vad som stod förut finns kvar."), "success")


def _record(answers: dict[str, Any]) -> NewRecord:
    return NewRecord(
        direction=answers["direction"],
        dated_on=form_answers.sure_day(answers, "dated_on"),
        subject=answers["subject"],
        sender=answers.get("sender", ""),
        recipient=answers.get("recipient", ""),
        registered=answers["handling"] == "registreras",
        to_be_decided=answers["handling"] == "beslutas",
        secret=answers.get("secret", False),
        legal_ground=answers.get("legal_ground", ""),
    )


def _open_to_records(registry: str, seq: int, year: int) -> Case:
    """The case, when the reader may put records in it."""
    session = transactions.reading()
    case = access.case(session, reader(), number_of(registry, seq, year))
    access.require_may_add_records(session, reader(), case)
    return case


def _case_of(found: Record) -> Case:
    return access.case(transactions.reading(), reader(), found.case_number)


def _visible(record_id: str) -> Record:
    return access.record(transactions.reading(), reader(), record_id)


def _facts(found: Record) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FACTS} | {"dated_on": found.dated_on.isoformat()}


def _new_page(case: Case, shown: dict[str, Any], errors: list[FieldError] | None = None) -> str:
    return render_template(
        "cases/new_record.html",
        title=_("Ny handling i %(number)s", number=case.number),
        crumbs=_crumbs(case, _("Ny handling")),
        case=case,
        form=form_answers.form(schemas.record(), shown, errors or ()),
        errors=errors,
    )


def _record_page(
    found: Record,
    shown: dict[str, Any],
    errors: list[FieldError] | None = None,
    doing: str = "",
) -> str:
    session = transactions.reading()
    case = _case_of(found)
    traces = records.corrections(session, found.id)
    return render_template(
        "cases/record.html",
        title=found.subject,
        crumbs=_crumbs(case, found.designation or _("Arbetsmaterial")),
        record=found,
        case=case,
        described=case_card.describe(found),
        direction=words.directions()[found.direction],
        files=records.files(session, [found.id])[found.id],
        form=form_answers.form(schemas.record(registered=True), shown, errors or ()),
        errors=errors,
        doing=doing,
        said={error.field: error.message for error in errors or ()},
        typed_reason=request.form.get("reason", ""),
        traces=[(trace, _trace(trace)) for trace in traces],
        names=accounts.names(session, [trace.actor for trace in traces]),
        may_change=access.works_in(session, reader(), case) and found.annulled_at is None,
        registers=_registers(case),
    )


def _trace(trace: RecordCorrection) -> str:
    """Vad handlingen rör: Remis → Remiss"""
    title = schemas.record(registered=True)["properties"].get(trace.field, {}).get("title")
    before, after = (_said(trace.field, value) for value in (trace.before, trace.after))
    return f"{title or trace.field}: {before} → {after}"


def _said(field: str, value: str) -> str:
    if field == "direction":
        return words.directions().get(value, value)
    if field == "dated_on":
        return dates.day(date.fromisoformat(value))
    return value or _("inget")


def _crumbs(case: Case, last: str) -> list[tuple[str, str]]:
    return [
        (_("Ärenden"), url_for("cases.index")),
        (case.number, case_address(case.number)),
        (last, ""),
    ]
