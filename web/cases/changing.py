"""Correcting the card, its people and its secrecy; withdrawing the case."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import FieldError, Invalid
from processes import access, accounts, cases, secrecy
from processes.cases import Case
from web import transactions
from web.cases import NUMBER, blueprint, number_of, schemas
from web.cases import answers as form_answers
from web.current import actor, engine
from web.form_answers import read
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

DAYS = ("received_on", "ready_by_on", "decide_by_on")
TEXTS = ("heading", "public_heading", "kind", "initiator")


@blueprint.get(f"{NUMBER}/andra")
@permission(Permission.STAFF)
def edit(registry: str, seq: int, year: int) -> str:
    case = _changeable(registry, seq, year)
    shown = {name: getattr(case, name) for name in TEXTS}
    shown |= {name: day.isoformat() for name in DAYS if (day := getattr(case, name))}
    return _page(case, shown)


@blueprint.post(f"{NUMBER}/andra")
@permission(Permission.STAFF)
def change(registry: str, seq: int, year: int) -> str | Response | tuple[str, int]:
    case = _changeable(registry, seq, year)
    schema = schemas.change_case()
    try:
        answers = form_answers.sent(schema)
        values: dict[str, Any] = {name: answers.get(name, "") for name in TEXTS}
        values |= {name: form_answers.day(answers, name) for name in DAYS}
        transactions.perform(
            lambda session: cases.change(
                session,
                engine(),
                case.number,
                values,
                actor=actor(),
                lock_version=request.form.get("lock_version", type=int),
            )
        )
    except Invalid as refused:
        return _page(case, read(schema, request.form), refused.errors), 422
    flash(_("Uppgifterna är ändrade. Vad som stod förut finns i historiken."), "success")
    return redirect(case_address(case.number))


@blueprint.post(f"{NUMBER}/handlaggare")
@permission(Permission.STAFF)
def change_officer(registry: str, seq: int, year: int) -> Response:
    case = _changeable(registry, seq, year)
    officer = request.form.get("officer", "")

    def work(session: Session) -> None:
        cases.change_officer(session, engine(), case.number, officer, actor=actor())

    transactions.perform(work)
    flash(_("Ärendet och dess uppgifter ligger nu hos den nya handläggaren."), "success")
    return redirect(case_address(case.number))


@blueprint.post(f"{NUMBER}/sekretess")
@permission(Permission.STAFF)
def set_secrecy(registry: str, seq: int, year: int) -> Response:
    case = _changeable(registry, seq, year)

    def work(session: Session) -> None:
        if request.form.get("do") == "lift":
            reason = request.form.get("reason", "")
            secrecy.lift_case(session, engine(), case.number, reason=reason, actor=actor())
        else:
            secrecy.mark_case(
                session,
                engine(),
                case.number,
                legal_ground=request.form.get("legal_ground", ""),
                public_heading=request.form.get("public_heading", ""),
                actor=actor(),
            )

    transactions.perform(work)
    flash(_("Sekretessen är ändrad."), "success")
    return redirect(case_address(case.number))


@blueprint.post(f"{NUMBER}/aterkalla")
@permission(Permission.STAFF)
def withdraw(registry: str, seq: int, year: int) -> Response:
    case = _changeable(registry, seq, year)
    reason = request.form.get("reason", "")
    transactions.perform(
        lambda session: cases.withdraw(session, engine(), case.number, reason=reason, actor=actor())
    )
    flash(_("Ärendet är återkallat och avslutas."), "success")
    return redirect(case_address(case.number))


def _changeable(registry: str, seq: int, year: int) -> Case:
    """The case, when the reader has a part in it or keeps its registry."""
    session = transactions.reading()
    number = number_of(registry, seq, year)
    case = access.case(session, reader(), cases.resolve(session, number) or number)
    access.require_part(session, reader(), case)
    return case


def _page(case: Case, shown: dict[str, Any], errors: list[FieldError] | None = None) -> str:
    session = transactions.reading()
    return render_template(
        "cases/change.html",
        title=_("Ändra %(number)s", number=case.number),
        crumbs=[
            (_("Ärenden"), url_for("cases.index")),
            (case.number, case_address(case.number)),
            (_("Ändra uppgifter"), ""),
        ],
        case=case,
        form=form_answers.form(schemas.change_case(), shown, errors or ()),
        errors=errors,
        people=[(each.id, each.name) for each in accounts.everyone(session, active_only=True)],
    )
