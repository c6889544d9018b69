"""The meeting calendar."""

from __future__ import annotations

from marshmallow import fields

from processes.meetings import MeetingKind, MeetingStatus
from web.api.schemas.base import (
    FIRST_DAY,
    LAST_DAY,
    Answer,
    Between,
    Day,
    Line,
    Long,
    MayLock,
    OneOf,
    Paging,
    Sent,
)


class NewMeeting(Sent):
    organ = Line(required=True, metadata={"description": "Code of the body: RS."})
    on = Day(required=True, metadata={"description": "The first day."})
    last_day_on = Day(load_default=None, allow_none=True)
    submission_on = Day(
        load_default=None, allow_none=True, metadata={"description": "Else reckoned backwards."}
    )
    place = Line(load_default="")
    extra = fields.Boolean(load_default=False)


class MeetingChange(MayLock):
    """Either another day, or that it is cancelled."""

    on = Day(load_default=None, allow_none=True)
    last_day_on = Day(load_default=None, allow_none=True)
    submission_on = Day(load_default=None, allow_none=True)
    cancelled = fields.Boolean(load_default=False)
    reason = fields.String(required=True, validate=Long(min=1, max=2000))


class MeetingQuery(Paging):
    organ = fields.String(load_default=None)
    year = fields.Integer(
        load_default=None,
        validate=Between(FIRST_DAY.year, LAST_DAY.year),
        metadata={"description": "This year if none is given."},
    )


class Meeting(Answer):
    id = fields.String()
    organ = fields.String(attribute="organ_code")
    on = fields.Date()
    last_day_on = fields.Date()
    starts_at = fields.DateTime()
    place = fields.String()
    kind = fields.String(validate=OneOf([kind.value for kind in MeetingKind]))
    status = fields.String(validate=OneOf([status.value for status in MeetingStatus]))
    submission_on = fields.Date()
    review_on = fields.Date()
    presidium_on = fields.Date()
    notice_on = fields.Date()
    attested_on = fields.Date(allow_none=True)
    posted_on = fields.Date(allow_none=True)
    legal_force_on = fields.Date(allow_none=True)
    cancelled_reason = fields.String()
    instance = fields.String(attribute="instance_id", allow_none=True)
    lock_version = fields.Integer()
