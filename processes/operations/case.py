"""Operations on the case itself: booked, moved on, answered, written off, registered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import untranslated
from processes import (
    agenda,
    booking,
    cases,
    casework,
    consultations,
    facts,
    meetings,
    organisation,
    records,
    secrecy,
)
from processes.cases import Case, CaseStatus
from processes.casework import Step
from processes.operations.registry import Operations
from processes.organisation import OrganKind
from processes.records import Direction, NewRecord, Record
from processes.swedish_calendar import local_date

operations = Operations()

EXCERPT = "protokollsutdrag"  # the kind of its record

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
    "member": "medlemmar",
}


def case_of(call: OperationCall) -> Case:
    found = facts.case_of(call.session, call.scope)
    if found is None:
        raise cases.CaseNotFound(call.scope.business_key or "")
    return found


def record_of(call: OperationCall) -> Record:
    """The record that the flow is about, one of its own case's."""
    found = records.get(call.session, str(call.scope.data["handling_id"]))
    if found.case_number != case_of(call).number:
        raise records.RecordNotFound
    return found


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


def in_form(error: Invalid, **otherwise: str) -> Invalid:
    """The domain's refusal with the field names of the form; `otherwise` where it has its own."""
    names = FIELDS | otherwise
    return Invalid(
        [
            FieldError(field=names.get(one.field, one.field), message=one.message, code=one.code)
            for one in error.errors
        ]
    )


# --- answered or written off


@operations.inside("spara_svar", "Diarieför svaret på frågan")
def save_answer(call: OperationCall) -> None:
    """A15c: a question that is answered and not decided; a copy is registered (7.3)."""
    case = case_of(call)
    keep(call, Step.ANSWER)
    new = NewRecord(
        direction=Direction.OUT,
        dated_on=local_date(call.now),
        subject=untranslated("Svar på fråga: %(heading)s", heading=case.heading)[:250],
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
    case = case_of(call)
    item = booking.report(call.session, case, now=call.now)
    meeting = meetings.get(call.session, item.meeting_id)
    booking.admit(call.session, call.engine, case, meeting, actor=call.actor)
    advance(call, CaseStatus.READY)
    return {"mote_id": item.meeting_id, "for_sent": item.late}


@operations.inside("spara_utdrag", "Spara protokollsutdraget")
def save_excerpt(call: OperationCall) -> None:
    keep(call, Step.EXCERPT)


@operations.inside("diariefor_beslut", "Diarieför utdrag och beslutade handlingar")
def register_decided(call: OperationCall) -> None:
    """A41: the excerpt, and what waited for the decision, become registered records of the case."""
    case = case_of(call)
    keep(call, Step.DECIDED_RECORDS)
    _register_excerpt(call, case)
    for record in records.of_case(call.session, case.number, newest_first=False):
        if record.to_be_decided and not record.registered and record.annulled_at is None:
            records.register(call.session, call.engine, record.id, actor=call.actor)


@operations.inside("ga_till_nasta_organ", "Gå till nästa organ i beslutsvägen")
def go_on(call: OperationCall) -> dict[str, Any]:
    """A45: the next on the path, else the nearest above; `organ` None when there is none."""
    case = case_of(call)
    before = case.organ
    said = {"fran": before, "organ": None, "nytt_diarium": False, "fran_namnd": False}
    if case.next_organ is None and not _lengthen(call, case):
        return said
    following = cases.move_on(call.session, call.engine, case.number, actor=call.actor)
    left = organisation.get_organ(call.session, str(before))
    new_number = _needs_number(call, case, following)
    return said | {
        "organ": following,
        "nytt_diarium": new_number,
        "fran_namnd": left.kind == OrganKind.COMMITTEE and not new_number,
    }


@operations.inside("registrera_i_nasta_diarium", "Ge ärendet ett nummer i nästa organs diarium")
def register_onwards(call: OperationCall) -> dict[str, Any]:
    """A45: what leaves for another authority is a record in both registries (TF 2:10)."""
    case = case_of(call)
    organ = organisation.get_organ(call.session, str(case.organ))
    number = cases.add_alias(
        call.session, call.engine, case.number, str(organ.registry_code), actor=call.actor
    )
    _register_excerpt(call, case)
    return {"nummer": number}


def _register_excerpt(call: OperationCall, case: Case) -> None:
    """Unless somebody has put it there with its file already: then that one is registered."""
    decided_on = case.decided_on or local_date(call.now)
    known = records.of_case(call.session, case.number)
    there = [one for one in known if _is_excerpt(one, case, decided_on)]
    if there:
        if not any(one.registered for one in there):
            records.register(call.session, call.engine, there[0].id, actor=call.actor)
        return
    new = NewRecord(
        direction=Direction.DRAWN_UP,
        dated_on=decided_on,
        subject=" ".join(
            part
            for part in (untranslated("Protokollsutdrag"), case.decided_by, case.item_number)
            if part
        ),
        kind=EXCERPT,
        secret=case.secret,
        legal_ground=case.legal_ground,
    )
    records.add(call.session, call.engine, case.number, new, actor=call.actor)


def _is_excerpt(record: Record, case: Case, decided_on: date) -> bool:
    """Of this paragraph of that organ; what is annulled is as if it were not there."""
    return (
        record.kind == EXCERPT
        and record.annulled_at is None
        and record.dated_on >= decided_on
        and all(_says(record.subject, part) for part in (case.decided_by, case.item_number) if part)
    )


def _says(subject: str, part: str) -> bool:
    """As words of their own: § 1 is not § 12, nor RS the RS of RSAU."""
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", subject) is not None


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
    record = record_of(call)
    if call.answers["beslut"] != "diariefor":
        return {"beteckning": ""}
    if call.answers.get("sekretess"):
        try:
            secrecy.mark_record(
                call.session, call.engine, record.id,
                legal_ground=call.answers["lagrum"], actor=call.actor,
            )  # fmt: skip
        except Invalid as error:
            raise in_form(error) from error
    record = records.register(call.session, call.engine, record.id, actor=call.actor)
    return {"beteckning": record.designation}


@operations.inside("komplettera_handling", "Spara kompletteringen")
def complete_record(call: OperationCall) -> None:
    """What was missing is mended on the record's own page; here it is sent again, or taken back."""
    if call.answers["beslut"] == "ta_tillbaka":
        records.take_back(record_of(call))
