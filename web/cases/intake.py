"""A new case (A1–A8): what came in, the facts the law demands; the number is given on saving."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import tasks
from engine.errors import FieldError
from processes import access, case_list, cases, organisation, records
from processes.cases import Case, CaseKind, NewCase
from processes.records import Direction, NewRecord
from web import transactions
from web.cases import answers as form_answers
from web.cases import blueprint, officers, schemas, uploads
from web.current import actor, engine, today
from web.form_answers import read
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

# Raised by ourselves: nothing came in, so a document that begins it is drawn up here, if any is.
OWN = frozenset({CaseKind.INTERNAL, CaseKind.FOLLOW_UP})


@blueprint.get("/nytt")
@permission(Permission.STAFF)
def new() -> str:
    registries = _registries()
    prefilled: dict[str, Any] = {"received_on": today().isoformat()}
    if len(registries) == 1:
        prefilled["registry_code"] = next(iter(registries))
    return _page(prefilled)


@blueprint.get("/nytt/liknande")
@permission(Permission.STAFF)
def similar() -> str:
    """Likely duplicates while the heading is typed: a piece of the page."""
    found = case_list.similar(transactions.reading(), reader(), request.args.get("heading", ""))
    return render_template("cases/_similar.html", found=found)


@blueprint.post("/nytt")
@permission(Permission.STAFF)
def register() -> str | Response | tuple[str, int]:
    schema = _schema(_registries())
    try:
        answers = form_answers.sent(schema)
        access.require_registrar(reader(), answers["registry_code"])
        stored = uploads.kept()
        case = transactions.perform(lambda session: _register(session, answers, stored))
    except uploads.REFUSALS as refused:
        answers = read(schema, request.form)
        return _page(answers, uploads.told(refused)), uploads.status_of(refused)
    flash(_registered(case), "success")
    return redirect(case_address(case.number))


def _register(session: Session, answers: dict[str, Any], stored: list[Any]) -> Case:
    new_case = NewCase(
        registry_code=answers["registry_code"],
        heading=answers["heading"],
        kind=answers["kind"],
        received_on=form_answers.sure_day(answers, "received_on"),
        initiator=answers.get("initiator", ""),
        public_heading=answers.get("public_heading", ""),
        secret=answers.get("secret", False),
        legal_ground=answers.get("legal_ground", ""),
        case_officer=answers.get("case_officer") or None,
    )
    case = cases.register(session, engine(), new_case, actor=actor())
    if stored or new_case.kind not in OWN:
        records.add(
            session,
            engine(),
            case.number,
            _first_record(new_case),
            actor=actor(),
            files=stored,
            begins_case=True,
        )
    return case


def _first_record(new_case: NewCase) -> NewRecord:
    own = new_case.kind in OWN
    return NewRecord(
        direction=Direction.DRAWN_UP if own else Direction.IN,
        dated_on=new_case.received_on,
        subject=new_case.heading,
        sender="" if own else new_case.initiator or _("Uppgift saknas"),
        secret=new_case.secret,
        legal_ground=new_case.legal_ground,
    )


def _registered(case: Case) -> str:
    """The number, and who has the case now."""
    waiting = tasks.of_business_key(transactions.reading(), case.number)
    if not waiting:
        return _("Ärendet är registrerat som %(number)s.", number=case.number)
    return _(
        "Ärendet är registrerat som %(number)s. %(who)s har det nu: %(task)s.",
        number=case.number,
        who=waiting[0].candidate_label,
        task=waiting[0].name,
    )


def _page(answers: dict[str, Any], errors: list[FieldError] | None = None) -> str:
    registries = _registries()
    return render_template(
        "cases/new.html",
        title=_("Nytt ärende"),
        crumbs=[(_("Ärenden"), url_for("cases.index")), (_("Nytt ärende"), "")],
        form=form_answers.form(
            _schema(registries),
            answers,
            errors or (),
        ),
        errors=errors,
        registries=registries,
        found=case_list.similar(transactions.reading(), reader(), answers["heading"])
        if answers.get("heading")
        else [],
    )


def _schema(registries: dict[str, str]) -> schemas.Schema:
    return schemas.new_case(registries, officers.choices(transactions.reading()))


def _registries() -> dict[str, str]:
    """Those where the reader is registrar."""
    mine = reader().registries
    all_of_them = organisation.registries(transactions.reading(), today())
    return {each.code: f"{each.code} · {each.name}" for each in all_of_them if each.code in mine}
