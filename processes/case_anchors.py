"""The dates that a deadline in a diagram may hang on, as they are for this case or meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.host import Scope
from processes import agenda, delegation, facts, meetings
from processes.agenda import ItemStatus
from processes.case_facts import meeting_ahead
from processes.cases import Case, CaseStatus, CaseStatusChange
from processes.deadline_words import Anchor
from processes.meetings import Meeting
from processes.swedish_calendar import local_date


def of_scope(session: Session, anchor: Anchor | None, scope: Scope) -> dict[str, date | None]:
    """The one date asked for, if it is known; nothing else is looked up."""
    if anchor is None:
        return {}
    if (said := _from_data(anchor, scope.data)) is not None:
        return {anchor: said}
    case = facts.case_of(session, scope)
    if case is not None and anchor in _OF_CASE:
        return {anchor: _of_case(session, anchor, case)}
    meeting = facts.meeting_of(session, scope)
    if meeting is None:
        return {}
    if anchor is Anchor.SUBMISSION and _is_reworked(session, meeting, case):
        anchor_then = Anchor.NOTICE  # it was in on time; now it must be ready for the notice
        return {anchor: meetings.anchors(meeting).get(anchor_then)}
    known = meetings.anchors(meeting)
    if anchor is Anchor.MEETING:
        return {one: known[one] for one in (Anchor.MEETING, Anchor.MEETING_ENDS)}
    return {anchor: known.get(anchor)}


def _is_reworked(session: Session, meeting: Meeting, case: Case | None) -> bool:
    item = agenda.find(session, meeting.id, case.number) if case else None
    return item is not None and item.status == ItemStatus.REWORK


# Where a multi-instance keeps its item, and the date in it.
_ITEMS = {
    Anchor.REPLY_BY: ("tillfragad", "svar_senast"),
    Anchor.READY_BY: ("atgard", "klart_senast"),
}
_OF_CASE = frozenset(
    {
        Anchor.READY_BY, Anchor.DECIDE_BY, Anchor.RAISED, Anchor.REGISTERED, Anchor.ALLOCATED,
        Anchor.DECIDED, Anchor.POSTED,
    }
)  # fmt: skip


def _from_data(anchor: Anchor, data: Mapping[str, Any]) -> date | None:
    item, key = _ITEMS.get(anchor, ("", ""))
    value = data.get(item)
    text = value.get(key) if isinstance(value, Mapping) else None
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _of_case(session: Session, anchor: Anchor, case: Case) -> date | None:
    match anchor:
        case Anchor.READY_BY:
            return case.ready_by_on or _submission_day(session, case)
        case Anchor.DECIDE_BY:
            return case.decide_by_on
        case Anchor.RAISED:
            return case.received_on
        case Anchor.REGISTERED:
            return local_date(case.created_at)
        case Anchor.ALLOCATED:
            return _allocated_on(session, case)
        case Anchor.POSTED:
            return _own_notice(session, case)
    return case.decided_on


def _own_notice(session: Session, case: Case) -> date | None:
    """Of a delegated decision that is not reported to a body: a meeting's hangs on the meeting."""
    decisions = delegation.of_case(session, case.number)
    return decisions[-1].posted_on if decisions else None


def _submission_day(session: Session, case: Case) -> date | None:
    """Without a day of its own the preparation is to be done when the meeting asks for it."""
    meeting = meeting_ahead(session, case)
    return meeting.submission_on if meeting else None


def _allocated_on(session: Session, case: Case) -> date | None:
    query = sa.select(sa.func.max(CaseStatusChange.at)).where(
        CaseStatusChange.case_number == case.number,
        CaseStatusChange.status == CaseStatus.ALLOCATED,
    )
    at = session.scalar(query)
    return local_date(at) if at else None
