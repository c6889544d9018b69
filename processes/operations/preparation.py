"""Operations of the preparation of a case (A16–A25): what each step states is kept."""

from __future__ import annotations

from engine.errors import Invalid
from engine.host import OperationCall
from processes import agenda, cases, letters, mail, meetings
from processes.booking import NoMeeting
from processes.cases import Case, CaseStatus
from processes.casework import Step
from processes.meetings import Meeting
from processes.operations.case import advance, case_of, in_form, keep, numbered
from processes.operations.consultation import public_url
from processes.operations.registry import Operations

operations = Operations()


@operations.inside("spara_tidplan", "Spara tidplanen")
def save_timetable(call: OperationCall) -> None:
    """A16: from here on the case is being prepared."""
    keep(call, Step.TIMETABLE)
    advance(call, CaseStatus.PREPARING)


@operations.inside("spara_direktiv", "Spara chefens direktiv")
def save_directives(call: OperationCall) -> None:
    keep(call, Step.DIRECTIVES)


@operations.inside("spara_arendekort", "Uppdatera ärendekortet")
def save_card(call: OperationCall) -> None:
    """A19: a new case officer takes over all that is open; secretaries are members always."""
    case = case_of(call)
    keep(call, Step.CARD)
    try:
        _set_members(call, case)
        cases.change_officer(
            call.session, call.engine, case.number, call.answers["handlaggare"],
            actor=call.actor, doing=call.scope.element,
        )  # fmt: skip
    except Invalid as error:
        raise in_form(error) from error
    advance(call, CaseStatus.PREPARING)


def _set_members(call: OperationCall, case: Case) -> None:
    """Only what was ticked or unticked here: others may have changed the list meanwhile.

    Roles that are members, as the secretaries, stay.
    """
    people = {row.member for row in cases.members(call.session, case.number)}
    opened_with = call.answers.get("medlemmar_forut")
    shown = people if opened_with is None else set(opened_with)
    wanted = call.answers.get("medlemmar") or []
    for member in sorted(people & shown - set(wanted)):
        if "@" not in member:
            cases.remove_member(call.session, call.engine, case.number, member, actor=call.actor)
    for member in wanted:
        if member not in shown:
            cases.add_member(call.session, call.engine, case.number, member, actor=call.actor)


@operations.inside("spara_beslutsunderlag", "Spara beslutsunderlaget")
def save_basis(call: OperationCall) -> None:
    """A20; a case sent back is under preparation again."""
    keep(call, Step.BASIS)
    advance(call, CaseStatus.PREPARING)


@operations.inside("spara_tjansteskrivelse", "Spara tjänsteskrivelsen")
def save_memorandum(call: OperationCall) -> None:
    """A21: two or more proposed decisions are numbered."""
    content = {**call.answers, "beslutsmeningar": numbered(call.answers["beslutsmeningar"])}
    keep(call, Step.MEMORANDUM, content)


@operations.inside("spara_presidieavstamning", "Spara avstämningen med presidiet")
def save_presidium(call: OperationCall) -> None:
    keep(call, Step.PRESIDIUM)


@operations.inside("spara_godkannande", "Spara chefens ställningstagande")
def save_approval(call: OperationCall) -> None:
    keep(call, Step.APPROVAL)


@operations.inside("spara_slutkontroll", "Sätt ärendet som klart för beslut")
def save_final_check(call: OperationCall) -> None:
    """A25: status Klart för beslut, and who presents the case."""
    case = case_of(call)
    keep(call, Step.FINAL_CHECK)
    advance(call, CaseStatus.READY)
    meeting_id = agenda.planned_meeting(call.session, case.number)
    item = agenda.find(call.session, meeting_id, case.number) if meeting_id else None
    if item is not None and call.answers.get("foredrags") == "ja":
        item.presenter = case.case_officer or ""


@operations.inside("spara_forsenat", "Ta med ändå eller flytta till nästa sammanträde")
def save_late(call: OperationCall) -> None:
    """A25: an extra item keeps its place; else the case goes to the next it can reach."""
    case = case_of(call)
    keep(call, Step.LATE)
    meeting_id = agenda.planned_meeting(call.session, case.number)
    meeting = meetings.find(call.session, meeting_id) if meeting_id else None
    moved = call.answers["val"] == "flytta"
    if moved and meeting is not None:
        meeting = _move_on(call, case, meeting)
    if case.case_officer is not None:
        letter = letters.late_for_meeting(
            case, meeting.on if meeting else None, call.answers["skal"],
            moved=moved, public_url=public_url(call),
        )  # fmt: skip
        mail.tell(call.session, call.engine, case.case_officer, letter)


def _move_on(call: OperationCall, case: Case, meeting: Meeting) -> Meeting:
    following = meetings.next_meeting(call.session, meeting.organ_code, after=meeting.on)
    if following is None:
        raise Invalid.field("val", str(NoMeeting(meeting.organ_code)))
    agenda.book(call.session, following.id, case.number, now=call.now)
    case.planned_meetings = {**case.planned_meetings, meeting.organ_code: following.id}
    return following
