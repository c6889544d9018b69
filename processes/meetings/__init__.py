"""The meeting calendar: which body meets when, and every day that hangs on it."""

from __future__ import annotations

from processes.meetings.calendar import (
    between,
    find,
    get,
    next_meeting,
    of_business_key,
    on_day,
    upcoming,
)
from processes.meetings.tables import (
    Meeting,
    MeetingKind,
    MeetingStatus,
    NewMeeting,
    Step,
    StepDate,
    business_key,
)
from processes.meetings.timeline import (
    anchors,
    appeal_ends_on,
    attest_by,
    dates,
    days_before,
    post_by,
)

__all__ = [
    "Meeting",
    "MeetingKind",
    "MeetingStatus",
    "NewMeeting",
    "Step",
    "StepDate",
    "anchors",
    "appeal_ends_on",
    "attest_by",
    "between",
    "business_key",
    "dates",
    "days_before",
    "find",
    "get",
    "next_meeting",
    "of_business_key",
    "on_day",
    "post_by",
    "upcoming",
]
