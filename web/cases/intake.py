"""A new case (A1–A8): what came in, the facts the law demands; the number is given on saving."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
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

_MARK = "\0"  # where the link is put into the translated sentence
NEXT = "next"  # the button that goes on with another


@blueprint.get("/nytt")
@permission(Permission.STAFF)
def new() -> str:
    registries = _registries()
    chosen = request.args.get("diarium", "")
    if len(registries) == 1:
        chosen = next(iter(registries))
    received_on = request.args.get("kom_in") or today().isoformat()
    return _page({"received_on": received_on, "registry_code": chosen})


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
    return redirect(_next_letter(case) if NEXT in request.form else case_address(case.number))


def _next_letter(case: Case) -> str:
    """The morning's post lies in a pile: what came the same day to the same registry."""
    return url_for("cases.new", diarium=case.registry_code, kom_in=case.received_on.isoformat())


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


def _registered(case: Case) -> Markup:
    """The number, and who has the case now."""
    said = _("Ärendet är registrerat som %(number)s.", number=_MARK)
    before, _mark, after = said.partition(_MARK)
    link = Markup('<a href="{}">{}</a>').format(case_address(case.number), case.number)
    return escape(before) + link + escape(after) + _waits_for(case)


def _waits_for(case: Case) -> Markup:
    waiting = tasks.of_business_key(transactions.reading(), case.number)
    if not waiting:
        return Markup("")
    who = waiting[0].candidate_label
    return Markup(" ") + escape(_("%(who)s har det nu: %(task)s.", who=who, task=waiting[0].name))


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
