"""What diagrams and forms may read of a case: the fact `arende`, in the words of the rules.

A condition asks for one key of many, so each is worked out only when it is asked for. Every key
is always there: a condition never fails on what is not decided yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from processes import (
    agenda,
    cases,
    casework,
    consultations,
    delegation,
    meetings,
    organisation,
    records,
    rework,
    suggestions,
)
from processes.cases import Case, CaseStatus, DecisionForm
from processes.casework import Step
from processes.lazy_facts import LazyFacts
from processes.meetings import Meeting
from processes.organisation import Organ
from processes.records import Direction, Record, RecordFile

WRITTEN_OFF = frozenset({CaseStatus.WITHDRAWN, CaseStatus.WRITTEN_OFF})


class CaseFacts(LazyFacts):
    """JSON types only."""

    def __init__(self, session: Session, case: Case, today: date) -> None:
        self.session, self.case, self.today = session, case, today

    @property
    def known(self) -> Mapping[str, Callable[[CaseFacts], Any]]:
        return FACTS

    def organ(self, code: str | None) -> Organ | None:
        return organisation.organ(self.session, code) if code else None

    def latest(self, step: Step) -> dict[str, Any]:
        return casework.latest(self.session, self.case.number, step)


def meeting_ahead(session: Session, case: Case) -> Meeting | None:
    """Where the case is booked, else where allocation planned it, else the next after the last.

    A meeting that has had the case already, and sent it back, is not ahead.
    """
    booked = agenda.planned_meeting(session, case.number)
    tried = [item.meeting_id for item in agenda.of_case(session, case.number)]
    chosen = case.planned_meetings.get(case.organ or "")
    for meeting_id in (booked, None if chosen in tried else chosen):
        meeting = meetings.find(session, meeting_id) if meeting_id else None
        if meeting is not None and meeting.organ_code == case.organ:
            return meeting
    last = meetings.find(session, tried[-1]) if tried else None
    if last is None or last.organ_code != case.organ:
        return None
    day_after = last.last_day_on + timedelta(days=1)
    return meetings.next_meeting(session, last.organ_code, submission_from=day_after)


def _underlying(facts: CaseFacts) -> list[dict[str, str]]:
    """What belongs to the decision, named as the files are (5.2); else as last listed."""
    if listed := facts.latest(Step.MEMORANDUM).get("underlag"):
        return list(listed)
    found = [
        record
        for record in records.of_case(facts.session, facts.case.number, newest_first=False)
        if record.annulled_at is None and record.direction == Direction.DRAWN_UP
    ]
    files = records.files(facts.session, [record.id for record in found])
    return [
        {"namn": name, "upprattad": record.dated_on.isoformat()}
        for record in found
        for name in _names(record, files[record.id])
    ]


def _names(record: Record, files: list[RecordFile]) -> list[str]:
    return [file.name for file in files if file.replaced_at is None] or [record.subject]


def _members(facts: CaseFacts) -> list[str]:
    return [
        row.member for row in cases.members(facts.session, facts.case.number)
        if "@" not in row.member
    ]  # fmt: skip


def _replies(facts: CaseFacts) -> str:
    """What came of asking others: one paragraph each."""
    asked = consultations.of_case(facts.session, facts.case.number)
    return "\n\n".join(f"{one.recipient} ({one.state}): {one.reply or one.note}" for one in asked)


def _wanted_cases(facts: CaseFacts) -> str:
    """What follow-ups say should become a case of its own (A3b)."""
    found = casework.of_case(facts.session, facts.case.number, Step.FOLLOW_UP)
    return "\n".join(
        f"{work.content.get('vad', '')}: {work.content['resultat']}"
        for work in found
        if work.content.get("nytt_arende")
    )


def _delegated(facts: CaseFacts) -> dict[str, Any]:
    """The delegated decision as it was last written, for the next try."""
    drafts = delegation.of_case(facts.session, facts.case.number)
    if not drafts:
        return {}
    last = drafts[-1]
    return {
        "punkt": last.point, "beslut": last.decision, "skal": last.reasons,
        "overklagande": last.appeal,
    }  # fmt: skip


def _awaits_legal_force(facts: CaseFacts) -> str:
    """Whose notice the appeal time runs from; "" when nothing can be or is to be appealed."""
    case = facts.case
    if not case.appealable or case.legal_force_on is not None:
        return ""
    decisions = delegation.of_case(facts.session, case.number)
    if decisions and decisions[-1].recorded_separately_on is not None:
        return "eget anslag"
    return "protokollet"


def _ending(facts: CaseFacts) -> str:
    """What chapter 7 asks for: a body's decision, a delegate's, or none to carry out."""
    case = facts.case
    if case.status in WRITTEN_OFF or case.decision_form == DecisionForm.ANSWER_ONLY:
        return "inget_beslut"
    return "delegation" if case.decision_form == DecisionForm.DELEGATION else "politiskt"


def _kind_of(facts: CaseFacts, code: str | None) -> str | None:
    organ = facts.organ(code)
    return organ.kind if organ else None


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


FACTS: Mapping[str, Callable[[CaseFacts], Any]] = {
    "nummer": lambda facts: facts.case.number,
    "rubrik": lambda facts: facts.case.heading,
    "slag": lambda facts: facts.case.kind,
    "diarium": lambda facts: facts.case.registry_code,
    "status": lambda facts: facts.case.status,
    "vackt_av": lambda facts: facts.case.initiator,
    "beslutsform": lambda facts: facts.case.decision_form,
    "forslag_beslutsform": lambda facts: suggestions.decision_form(facts.case),
    "vag": lambda facts: list(facts.case.path),
    "steg": lambda facts: facts.case.step,
    "organ": lambda facts: facts.case.organ,
    "organ_slag": lambda facts: _kind_of(facts, facts.case.organ),
    "nasta_organ": lambda facts: facts.case.next_organ,
    "nasta_organ_slag": lambda facts: _kind_of(facts, facts.case.next_organ),
    "beslutsvag": lambda facts: suggestions.path(facts.session, facts.case, facts.today),
    "handlaggare": lambda facts: facts.case.case_officer,
    "medhandlaggare": lambda facts: list(facts.case.co_officers),
    "medlemmar": _members,
    "ansvarig_chef": lambda facts: facts.case.responsible_manager,
    "delegat": lambda facts: facts.case.delegate,
    "delegationspunkt": lambda facts: facts.case.delegation_point,
    "foredragningar": lambda facts: list(facts.case.presentations),
    "klart_senast": lambda facts: _iso(facts.case.ready_by_on),
    "forslag_klart_senast": lambda facts: _iso(
        suggestions.ready_for_meeting(facts.session, facts.case, facts.today)
    ),
    "forslag_klart_utan_sammantrade": lambda facts: _iso(
        suggestions.ready_without_meeting(facts.case, facts.today)
    ),
    "forslag_tidplan": lambda facts: suggestions.timetable(facts.session, facts.case, facts.today),
    "beslut_senast": lambda facts: _iso(facts.case.decide_by_on),
    "stor_betydelse": lambda facts: facts.case.significant,
    "sekretess": lambda facts: facts.case.secret,
    "aterkallat_skal": lambda facts: facts.case.withdrawal_reason,
    "utan_beredning": lambda facts: facts.case.kind in suggestions.WITHOUT_PREPARATION,
    "avstamningar_kvar": lambda facts: len(
        consultations.open_ones(facts.session, facts.case.number)
    ),
    "underlag": _underlying,
    "fran_fordelaren": lambda facts: casework.said_at_allocation(facts.session, facts.case.number),
    "svar_pa_avstamningar": _replies,
    "att_andra": lambda facts: rework.to_change(facts.session, facts.case.number),
    "forslag": lambda facts: casework.proposal(facts.session, facts.case.number),
    "delegationsbeslut": _delegated,
    "nytt_arende_onskas": lambda facts: bool(_wanted_cases(facts)),
    "nytt_arende_varfor": _wanted_cases,
    "beslutsunderlag": lambda facts: facts.latest(Step.BASIS),
    "tjansteskrivelse": lambda facts: facts.latest(Step.MEMORANDUM),
    "slags_avslut": _ending,
    "till_ledningssystemet": lambda facts: bool(
        facts.latest(Step.DISPATCH).get("till_ledningssystemet")
    ),
    "kan_overklagas": lambda facts: facts.case.appealable,
    "vantar_laga_kraft": _awaits_legal_force,
    "laga_kraft": lambda facts: _iso(facts.case.legal_force_on),
}
