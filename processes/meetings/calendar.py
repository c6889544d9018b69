"""Which meetings there are."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.fetching import Fetching
from engine.texts import gettext as _
from processes.meetings.tables import DECIDING, Meeting, MeetingStatus


def find(session: Session, meeting_id: str) -> Meeting | None:
    return session.get(Meeting, meeting_id)


def get(session: Session, meeting_id: str) -> Meeting:
    meeting = find(session, meeting_id)
    if meeting is None:
        raise NotFound(_("Sammanträdet finns inte."))
    return meeting


def of_business_key(session: Session, key: str | None) -> Meeting | None:
    """The meeting that an instance with that business key runs, if it runs one."""
    prefix, _colon, meeting_id = (key or "").partition(":")
    return find(session, meeting_id) if prefix == "mote" else None


_BETWEEN = Fetching(
    Meeting,
    lambda meetings: meetings.where(
        Meeting.on.between(sa.bindparam("first"), sa.bindparam("last"))
    ).order_by(Meeting.on, Meeting.organ_code, Meeting.id),
)


def between(
    session: Session,
    first_on: date,
    last_on: date,
    *,
    organ_code: str | None = None,
    cancelled: bool = False,
) -> list[Meeting]:
    """Meetings that begin within those days, in the order they are held."""
    found = _BETWEEN.all(session, first=first_on, last=last_on)
    return [
        meeting
        for meeting in found
        if organ_code in (None, meeting.organ_code)
        and (cancelled or meeting.status != MeetingStatus.CANCELLED)
    ]


def upcoming(
    session: Session, organ_code: str, *, on_or_after: date, limit: int | None = None
) -> list[Meeting]:
    """The body's planned meetings that decide, from that day on."""
    query = _planned(organ_code).where(Meeting.on >= on_or_after).order_by(Meeting.on, Meeting.id)
    return list(session.scalars(query if limit is None else query.limit(limit)))


def next_meeting(
    session: Session,
    organ_code: str,
    *,
    submission_from: date | None = None,
    after: date | None = None,
) -> Meeting | None:
    """The body's first planned meeting that can be reached.

    `submission_from`: its submission day is that day or later (the day a case is ready).
    `after`: it begins later than that day (the day the body before met).
    """
    query = _planned(organ_code)
    if submission_from is not None:
        query = query.where(Meeting.submission_on >= submission_from)
    if after is not None:
        query = query.where(Meeting.on > after)
    return session.scalars(query.order_by(Meeting.on, Meeting.id).limit(1)).first()


def latest_held(session: Session, organ_code: str, before: date) -> Meeting | None:
    """The body's last meeting before that day."""
    query = sa.select(Meeting).where(
        Meeting.organ_code == organ_code,
        Meeting.on < before,
        Meeting.status == MeetingStatus.HELD,
    )
    return session.scalars(query.order_by(Meeting.on.desc()).limit(1)).first()


def on_day(session: Session, organ_code: str, on: date) -> Meeting | None:
    """The body's meeting that begins that day and isn't cancelled."""
    query = sa.select(Meeting).where(
        Meeting.organ_code == organ_code,
        Meeting.on == on,
        Meeting.status != MeetingStatus.CANCELLED,
    )
    return session.scalars(query).first()


def without_instance(session: Session, *, on_or_after: date) -> list[Meeting]:
    """Planned meetings, not over by that day, that no process runs yet."""
    query = sa.select(Meeting).where(
        Meeting.last_day_on >= on_or_after,
        Meeting.status == MeetingStatus.PLANNED,
        Meeting.kind.in_(DECIDING),
        Meeting.instance_id.is_(None),
    )
    return list(session.scalars(query.order_by(Meeting.on, Meeting.id)))


def _planned(organ_code: str) -> sa.Select[Meeting]:
    return sa.select(Meeting).where(
        Meeting.organ_code == organ_code,
        Meeting.status == MeetingStatus.PLANNED,
        Meeting.kind.in_(DECIDING),
    )
