"""Operations of the allocation (chapter 4): who prepares the case, who decides, by which path."""

from __future__ import annotations

from typing import Any

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from processes import agenda, cases, meetings
from processes.cases import Allocation, Case, DecisionForm
from processes.casework import Step
from processes.operations.case import case_of, day, in_form, keep
from processes.operations.registry import Operations
from processes.suggestions import ALWAYS_BODY
from processes.swedish_calendar import local_date

operations = Operations()

# Where the forms ask for the day a case is to be prepared by, when no body decides.
NO_MEETING = "klart_utan_sammantrade"


@operations.inside("spara_fordelning", "Spara fördelningen")
def save_allocation(call: OperationCall) -> dict[str, Any]:
    """A10: nothing is decided yet when the allocator is unsure and asks (A11)."""
    keep(call, Step.ALLOCATION)
    if call.answers.get("osaker"):
        return {"osaker": True}
    _allocate(call, officer=call.answers["handlaggare"])
    return {"osaker": False}


@operations.inside("spara_direktfordelning", "Spara direktfördelningen")
def save_direct_allocation(call: OperationCall) -> None:
    """A9: who the criteria sent it to plans it, and keeps it."""
    keep(call, Step.ALLOCATION)
    _allocate(call, officer=case_of(call).case_officer or call.actor.id)


@operations.inside("spara_beslutsvag", "Spara beslutsvägen")
def save_path(call: OperationCall) -> None:
    """B1: what may not be delegated is decided by a body, by whoever prepares it already."""
    case = case_of(call)
    keep(call, Step.ALLOCATION)
    _check_meetings(call, call.answers["beslutsvag"])
    case.decision_form, case.delegate, case.delegation_point = DecisionForm.BODY, None, ""
    path = [row["organ"] for row in call.answers["beslutsvag"]]
    try:
        cases.set_path(call.session, call.engine, case.number, path, actor=call.actor)
    except Invalid as error:
        raise in_form(error) from error
    case.ready_by_on = day(call.answers.get("klart_senast"))
    case.planned_meetings = _planned(call.answers["beslutsvag"])
    _hold_place(call, case)


@operations.inside("spara_samrad", "Spara rådet om handläggare")
def save_advice(call: OperationCall) -> None:
    """A12: the advice is filled in when the allocator opens the form again."""
    keep(call, Step.ADVICE)
    case_of(call).case_officer = call.answers["handlaggare"]


@operations.inside("ange_handlaggare", "Ange handläggare på ärendekortet")
def state_officer(call: OperationCall) -> dict[str, Any]:
    """A13: allocation wrote the card; the case has its place at the meeting chosen for it."""
    case = case_of(call)
    _hold_place(call, case)
    return {"handlaggare": case.case_officer}


def _hold_place(call: OperationCall, case: Case) -> None:
    planned = case.planned_meetings.get(case.organ or "")
    if planned and case.decision_form == DecisionForm.BODY:
        agenda.book(call.session, planned, case.number, now=call.now)


def _planned(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["organ"]: row["sammantrade"] for row in rows if row.get("sammantrade")}


def _allocate(call: OperationCall, *, officer: str) -> None:
    answers, case = call.answers, case_of(call)
    rows = answers.get("beslutsvag") or []
    is_body = answers["beslutsform"] == DecisionForm.BODY
    path = (*case.path[: case.step], *(row["organ"] for row in rows)) if is_body else ()
    # Forms of earlier versions asked for one day, whoever decided.
    ready_by = "klart_senast" if is_body or NO_MEETING not in answers else NO_MEETING
    _check_form(call)
    _check_meetings(call, rows)
    allocation = Allocation(
        case_officer=officer,
        decision_form=answers["beslutsform"],
        co_officers=tuple(answers.get("medhandlaggare") or ()),
        responsible_manager=answers.get("ansvarig_chef") or case.responsible_manager,
        path=path,
        delegate=answers.get("delegat") or None,
        delegation_point=answers.get("delegationspunkt") or "",
        ready_by_on=day(answers.get(ready_by)),
        decide_by_on=day(answers.get("beslut_senast")),
        significant=bool(answers.get("stor_betydelse")),
        planned_meetings=_planned(rows) if is_body else {},
        presentations=tuple(answers.get("foredragningar") or ()),
    )
    try:
        cases.allocate(call.session, call.engine, case.number, allocation, actor=call.actor)
    except Invalid as error:
        raise in_form(error, ready_by_on=ready_by) from error


def _check_form(call: OperationCall) -> None:
    """What is raised in the assembly is decided by bodies, whoever would like to be quicker."""
    kind = case_of(call).kind
    if kind in ALWAYS_BODY and call.answers["beslutsform"] != DecisionForm.BODY:
        raise Invalid.field(
            "beslutsform", _("Ärenden av detta slag beslutas alltid av ett politiskt organ.")
        )


def _check_meetings(call: OperationCall, rows: list[dict[str, Any]]) -> None:
    """Each organ's meeting is its own, and they come in the order of the path."""
    errors, before = [], local_date(call.now)
    for number, row in enumerate(rows):
        meeting = meetings.find(call.session, row.get("sammantrade") or "")
        if meeting is None:
            continue
        if meeting.organ_code != row["organ"]:
            text = _("Sammanträdet hör till ett annat organ.")
        elif meeting.on < before:
            text = _("Sammanträdet är före det som organet innan har.")
        else:
            before = meeting.on
            continue
        errors.append(FieldError(field=f"beslutsvag.{number}.sammantrade", message=text))
    if errors:
        raise Invalid(errors)
