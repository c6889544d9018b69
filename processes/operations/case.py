"""Operations on the case itself: allocated, booked, moved on, answered, written off, registered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from processes import (
    agenda,
    booking,
    cases,
    casework,
    consultations,
    meetings,
    organisation,
    records,
)
from processes.cases import Allocation, Case, CaseKind, CaseStatus, DecisionForm
from processes.casework import Step
from processes.operations.registry import Operations
from processes.records import Direction, NewRecord
from processes.swedish_calendar import local_date

operations = Operations()

# Never delegated, and never only answered (KL 6:38; chapter 2).
ALWAYS_BODY = frozenset(
    {
        CaseKind.MOTION,
        CaseKind.CITIZEN_PROPOSAL,
        CaseKind.INTERPELLATION,
        CaseKind.QUESTION,
        CaseKind.ELECTION,
    }
)

# What the domain calls a field, and what the forms do.
FIELDS = {
    "case_officer": "handlaggare",
    "co_officers": "medhandlaggare",
    "responsible_manager": "ansvarig_chef",
    "decision_form": "beslutsform",
    "path": "beslutsvag",
    "delegate": "delegat",
    "ready_by_on": "klart_senast",
    "decide_by_on": "beslut_senast",
    "legal_ground": "lagrum",
    "dated_on": "inkom",
    "sender": "avsandare",
    "subject": "rubrik",
}


def case_of(call: OperationCall) -> Case:
    return cases.get(call.session, str(call.scope.data["dnr"]))


def keep(call: OperationCall, step: Step, content: Mapping[str, Any] | None = None) -> None:
    """Keep what the form stated, under the case."""
    case = case_of(call)
    casework.keep(
        call.session, case.number, step, dict(call.answers if content is None else content),
        organ=case.organ, actor=call.actor, now=call.now,
    )  # fmt: skip


def advance(call: OperationCall, status: CaseStatus) -> None:
    cases.set_status(call.session, call.engine, case_of(call).number, status, actor=call.actor)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def in_form(error: Invalid) -> Invalid:
    """The domain's refusal with the field names of the form."""
    return Invalid(
        [
            FieldError(field=FIELDS.get(one.field, one.field), message=one.message, code=one.code)
            for one in error.errors
        ]
    )


# --- allocation (chapter 4)


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
        ready_by_on=day(answers.get("klart_senast")),
        decide_by_on=day(answers.get("beslut_senast")),
        significant=bool(answers.get("stor_betydelse")),
        planned_meetings=_planned(rows) if is_body else {},
        presentations=tuple(answers.get("foredragningar") or ()),
    )
    try:
        cases.allocate(call.session, call.engine, case.number, allocation, actor=call.actor)
    except Invalid as error:
        raise in_form(error) from error


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


# --- answered or written off


@operations.inside("spara_svar", "Diarieför svaret på frågan")
def save_answer(call: OperationCall) -> None:
    """A15c: a question that is answered and not decided; a copy is registered (7.3)."""
    case = case_of(call)
    keep(call, Step.ANSWER)
    new = NewRecord(
        direction=Direction.OUT,
        dated_on=local_date(call.now),
        subject=_("Svar på fråga: %(heading)s", heading=case.heading)[:250],
        recipient=call.answers["mottagare"],
        kind="svar",
        secret=case.secret,
        legal_ground=case.legal_ground,
    )
    records.add(call.session, call.engine, case.number, new, actor=call.actor)


@operations.inside("skriv_av_arende", "Skriv av ärendet")
def write_off(call: OperationCall) -> None:
    """The place on an agenda is given up, and what was asked of others is called off."""
    case = case_of(call)
    keep(call, Step.WRITTEN_OFF)
    agenda.withdraw(call.session, case.number)
    for one in consultations.open_ones(call.session, case.number):
        consultations.close(one)
    advance(call, CaseStatus.WRITTEN_OFF)


# --- through the organs (A26, A40, A41, A45)


@operations.inside("boka_mote", "Boka sammanträde")
def book_meeting(call: OperationCall) -> dict[str, Any]:
    """A26: `late` and the choice of meeting are decided where bookings are."""
    item = booking.report(call.session, case_of(call), now=call.now)
    advance(call, CaseStatus.READY)
    return {"mote_id": item.meeting_id, "for_sent": item.late}


@operations.inside("spara_utdrag", "Spara protokollsutdraget")
def save_excerpt(call: OperationCall) -> None:
    keep(call, Step.EXCERPT)


@operations.inside("diariefor_beslut", "Diarieför beslutade handlingar")
def register_decided(call: OperationCall) -> None:
    """A41: what waited for the decision becomes registered records of the case."""
    case = case_of(call)
    keep(call, Step.DECIDED_RECORDS)
    for record in records.of_case(call.session, case.number, newest_first=False):
        if record.to_be_decided and not record.registered and record.annulled_at is None:
            records.register(call.session, call.engine, record.id, actor=call.actor)


@operations.inside("ga_till_nasta_organ", "Gå till nästa organ i beslutsvägen")
def go_on(call: OperationCall) -> dict[str, Any]:
    """A45: the next on the path, else the nearest above; `organ` None when there is none."""
    case = case_of(call)
    before = case.organ
    if case.next_organ is None and not _lengthen(call, case):
        return {"fran": before, "organ": None, "nytt_diarium": False}
    following = cases.move_on(call.session, call.engine, case.number, actor=call.actor)
    return {
        "fran": before,
        "organ": following,
        "nytt_diarium": _needs_number(call, case, following),
    }


@operations.inside("registrera_i_nasta_diarium", "Ge ärendet ett nummer i nästa organs diarium")
def register_onwards(call: OperationCall) -> dict[str, Any]:
    case = case_of(call)
    organ = organisation.get_organ(call.session, str(case.organ))
    number = cases.add_alias(
        call.session, call.engine, case.number, str(organ.registry_code), actor=call.actor
    )
    return {"nummer": number}


@operations.inside("spara_forslag_till_beslut", "Spara förslaget till nästa organ")
def save_proposal_onwards(call: OperationCall) -> None:
    """7.1.1: what the organ before proposes is what the next one takes up."""
    keep(call, Step.PROPOSAL_ONWARDS)
    memorandum = casework.latest(call.session, case_of(call).number, Step.MEMORANDUM)
    proposals = numbered(call.answers["beslutsmeningar"])
    keep(call, Step.MEMORANDUM, {**memorandum, "beslutsmeningar": proposals})


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two or more proposed decisions are numbered (5.2)."""
    if len(rows) == 1:
        return [{"mening": rows[0]["mening"]}]
    return [{"nr": number, "mening": row["mening"]} for number, row in enumerate(rows, start=1)]


def _lengthen(call: OperationCall, case: Case) -> bool:
    above = organisation.superior(call.session, str(case.organ))
    if above is None:
        return False
    longer = cases.complete_path(call.session, [*case.path, above.code], kind=case.kind)
    cases.set_path(call.session, call.engine, case.number, longer, actor=call.actor)
    return case.next_organ is not None


def _needs_number(call: OperationCall, case: Case, organ_code: str | None) -> bool:
    """An organ with a registry of its own, where the case has no number yet (3.1)."""
    organ = organisation.organ(call.session, organ_code) if organ_code else None
    if organ is None or organ.registry_code is None:
        return False
    series = organisation.get_registry(call.session, organ.registry_code).series
    known = (case.number, *cases.aliases(call.session, case.number))
    return not any(number.startswith(f"{series}/") for number in known)


# --- one record sent for registration (A19)


@operations.inside("registrera_handling", "Diarieför handlingen")
def register_record(call: OperationCall) -> dict[str, Any]:
    """Until a political body has decided, its documents are refused (5.1)."""
    record = records.get(call.session, str(call.scope.data["handling_id"]))
    if call.answers["beslut"] != "diariefor":
        return {"beteckning": ""}
    if call.answers.get("sekretess"):
        values = {"secret": True, "legal_ground": call.answers["lagrum"]}
        record.secret, record.legal_ground = values["secret"], values["legal_ground"]
    record = records.register(call.session, call.engine, record.id, actor=call.actor)
    return {"beteckning": record.designation}


@operations.inside("komplettera_handling", "Spara kompletteringen")
def complete_record(call: OperationCall) -> None:
    """What was missing is mended on the record's own page; here it is only sent again."""
