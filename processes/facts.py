"""What expressions in diagrams may read of a case and a meeting, as it is at that moment.

Engine data holds keys and answers; everything that can change is asked for here. Every key is
always there, so that a condition never fails on what is not decided yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.host import Scope
from processes import agenda, casework, consultations, meetings, organisation
from processes.cases import Case, CaseKind, CaseStatus, DecisionForm
from processes.meetings import Meeting

CASE = "arende"
MEETING = "mote"
NAMES = frozenset({CASE, MEETING})

# Raised in the assembly by its members and taken up there without preparation (chapter 2).
WITHOUT_PREPARATION = frozenset({CaseKind.INTERPELLATION, CaseKind.QUESTION})
WRITTEN_OFF = frozenset({CaseStatus.WITHDRAWN, CaseStatus.WRITTEN_OFF})


def fact(session: Session, name: str, scope: Scope) -> Mapping[str, Any] | None:
    if name == CASE:
        case = case_of(session, scope)
        return None if case is None else of_case(session, case)
    meeting = meeting_of(session, scope)
    return None if meeting is None else of_meeting(session, meeting)


def case_of(session: Session, scope: Scope) -> Case | None:
    """The case that an instance is about: by its data, else by its business key."""
    number = scope.data.get("dnr") or scope.business_key
    return session.get(Case, number) if isinstance(number, str) else None


def meeting_of(session: Session, scope: Scope) -> Meeting | None:
    """The meeting an instance runs, else the one its case is on its way to."""
    found = meetings.of_business_key(session, scope.business_key)
    if found is not None:
        return found
    if meeting_id := scope.data.get("mote_id"):
        return meetings.find(session, meeting_id)
    case = case_of(session, scope)
    return None if case is None else meeting_ahead(session, case)


def meeting_ahead(session: Session, case: Case) -> Meeting | None:
    """Where the case is booked, else where it was planned for when it was allocated."""
    booked = agenda.planned_meeting(session, case.number)
    for meeting_id in (booked, case.planned_meetings.get(case.organ or "")):
        meeting = meetings.find(session, meeting_id) if meeting_id else None
        if meeting is not None and meeting.organ_code == case.organ:
            return meeting
    return None


def of_case(session: Session, case: Case) -> dict[str, Any]:
    organ = organisation.organ(session, case.organ) if case.organ else None
    following = organisation.organ(session, case.next_organ) if case.next_organ else None
    return {
        "nummer": case.number,
        "rubrik": case.heading,
        "slag": case.kind,
        "diarium": case.registry_code,
        "status": case.status,
        "beslutsform": case.decision_form,
        "vag": list(case.path),
        "steg": case.step,
        "organ": case.organ,
        "organ_slag": organ.kind if organ else None,
        "nasta_organ": case.next_organ,
        "nasta_organ_slag": following.kind if following else None,
        "moten": dict(case.planned_meetings),
        "handlaggare": case.case_officer,
        "medhandlaggare": list(case.co_officers),
        "ansvarig_chef": case.responsible_manager,
        "delegat": case.delegate,
        "delegationspunkt": case.delegation_point,
        "foredragningar": list(case.presentations),
        "klart_senast": _iso(case.ready_by_on),
        "beslut_senast": _iso(case.decide_by_on),
        "stor_betydelse": case.significant,
        "sekretess": case.secret,
        "utan_beredning": case.kind in WITHOUT_PREPARATION,
        "avstamningar_kvar": len(consultations.open_ones(session, case.number)),
        "slags_avslut": _ending(case),
        "till_ledningssystemet": _to_management_system(session, case),
        "vantar_laga_kraft": case.appealable and case.legal_force_on is None,
        "laga_kraft": _iso(case.legal_force_on),
    }


def of_meeting(session: Session, meeting: Meeting) -> dict[str, Any]:
    organ = organisation.organ(session, meeting.organ_code, on=meeting.on)
    items = agenda.items(session, meeting.id)
    treated = agenda.treated(session, meeting.id)
    return {
        "id": meeting.id,
        "organ": meeting.organ_code,
        "organ_slag": organ.kind if organ else None,
        "beredning": organ.review if organ else None,
        "tillkannages": bool(organ and organ.announces_publicly),
        "datum": _iso(meeting.on),
        "status": meeting.status,
        "inlamning": _iso(meeting.submission_on),
        "kallelse": _iso(meeting.notice_on),
        "antal_arenden": len(items),
        "antal_sena": len(agenda.undecided_late(session, meeting.id)),
        "antal_att_justera": sum(bool(item.adjustment) for item in items),
        "antal_omedelbara": sum(item.immediate for item in treated),
        "antal_overklagbara": sum(item.appealable for item in treated),
        "antal_overklagade": sum(item.appealed for item in treated),
    }


def _ending(case: Case) -> str:
    """What chapter 7 asks for: a body's decision, a delegate's, or none to carry out."""
    if case.status in WRITTEN_OFF or case.decision_form == DecisionForm.ANSWER_ONLY:
        return "inget_beslut"
    return "delegation" if case.decision_form == DecisionForm.DELEGATION else "politiskt"


def _to_management_system(session: Session, case: Case) -> bool:
    dispatch = casework.latest(session, case.number, casework.Step.DISPATCH)
    return bool(dispatch.get("till_ledningssystemet"))


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
