"""Correcting the card, its people and its secrecy; withdrawing the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import instances
from engine.errors import FieldError, Invalid
from engine.spiff import Moved
from processes import access, cases, consultations, secrecy
from processes.cases import Case
from web import transactions
from web.cases import NUMBER, blueprint, number_of, officers, schemas
from web.cases import answers as form_answers
from web.current import actor, engine
from web.form_answers import read
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

DAYS = ("received_on", "ready_by_on", "decide_by_on")
FACTS = "facts"  # the first form of the page
TEXTS = ("heading", "public_heading", "kind", "initiator")


@blueprint.get(f"{NUMBER}/andra")
@permission(Permission.STAFF)
def edit(registry: str, seq: int, year: int) -> str:
    case = _changeable(registry, seq, year)
    return _page(case, _facts(case))


@blueprint.post(f"{NUMBER}/andra")
@permission(Permission.STAFF)
def change(registry: str, seq: int, year: int) -> str | Response | tuple[str, int]:
    case = _changeable(registry, seq, year)
    schema = schemas.change_case()
    try:
        answers = form_answers.sent(schema)
        values: dict[str, Any] = {name: answers.get(name, "") for name in TEXTS}
        values |= {name: form_answers.day(answers, name) for name in DAYS}
        if not _is_confirmed(values) and (moved := _would_move(case, values)):
            return _page(case, read(schema, request.form), moved=moved, confirms=_days(values))
        transactions.perform(
            lambda session: cases.change(
                session,
                engine(),
                case.number,
                values,
                actor=actor(),
                lock_version=_lock_version(),
            )
        )
    except Invalid as refused:
        shown = read(schema, request.form)
        return _page(case, shown, refused.errors, part=FACTS), 422
    flash(_("Uppgifterna är ändrade. Vad som stod förut finns i historiken."), "success")
    return redirect(case_address(case.number))


def _days(values: dict[str, Any]) -> str:
    """What a confirmation is of: with other days, other things move."""
    return " ".join(str(values[name] or "-") for name in DAYS)


def _is_confirmed(values: dict[str, Any]) -> bool:
    return request.form.get("confirmed") == _days(values)


def _lock_version() -> int | None:
    return request.form.get("lock_version", type=int)


def _would_move(case: Case, values: dict[str, Any]) -> list[tuple[str, Moved]]:
    """The timers and tasks that hang on the days, by name, where they are and where they'd be."""
    moved = transactions.perform(
        lambda session: cases.preview_change(
            session, engine(), case.number, values, actor=actor(), lock_version=_lock_version()
        )
    )
    names = _step_names(transactions.reading(), case.number) if moved else {}
    return [(names.get(each.element) or _("Bevakning"), each) for each in moved]


def _step_names(session: Session, number: str) -> dict[str, str]:
    """Of every step in the processes that the case runs."""
    running = instances.of_business_key(session, number)
    specs = [engine().specs_of(session, each.process_version_id) for each in running]
    return {info.id: info.name or "" for each in specs for info in each.elements.values()}


@blueprint.post(f"{NUMBER}/handlaggare")
@permission(Permission.STAFF)
def change_officer(registry: str, seq: int, year: int) -> ResponseReturnValue:
    case = _changeable(registry, seq, year)
    officer, reason = request.form.get("officer", ""), request.form.get("reason", "")
    done = _("Ärendet och dess uppgifter ligger nu hos den nya handläggaren.")
    return _do(
        case,
        lambda session: cases.change_officer(
            session, engine(), case.number, officer, actor=actor(), reason=reason
        ),
        part="officer",
        done=done,
    )


@blueprint.post(f"{NUMBER}/sekretess")
@permission(Permission.STAFF)
def set_secrecy(registry: str, seq: int, year: int) -> ResponseReturnValue:
    case = _changeable(registry, seq, year)
    if request.form.get("do") == "lift":
        reason = request.form.get("reason", "")
        return _do(
            case,
            lambda session: secrecy.lift_case(
                session, engine(), case.number, reason=reason, actor=actor()
            ),
            part="secrecy",
            done=_("Sekretessen är hävd. Alla som arbetar här ser ärendet."),
        )
    return _do(
        case,
        lambda session: secrecy.mark_case(
            session,
            engine(),
            case.number,
            legal_ground=request.form.get("legal_ground", ""),
            public_heading=request.form.get("public_heading", ""),
            actor=actor(),
        ),
        part="secrecy",
        done=_("Ärendet är sekretessmarkerat. Bara de som arbetar i det ser det."),
    )


@blueprint.post(f"{NUMBER}/aterkalla")
@permission(Permission.STAFF)
def withdraw(registry: str, seq: int, year: int) -> ResponseReturnValue:
    case = _changeable(registry, seq, year)
    reason = request.form.get("reason", "")
    return _do(
        case,
        lambda session: cases.withdraw(
            session, engine(), case.number, reason=reason, actor=actor()
        ),
        part="withdraw",
        done=_("Ärendet är återkallat och går till avslut."),
    )


def _do(
    case: Case, work: Callable[[Session], object], *, part: str, done: str
) -> ResponseReturnValue:
    """One of the page's smaller forms: done, or shown again with what was wrong beside it."""
    try:
        transactions.perform(work)
    except Invalid as refused:
        return _page(_again(case), _facts(case), refused.errors, part=part), 422
    flash(done, "success")
    return redirect(case_address(case.number))


def _again(case: Case) -> Case:
    return cases.get(transactions.reading(), case.number)


def _facts(case: Case) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(case, name) for name in TEXTS}
    return shown | {name: day.isoformat() for name in DAYS if (day := getattr(case, name))}


@blueprint.post("/avstamning/<consultation_id>/avbryt")
@permission(Permission.STAFF)
def call_off(consultation_id: str) -> Response:
    """A18: the case goes on without the reply."""
    session = transactions.reading()
    asked = consultations.get(session, consultation_id)
    case = access.case(session, reader(), asked.case_number)
    access.require_part(session, reader(), case)

    def work(session: Session) -> None:
        consultations.call_off(session, engine(), consultation_id, actor=actor())

    transactions.perform(work)
    flash(_("Avstämningen med %(who)s är avbruten.", who=asked.recipient), "success")
    return redirect(case_address(case.number))


def _changeable(registry: str, seq: int, year: int) -> Case:
    """The case, when the reader has a part in it or keeps its registry."""
    session = transactions.reading()
    case = access.case(session, reader(), number_of(registry, seq, year))
    access.require_part(session, reader(), case)
    return case


def _page(
    case: Case,
    shown: dict[str, Any],
    errors: list[FieldError] | None = None,
    *,
    part: str = "",
    moved: list[tuple[str, Moved]] | None = None,
    confirms: str = "",
) -> str:
    session = transactions.reading()
    of_facts = (errors or []) if part == FACTS else []
    return render_template(
        "cases/change.html",
        title=_("Ändra %(number)s", number=case.number),
        crumbs=[
            (_("Ärenden"), url_for("cases.index")),
            (case.number, case_address(case.number)),
            (_("Ändra uppgifter"), ""),
        ],
        case=case,
        form=form_answers.form(schemas.change_case(), shown, of_facts),
        errors=errors,
        moved=moved,
        confirms=confirms,
        # What was wrong, by part of the page and field.
        wrong={part: {error.field: error.message for error in errors or ()}},
        sent=request.form if part != FACTS else {},
        officers=officers.choices(session),
    )
