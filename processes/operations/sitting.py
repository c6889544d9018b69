"""Operations of the meeting itself (A33–A34, B11), and telling the cases what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from engine.texts import untranslated
from processes import (
    accounts,
    agenda,
    case_events,
    cases,
    delegation,
    meeting_facts,
    minority,
    minutes,
)
from processes.agenda import AgendaItem, Outcome, Paragraph
from processes.case_events import CaseEvent
from processes.cases import CaseStatus, Decision
from processes.deadline_words import short_day
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

BY_MINORITY = "minoritet"
ALL_AGREE, ANNOUNCED = "alla_overens", "tillkannagivna"
TAKEN_UP = (ALL_AGREE, ANNOUNCED)


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
            "", _("Sammanträdet är %(on)s och kan inte öppnas före dess.", on=short_day(meeting.on))
        )
    kept = minutes.of(call.session, meeting.id)
    _record_attendance(call, kept, meeting)
    _confirm_agenda(call, meeting)
    delegation.list_urgent(call.session, meeting.id, meeting.organ_code)
    agenda.leave_behind(call.session, meeting.id)
    if minutes.is_quorate(kept):
        meeting.status = MeetingStatus.HELD
        happened(call, meeting, "meeting_held", meeting.on)


def _record_attendance(call: OperationCall, kept: Minutes, meeting: Meeting) -> None:
    kept.opened_at = call.now
    kept.seats, kept.serving = call.answers["ledamoter"], call.answers["tjanstgorande"]
    kept.attendance = call.answers.get("narvaro") or []
    kept.attesters = _attesters(call, meeting)
    kept.attest_by_on = date.fromisoformat(call.answers["justeras"])
    if kept.attest_by_on < meeting.on:
        raise Invalid.field("justeras", _("Protokollet justeras efter sammanträdet."))
    if kept.serving > kept.seats:
        raise Invalid.field(
            "tjanstgorande", _("Fler än antalet ledamöter kan inte tjänstgöra samtidigt.")
        )


def _attesters(call: OperationCall, meeting: Meeting) -> list[dict[str, Any]]:
    """Who presided, and the one or two that the meeting chose (chapter 7.1)."""
    chair, chosen = call.answers["ordforande"], call.answers["justerare"]
    most = max(organ_of(call, meeting).attesters, 1)
    if not 1 <= len(chosen) <= most:
        text = _("Välj en justerare.") if most == 1 else _("Välj en eller två justerare.")
        raise Invalid.field("justerare", text)
    if chair in chosen:
        raise Invalid.field("justerare", _("Ordföranden justerar ändå. Välj någon annan."))
    names = accounts.names(call.session, [chair, *chosen])
    return [
        minutes.attester(person, names[person], chair=person == chair)
        for person in (chair, *chosen)
    ]


def _confirm_agenda(call: OperationCall, meeting: Meeting) -> None:
    """KL 5:52: what was not announced is decided only if all who are present agree.

    The chair of the assembly may announce what is urgent until the weekday before (KL 5:14).
    """
    extra = [item for item in agenda.ready(call.session, meeting.id) if item.extra]
    said = call.answers["extra_arenden"]
    if extra and said == "inga":
        raise Invalid.field(
            "extra_arenden", _("Det finns extraärenden. Säg om alla är överens om dem.")
        )
    if said == ANNOUNCED and not organ_of(call, meeting).announces_publicly:
        raise Invalid.field(
            "extra_arenden", _("Bara fullmäktiges ärenden tillkännages (KL 5 kap. 14 §).")
        )
    if said not in TAKEN_UP:
        for item in extra:
            agenda.move_to_next(item, untranslated("Alla var inte överens om att ta upp ärendet."))


@operations.inside("flytta_alla_arenden", "Flytta ärendena till nästa sammanträde")
def move_all(call: OperationCall) -> None:
    """Not quorate: nothing can be decided, and every case goes to the next meeting."""
    meeting = meeting_of(call)
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancelled_reason = untranslated("Organet var inte beslutsfört.")
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
    urgent = [one for one in delegation.listed(call.session, meeting.id) if one.urgent]
    if urgent and not call.answers.get("delegationsbeslut_anmalda"):
        text = _("Ett brådskande ordförandebeslut måste anmälas nu (KL 6 kap. 40 §).")
        wrong.append(FieldError(field="delegationsbeslut_anmalda", message=text))
    places = [str(row["dnr"]) for row in call.answers.get(ROWS) or ()]
    for item, row in rows:
        for field, message in _row_problems(call, meeting, kept, item, row):
            place = places.index(item.case_number)
            wrong.append(FieldError(field=f"{ROWS}.{place}.{field}", message=message))
    return wrong


def _row_problems(
    call: OperationCall, meeting: Meeting, kept: Minutes, item: AgendaItem, row: Row
) -> Iterator[tuple[str, str]]:
    outcome, following = row["utfall"], cases.get(call.session, item.case_number).next_organ
    if outcome == Outcome.ONWARDS and following is None:
        yield "utfall", _("Ärendet har inget nästa organ i sin beslutsväg.")
    if outcome == Outcome.DECIDED and following:
        yield "utfall", _("Ärendet ska vidare till %(organ)s enligt beslutsvägen.", organ=following)
    if _by_minority(row):
        asked = row.get("begart_av") or 0
        if wrong := minority.problem(call.session, item, organ=organ_of(call, meeting)):
            yield "genom", wrong
        elif wrong := minority.count_problem(present=kept.serving, asked=asked):
            yield "begart_av", wrong


def _by_minority(row: Row) -> bool:
    waits = row["utfall"] in (Outcome.REFERRED_BACK, Outcome.TABLED)
    return waits and row.get("genom") == BY_MINORITY


def _record(call: OperationCall, meeting: Meeting, item: AgendaItem, row: Row, number: int) -> None:
    outcome = Outcome(row["utfall"])
    organ = organ_of(call, meeting)
    appealable = organ.appealable and outcome is Outcome.DECIDED
    paragraph = Paragraph(
        outcome=outcome,
        decision=row.get("beslut") or "",
        motivation=row.get("motivering") or "",
        by_minority=_by_minority(row),
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
