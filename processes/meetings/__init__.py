"""The meeting calendar: which body meets when, and every day that hangs on it."""

from __future__ import annotations

from processes.meetings.calendar import (
    between,
    find,
    get,
    latest_held,
    next_meeting,
    of_business_key,
    on_day,
    upcoming,
)
from processes.meetings.changes import (
    cancel,
    create,
    move,
    reschedule,
    set_place,
    set_submission,
    start_missing,
)
from processes.meetings.checks import faults, warnings
from processes.meetings.preview import MovePreview, preview_move
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
    announce_by,
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
    "MovePreview",
    "NewMeeting",
    "Step",
    "StepDate",
    "anchors",
    "announce_by",
    "appeal_ends_on",
    "attest_by",
    "between",
    "business_key",
    "cancel",
    "create",
    "dates",
    "days_before",
    "faults",
    "find",
    "get",
    "latest_held",
    "move",
    "next_meeting",
    "of_business_key",
    "on_day",
    "post_by",
    "preview_move",
    "reschedule",
    "set_place",
    "set_submission",
    "start_missing",
    "upcoming",
    "warnings",
]
