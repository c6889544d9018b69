"""The meeting calendar: which body meets when, and every day that hangs on it."""

from __future__ import annotations

from processes.meetings.calendar import (
    between,
    find,
    get,
    next_meeting,
    of_business_key,
    on_day,
    title,
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
from processes.meetings.progress import (
    attested,
    gained_legal_force,
    held,
    notice_sent,
    posted,
    taken_down,
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
    "MovePreview",
    "NewMeeting",
    "Step",
    "StepDate",
    "anchors",
    "appeal_ends_on",
    "attest_by",
    "attested",
    "between",
    "business_key",
    "cancel",
    "create",
    "dates",
    "days_before",
    "faults",
    "find",
    "gained_legal_force",
    "get",
    "held",
    "move",
    "next_meeting",
    "notice_sent",
    "of_business_key",
    "on_day",
    "post_by",
    "posted",
    "preview_move",
    "reschedule",
    "set_place",
    "set_submission",
    "start_missing",
    "taken_down",
    "title",
    "upcoming",
    "warnings",
]
