"""Which facts expressions may name besides engine data, and where each is found.

Engine data holds keys and answers; everything that can change is asked for here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.host import Scope
from processes import friday_facts, meetings
from processes.case_facts import CaseFacts, meeting_ahead
from processes.cases import Case
from processes.meeting_facts import MeetingFacts
from processes.meetings import Meeting
from processes.swedish_calendar import local_date

CASE = "arende"
MEETING = "mote"
TODAY = "idag"
FRIDAY = "fredag"
NAMES = frozenset({CASE, MEETING, TODAY, FRIDAY})


def fact(session: Session, name: str, scope: Scope, now: datetime) -> Mapping[str, Any] | None:
    """None where there is no such thing here, as no meeting in a case that has none ahead."""
    today = local_date(now)
    match name:
        case "idag":
            return {"datum": today.isoformat()}
        case "fredag":
            return friday_facts.facts(session, now)
        case "mote":
            meeting = meeting_of(session, scope)
            return None if meeting is None else MeetingFacts(session, meeting, today)
    case_row = case_of(session, scope)
    return None if case_row is None else CaseFacts(session, case_row, today)


def case_of(session: Session, scope: Scope) -> Case | None:
    """The case that an instance was started for.

    Never by its data: a diagram writes there, and could name a case that is secret.
    """
    return session.get(Case, scope.business_key) if scope.business_key else None


def meeting_of(session: Session, scope: Scope) -> Meeting | None:
    """The meeting an instance runs, else the one its case is on its way to."""
    found = meetings.of_business_key(session, scope.business_key)
    if found is not None:
        return found
    if isinstance(meeting_id := scope.data.get("mote_id"), str):
        return meetings.find(session, meeting_id)
    case = case_of(session, scope)
    return None if case is None else meeting_ahead(session, case)
