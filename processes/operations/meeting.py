"""Operations of a meeting up to its notice (A27–A32): review, agenda, presidium, notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from engine.texts import untranslated
from processes import agenda, cases, delegation, meetings, minutes, organisation
from processes.agenda import AgendaItem
from processes.appeals import Appealable
from processes.cases import CaseStatus
from processes.meetings import Meeting
from processes.meetings.changes import log
from processes.operations.registry import Operations
from processes.organisation import Organ
from processes.swedish_calendar import local_date

operations = Operations()

ROWS = "arenden"
Row = Mapping[str, Any]
Judged = TypeVar("Judged", bound=Appealable)

# A case further on keeps its status: it may be dispatched before the minutes are attested.
BEFORE = {
    CaseStatus.LISTED: (CaseStatus.READY,),
    CaseStatus.NOTICED: (CaseStatus.READY, CaseStatus.LISTED),
    CaseStatus.ATTESTED: (CaseStatus.DECIDED,),
}


def meeting_of(call: OperationCall) -> Meeting:
    return meetings.get(call.session, meeting_id(call))


def meeting_id(call: OperationCall) -> str:
    return str(call.scope.data["mote_id"])


def organ_of(call: OperationCall, meeting: Meeting) -> Organ:
    return organisation.get_organ(call.session, meeting.organ_code, on=meeting.on)


def happened(call: OperationCall, meeting: Meeting, kind: str, on: date) -> None:
    """What the calendar's pages show is saved, and logged under the meeting's own key."""
    meeting.lock_version += 1
    log(call.session, call.engine, kind, meeting, call.actor, on=on.isoformat())


def judged(call: OperationCall, expected: list[Judged]) -> list[tuple[Judged, Row]]:
    """Each expected case with its row; Invalid when one is missing or does not belong here.

    A case may have come or gone while the form was open: then the form must be read anew.
    """
    rows = {str(row.get("dnr")): row for row in call.answers.get(ROWS) or ()}
    if set(rows) != {item.case_number for item in expected}:
        raise Invalid.field(
            ROWS, _("Ärendena har ändrats sedan formuläret öppnades. Läs in sidan igen.")
        )
    return [(item, rows[item.case_number]) for item in expected]


def advance(call: OperationCall, number: str, status: CaseStatus) -> None:
    """Move the case's status on, never back."""
    if cases.get(call.session, number).status in BEFORE[status]:
        cases.set_status(call.session, call.engine, number, status, actor=call.actor)


@operations.inside("spara_beredning", "Spara tjänstemännens beredning")
def save_review(call: OperationCall) -> None:
    """A28: what officials think of each case."""
    for item, row in judged(call, agenda.ready(call.session, meeting_id(call))):
        item.review_note = row.get("kommentar") or ""
        _take(item, row, rework="storre")


@operations.inside("spara_presidieberedning", "Spara presidiets beredning")
def save_presidium_review(call: OperationCall) -> None:
    """A31: what the presidium thinks of each case."""
    for item, row in judged(call, agenda.ready(call.session, meeting_id(call))):
        item.presidium_note = row.get("kommentar") or ""
        if row["resultat"] == "skjut_upp":
            agenda.move_to_next(item, item.presidium_note)
        else:
            _take(item, row, rework="andra")


def _take(item: AgendaItem, row: Row, *, rework: str) -> None:
    note = row.get("kommentar") or ""
    if row["resultat"] == rework:
        agenda.ask_for_rework(item, note)
    item.adjustment = note if row["resultat"] == "mindre" else ""


@operations.inside("bekrafta_justering", "Bekräfta mindre ändringar")
def confirm_adjustments(call: OperationCall) -> None:
    """A28, A31: the secretary has made the small changes."""
    small = [item for item in agenda.ready(call.session, meeting_id(call)) if item.adjustment]
    for item, _row in judged(call, small):
        item.adjustment = ""


@operations.inside("forteckna_anmalningar", "Förteckna anmälningar")
def list_reports(call: OperationCall) -> None:
    """A29b, B10: what the meeting is only told of."""
    meeting = meeting_of(call)
    rows = call.answers.get("delegationsbeslut") or ()
    sent = {row["dnr"] for row in rows}  # what came since the form was opened waits
    left_out = {row["dnr"] for row in rows if not row.get("anmals")}
    waiting = [
        one
        for one in delegation.to_list(call.session, meeting.id, meeting.organ_code)
        if one.case_number in sent
    ]
    if any(one.urgent and one.case_number in left_out for one in waiting):
        raise Invalid.field(
            "delegationsbeslut",
            _("Ett brådskande ordförandebeslut måste anmälas nu (KL 6 kap. 39 och 40 §§)."),
        )
    for decision in waiting:
        decision.listed_meeting_id = None if decision.case_number in left_out else meeting.id
    kept = minutes.of(call.session, meeting.id)
    kept.communications = call.answers.get("meddelanden") or ""
    kept.elections = call.answers.get("valarenden") or ""


@operations.inside("spara_arendelista", "Spara ärendelistan")
def save_agenda(call: OperationCall) -> None:
    """A29: the order of the agenda and who presents each case."""
    rows = call.answers.get(ROWS) or []
    ready = judged(call, agenda.ready(call.session, meeting_id(call)))
    agenda.arrange(call.session, meeting_id(call), [str(row["dnr"]) for row in rows])
    for item, row in ready:
        item.presenter = row.get("foredragande") or ""
        item.status = agenda.ItemStatus.LISTED
        advance(call, item.case_number, CaseStatus.LISTED)


@operations.inside("utfarda_kallelse", "Utfärda kallelsen")
def send_notice(call: OperationCall) -> None:
    """A32: the notice is out; late ones need their reason."""
    meeting = meeting_of(call)
    sent, announced = _day(call, "utfardad"), _day(call, "tillkannagiven")
    assert sent is not None, "the form demands it"
    kept = minutes.of(call.session, meeting.id)
    kept.notice_late_reason = call.answers.get("sen_orsak") or ""
    if wrong := _notice_problems(call, meeting, sent, announced):
        raise Invalid(wrong)
    meeting.notice_sent_on, kept.announced_on = sent, announced
    happened(call, meeting, "meeting_notice_sent", sent)
    for item in agenda.ready(call.session, meeting.id):
        item.status = agenda.ItemStatus.CALLED
        advance(call, item.case_number, CaseStatus.NOTICED)


def _notice_problems(
    call: OperationCall, meeting: Meeting, sent: date, announced: date | None
) -> list[FieldError]:
    public = organ_of(call, meeting).announces_publicly
    if sent > local_date(call.now):
        text = _("Kallelsen kan inte ha sänts efter i dag.")
        return [FieldError(field="utfardad", message=text)]
    if public and announced is None:
        text = _("Skriv när sammanträdet tillkännagavs på anslagstavlan (KL 5 kap. 13 §).")
        return [FieldError(field="tillkannagiven", message=text, code="required")]
    late = sent > meeting.notice_on or (
        announced is not None and public and announced > meetings.announce_by(meeting)
    )
    if late and not call.answers.get("sen_orsak"):
        text = _("Kallelsen eller tillkännagivandet är sent. Skriv varför.")
        return [FieldError(field="sen_orsak", message=text, code="required")]
    return []


@operations.inside("avgor_sena_arenden", "Ta ställning till sena ärenden")
def decide_late(call: OperationCall) -> None:
    """A late case is taken up as an extra item, or moved to the next meeting."""
    for item, row in judged(call, agenda.undecided_late(call.session, meeting_id(call))):
        if row["val"] == "flytta":
            agenda.move_to_next(item, row.get("skal") or untranslated("Kom in för sent."))
        else:
            agenda.take_up_late(item, str(row.get("skal") or ""))


def _day(call: OperationCall, name: str) -> date | None:
    text = call.answers.get(name)
    return date.fromisoformat(text) if text else None
