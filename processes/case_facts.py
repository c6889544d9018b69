"""What diagrams and forms may read of a case: the fact `arende`, in the words of the rules.

A condition asks for one key of many, so each is worked out only when it is asked for. Every key
is always there: a condition never fails on what is not decided yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from processes import agenda, cases, casework, consultations, meetings, organisation
from processes.cases import Case, CaseKind, CaseStatus, DecisionForm
from processes.casework import Step
from processes.meetings import Meeting
from processes.organisation import Organ
from processes.records import of_case as records_of
from processes.swedish_calendar import working_day_or_before

PREPARED_DAYS_BEFORE = 28  # chapter 1.3

# Raised in the assembly by its members and taken up there without preparation (chapter 2).
WITHOUT_PREPARATION = frozenset({CaseKind.INTERPELLATION, CaseKind.QUESTION})
WRITTEN_OFF = frozenset({CaseStatus.WITHDRAWN, CaseStatus.WRITTEN_OFF})


class CaseFacts(Mapping[str, Any]):
    """JSON types only."""

    def __init__(self, session: Session, case: Case, today: date) -> None:
        self.session, self.case, self.today = session, case, today

    def __getitem__(self, name: str) -> Any:
        return FACTS[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(FACTS)

    def __len__(self) -> int:
        return len(FACTS)

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


def _path_rows(facts: CaseFacts) -> list[dict[str, str]]:
    """The path from where the case is, each organ with the first meeting that can be reached."""
    case = facts.case
    path = case.path[case.step :] or _suggested_path(facts)
    rows: list[dict[str, str]] = []
    after = facts.today
    for organ in path:
        planned = case.planned_meetings.get(organ)
        meeting = meetings.find(facts.session, planned) if planned else None
        if meeting is None:
            ready = after if rows else facts.today
            meeting = meetings.next_meeting(
                facts.session, organ, submission_from=ready, after=after
            )
        rows.append({"organ": organ, "sammantrade": meeting.id if meeting else ""})
        after = meeting.on if meeting else after
    return rows


def _suggested_path(facts: CaseFacts) -> list[str]:
    """From the organ that keeps the registry, to the assembly for what was raised in it."""
    case = facts.case
    start = case.registry_code if facts.organ(case.registry_code) else None
    if start is None:
        return []
    if case.kind in (CaseKind.MOTION, CaseKind.CITIZEN_PROPOSAL):
        return organisation.decision_path_suggestion(facts.session, start)
    if case.kind in WITHOUT_PREPARATION:
        return organisation.decision_path_suggestion(facts.session, start)[-1:]
    return [start]


def _suggested_ready_day(facts: CaseFacts) -> str | None:
    if facts.case.ready_by_on is not None:
        return facts.case.ready_by_on.isoformat()
    row = next(iter(_path_rows(facts)), None)
    meeting = meetings.find(facts.session, row["sammantrade"]) if row else None
    if meeting is None:
        return None
    wanted = working_day_or_before(meeting.on - timedelta(days=PREPARED_DAYS_BEFORE))
    return max(wanted, facts.today).isoformat()


def _suggested_timetable(facts: CaseFacts) -> list[dict[str, str]]:
    """Backwards from the day the preparation is to be done, in equal parts of what is left."""
    ready = _suggested_ready_day(facts)
    if ready is None:
        return []
    last = date.fromisoformat(ready)
    left = max((last - facts.today).days, 0)
    parts = (("Avstämningar klara", 50), ("Beslutsunderlag klart", 80), ("Färdigberett", 100))
    return [
        {
            "vad": name,
            "klart": working_day_or_before(
                facts.today + timedelta(days=left * share // 100)
            ).isoformat(),
        }
        for name, share in parts
    ]


def _records(facts: CaseFacts) -> list[dict[str, str]]:
    return [
        {"namn": record.subject, "upprattad": record.dated_on.isoformat()}
        for record in records_of(facts.session, facts.case.number)
        if record.annulled_at is None
    ]


def _members(facts: CaseFacts) -> list[str]:
    return [
        row.member for row in cases.members(facts.session, facts.case.number)
        if "@" not in row.member
    ]  # fmt: skip


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
    "vag": lambda facts: list(facts.case.path),
    "steg": lambda facts: facts.case.step,
    "organ": lambda facts: facts.case.organ,
    "organ_slag": lambda facts: _kind_of(facts, facts.case.organ),
    "nasta_organ": lambda facts: facts.case.next_organ,
    "nasta_organ_slag": lambda facts: _kind_of(facts, facts.case.next_organ),
    "beslutsvag": _path_rows,
    "handlaggare": lambda facts: facts.case.case_officer,
    "medhandlaggare": lambda facts: list(facts.case.co_officers),
    "medlemmar": _members,
    "ansvarig_chef": lambda facts: facts.case.responsible_manager,
    "delegat": lambda facts: facts.case.delegate,
    "delegationspunkt": lambda facts: facts.case.delegation_point,
    "foredragningar": lambda facts: list(facts.case.presentations),
    "klart_senast": lambda facts: _iso(facts.case.ready_by_on),
    "forslag_klart_senast": _suggested_ready_day,
    "forslag_tidplan": _suggested_timetable,
    "beslut_senast": lambda facts: _iso(facts.case.decide_by_on),
    "stor_betydelse": lambda facts: facts.case.significant,
    "sekretess": lambda facts: facts.case.secret,
    "aterkallat_skal": lambda facts: facts.case.withdrawal_reason,
    "utan_beredning": lambda facts: facts.case.kind in WITHOUT_PREPARATION,
    "avstamningar_kvar": lambda facts: len(
        consultations.open_ones(facts.session, facts.case.number)
    ),
    "handlingar": _records,
    "beslutsunderlag": lambda facts: facts.latest(Step.BASIS),
    "tjansteskrivelse": lambda facts: facts.latest(Step.MEMORANDUM),
    "slags_avslut": _ending,
    "till_ledningssystemet": lambda facts: bool(
        facts.latest(Step.DISPATCH).get("till_ledningssystemet")
    ),
    "vantar_laga_kraft": lambda facts: facts.case.appealable and facts.case.legal_force_on is None,
    "laga_kraft": lambda facts: _iso(facts.case.legal_force_on),
}
