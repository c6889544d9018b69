"""What forms are filled in with before anybody has said anything: a path, days, a timetable."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from processes import casework, deadline_table, meetings, organisation
from processes.cases import Case, CaseKind, DecisionForm
from processes.casework import Step
from processes.deadline_language import Anchor
from processes.swedish_calendar import working_day_or_before

# Raised in the assembly by its members and taken up there without preparation (chapter 2).
WITHOUT_PREPARATION = frozenset({CaseKind.INTERPELLATION, CaseKind.QUESTION})
# Never delegated, and never only answered (KL 6:38; chapter 2).
ALWAYS_BODY = WITHOUT_PREPARATION | {
    CaseKind.MOTION,
    CaseKind.CITIZEN_PROPOSAL,
    CaseKind.ELECTION,
}
# Where no meeting sets the day: the four weeks that chapter 1.3 gives what meetings decide.
WITHOUT_MEETING = timedelta(weeks=4)
# What is done by when, as a share of the days that are left.
PARTS = (("Avstämningar klara", 50), ("Beslutsunderlag klart", 80), ("Färdigberett", 100))

Row = dict[str, str]


def path(session: Session, case: Case, today: date) -> list[Row]:
    """From where the case is, each organ with the first meeting that can be reached."""
    rows: list[Row] = []
    after = today
    for organ in case.path[case.step :] or _organs(session, case):
        planned = case.planned_meetings.get(organ)
        meeting = meetings.find(session, planned) if planned else None
        if meeting is None:
            meeting = meetings.next_meeting(session, organ, submission_from=after, after=after)
        rows.append({"organ": organ, "sammantrade": meeting.id if meeting else ""})
        after = meeting.on if meeting else after
    return rows


def _organs(session: Session, case: Case) -> list[str]:
    """From the organ that keeps the registry, to the assembly for what was raised in it."""
    start = case.registry_code
    if organisation.organ(session, start) is None:
        return []
    if case.kind in (CaseKind.MOTION, CaseKind.CITIZEN_PROPOSAL):
        return organisation.decision_path_suggestion(session, start)
    if case.kind in WITHOUT_PREPARATION:
        return organisation.decision_path_suggestion(session, start)[-1:]
    return [start]


def decision_form(case: Case) -> str | None:
    """Who decides: as said, else what the law leaves no choice about."""
    if case.decision_form is None and case.kind in ALWAYS_BODY:
        return DecisionForm.BODY
    return case.decision_form


def ready_day(session: Session, case: Case, today: date) -> date | None:
    """When the preparation is to be done, by whoever is to decide."""
    if case.decision_form in (None, DecisionForm.BODY):
        return ready_for_meeting(session, case, today)
    return ready_without_meeting(case, today)


def ready_without_meeting(case: Case, today: date) -> date:
    """For a delegate's decision or an answer: as said, else in four weeks, if there are as many."""
    if case.ready_by_on is not None and case.decision_form not in (None, DecisionForm.BODY):
        return case.ready_by_on
    wanted = working_day_or_before(today + WITHOUT_MEETING)
    return max(min(wanted, case.decide_by_on or wanted), today)


def ready_for_meeting(session: Session, case: Case, today: date) -> date | None:
    """As said, else four weeks before the meeting (1.3)."""
    if case.ready_by_on is not None and case.decision_form in (None, DecisionForm.BODY):
        return case.ready_by_on
    row = next(iter(path(session, case, today)), None)
    meeting = meetings.find(session, row["sammantrade"]) if row else None
    if meeting is None:
        return None
    wanted = deadline_table.day_of("fardigberett", {Anchor.MEETING: meeting.on}, start=today)
    return max(wanted or today, today)


def timetable(session: Session, case: Case, today: date) -> list[Row]:
    """Backwards from the day the preparation is to be done; or the one the manager sent back."""
    if casework.latest(session, case.number, Step.DIRECTIVES).get("tidplan_godkand") == "nej":
        return list(casework.latest(session, case.number, Step.TIMETABLE).get("delar") or [])
    last = ready_day(session, case, today)
    if last is None:
        return []
    left = max((last - today).days, 0)
    return [
        {
            "vad": name,
            "klart": working_day_or_before(today + timedelta(days=left * share // 100)).isoformat(),
        }
        for name, share in PARTS
    ]
