"""Operations of the meeting itself (A33–A34, B11), and telling the cases what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from processes import agenda, case_events, cases, delegation, meeting_facts, minutes
from processes.agenda import AgendaItem, Outcome, Paragraph
from processes.case_events import CaseEvent
from processes.cases import CaseStatus, Decision
from processes.meetings import Meeting, MeetingStatus
from processes.minutes import Minutes
from processes.operations.meeting import (
    ROWS,
    Row,
    happened,
    judged,
    meeting_id,
    meeting_of,
    organ_of,
)
from processes.operations.registry import Operations
from processes.swedish_calendar import local_date

operations = Operations()

MOST_ATTESTERS = 2
MINORITY = 3  # KL 5:50: a third of those present may demand it
TAKEN_UP = "alla_overens"


@operations.inside("oppna_sammantrade", "Öppna sammanträdet")
def open_meeting(call: OperationCall) -> None:
    """A33: who is there, who attests, and whether extra items may be taken up."""
    meeting = meeting_of(call)
    if agenda.undecided_late(call.session, meeting.id):
        raise Invalid.field(
            "extra_arenden", _("Ta först ställning till de ärenden som kom in för sent.")
        )
    if local_date(call.now) < meeting.on:
        raise Invalid.field(
            "", _("Sammanträdet är %(on)s och kan inte öppnas före dess.", on=meeting.on)
        )
    kept = minutes.of(call.session, meeting.id)
    _record_attendance(call, kept, meeting)
    _confirm_agenda(call, meeting)
    agenda.leave_behind(call.session, meeting.id)
    if minutes.is_quorate(kept):
        meeting.status = MeetingStatus.HELD
        happened(call, meeting, "meeting_held", meeting.on)


def _record_attendance(call: OperationCall, kept: Minutes, meeting: Meeting) -> None:
    attesters = [row["namn"] for row in call.answers["justerare"]]
    if not 1 <= len(attesters) <= MOST_ATTESTERS:
        raise Invalid.field("justerare", _("Välj en eller två justerare utöver ordföranden."))
    kept.opened_at = call.now
    kept.seats, kept.serving = call.answers["ledamoter"], call.answers["tjanstgorande"]
    kept.attendance = call.answers.get("narvaro") or []
    kept.attesters = attesters
    kept.attest_by_on = date.fromisoformat(call.answers["justeras"])
    if kept.attest_by_on < meeting.on:
        raise Invalid.field("justeras", _("Protokollet justeras efter sammanträdet."))
    if kept.serving > kept.seats:
        raise Invalid.field(
            "tjanstgorande", _("Fler än antalet ledamöter kan inte tjänstgöra samtidigt.")
        )


def _confirm_agenda(call: OperationCall, meeting: Meeting) -> None:
    """KL 5:52: what was not announced is decided only if all who are present agree."""
    extra = [item for item in agenda.ready(call.session, meeting.id) if item.extra]
    said = call.answers["extra_arenden"]
    if extra and said == "inga":
        raise Invalid.field(
            "extra_arenden", _("Det finns extraärenden. Säg om alla är överens om dem.")
        )
    if said != TAKEN_UP:
        for item in extra:
            agenda.move_to_next(item, _("Alla var inte överens om att ta upp ärendet."))


@operations.inside("flytta_alla_arenden", "Flytta ärendena till nästa sammanträde")
def move_all(call: OperationCall) -> None:
    """Not quorate: nothing can be decided, and every case goes to the next meeting."""
    meeting = meeting_of(call)
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancelled_reason = _("Organet var inte beslutsfört.")
    happened(call, meeting, "meeting_cancelled", meeting.on)
    for item in agenda.ready(call.session, meeting.id):
        agenda.move_to_next(item, meeting.cancelled_reason)


@operations.inside("registrera_beslut", "Registrera besluten")
def record_decisions(call: OperationCall) -> None:
    """A34: one paragraph per case, numbered in the order of the agenda."""
    meeting = meeting_of(call)
    kept = minutes.of(call.session, meeting.id)
    rows = judged(call, agenda.ready(call.session, meeting.id))
    if wrong := _problems(call, meeting, kept, rows):
        raise Invalid(wrong)
    number = kept.first_item_number = call.answers["forsta_paragraf"]
    for item, row in rows:
        _record(call, meeting, item, row, number)
        number += 1
    if call.answers.get("delegationsbeslut_anmalda"):
        kept.reports_item_number = number
        _report_delegated(call, meeting, number)
        number += 1
    kept.last_item_number = number - 1


def _report_delegated(call: OperationCall, meeting: Meeting, number: int) -> None:
    """B11: one paragraph for them all; each case's history tells of it."""
    for decision in delegation.report(call.session, meeting.id, on=meeting.on, item_number=number):
        case_events.note(
            call.session,
            call.engine,
            decision.case_number,
            CaseEvent.REPORTED,
            call.actor,
            to=meeting.organ_code,
            item_number=f"§ {number}",
        )


def _problems(
    call: OperationCall, meeting: Meeting, kept: Minutes, rows: list[tuple[AgendaItem, Row]]
) -> list[FieldError]:
    wrong = []
    expected = meeting_facts.next_item_number(call.session, meeting)
    if call.answers["forsta_paragraf"] < expected:
        text = _("Paragraferna har redan nått § %(last)s i år.", last=expected - 1)
        wrong.append(FieldError(field="forsta_paragraf", message=text))
    assembly = organ_of(call, meeting).is_political_top
    places = [str(row["dnr"]) for row in call.answers.get(ROWS) or ()]
    for item, row in rows:
        place = places.index(item.case_number)
        if message := _row_problem(call, kept, item, row, assembly=assembly):
            wrong.append(FieldError(field=f"{ROWS}.{place}.utfall", message=message))
    return wrong


def _row_problem(
    call: OperationCall, kept: Minutes, item: AgendaItem, row: Row, *, assembly: bool
) -> str | None:
    outcome = row["utfall"]
    if outcome == Outcome.ONWARDS and cases.get(call.session, item.case_number).next_organ is None:
        return _("Ärendet har inget nästa organ i sin beslutsväg.")
    if outcome == Outcome.DECIDED and cases.get(call.session, item.case_number).next_organ:
        return _(
            "Ärendet ska vidare enligt beslutsvägen. Välj ”Vidare till nästa organ”, eller ändra "
            "vägen på ärendekortet om organet avgör ärendet självt."
        )
    if assembly and outcome in (Outcome.REFERRED_BACK, Outcome.TABLED):
        asked = row.get("begart_av") or 0
        if asked * MINORITY < kept.serving:
            return _(
                "Minst en tredjedel av de %(present)s närvarande måste begära det, "
                "om inte en majoritet beslutar det. Skriv hur många (KL 5 kap. 50 §).",
                present=kept.serving,
            )
    return None


def _record(call: OperationCall, meeting: Meeting, item: AgendaItem, row: Row, number: int) -> None:
    outcome = Outcome(row["utfall"])
    organ = organ_of(call, meeting)
    appealable = organ.appealable and outcome is Outcome.DECIDED
    paragraph = Paragraph(
        outcome=outcome,
        decision=row.get("beslut") or "",
        motivation=row.get("motivering") or "",
        conflicts=row.get("jav") or "",
        motions=row.get("yrkanden") or "",
        vote=row.get("omrostning") or "",
        reservations=row.get("reservation") or "",
        immediate=bool(row.get("omedelbart")),
        appealable=appealable,
    )
    agenda.record(item, paragraph, number=number)
    decision = Decision(
        decided_by=organ.code,
        decided_on=meeting.on,
        text=paragraph.decision or paragraph.motivation,
        outcome=outcome,
        item_number=f"§ {number}",
        appealable=appealable,
    )
    number_of_case = item.case_number
    cases.record_decision(call.session, call.engine, number_of_case, decision, actor=call.actor)
    if outcome in (Outcome.DECIDED, Outcome.DROPPED, Outcome.ONWARDS):
        cases.set_status(
            call.session, call.engine, number_of_case, CaseStatus.DECIDED, actor=call.actor
        )


@operations.inside("hamta_besked", "Hämta nästa besked till ett ärende")
def next_notice(call: OperationCall) -> Mapping[str, Any]:
    """The next thing a case is to be told; marked as told in the same transaction."""
    where = meeting_id(call)
    for item in agenda.pending_outcomes(call.session, where):
        item.outcome_sent_at = call.now
        return _notice("beslut", [item.case_number, where], agenda.outcome_message(item))
    for decision in delegation.pending_reports(call.session, where):
        decision.report_sent_at = call.now
        payload = delegation.report_message(decision)
        return _notice("anmald_delegation", [decision.case_number], payload)
    for item in agenda.pending_legal_force(call.session, where):
        item.legal_force_sent_at = call.now
        return _notice("laga_kraft", [item.case_number], agenda.legal_force_message(item))
    for decision in delegation.pending_legal_force(call.session, where):
        decision.legal_force_sent_at = call.now
        payload = delegation.legal_force_message(decision)
        return _notice("laga_kraft", [decision.case_number], payload)
    return _notice("", [], {})


def _notice(kind: str, key: list[str], payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"besked": kind, "nyckel": key, "innehall": dict(payload)}
