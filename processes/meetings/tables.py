"""The meeting calendar's table, and the values that go in and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base
from engine.tables import new_id


class MeetingKind(StrEnum):
    ORDINARY = "ordinary"
    EXTRA = "extra"
    JOINT_DAY = "joint_day"  # a planning or budget day: no agenda, no minutes, nothing decided


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


DECIDING = (MeetingKind.ORDINARY, MeetingKind.EXTRA)


class Meeting(Base):
    """One meeting of one body, with the days that hang on it.

    The four days before it are kept as rows of the calendar, not computed when asked: the
    submission day is published a year ahead, and people plan by it.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index("ix_meeting_organ", "organ_code", "on"),
        sa.Index("ix_meeting_on", "on"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organ_code: Mapped[str]
    on: Mapped[date]  # the first day
    last_day_on: Mapped[date]
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default=MeetingKind.ORDINARY)
    status: Mapped[str] = mapped_column(default=MeetingStatus.PLANNED)
    submission_on: Mapped[date]
    review_on: Mapped[date]
    presidium_on: Mapped[date]
    notice_on: Mapped[date]
    instance_id: Mapped[str | None]  # of the process that runs it
    notice_sent_on: Mapped[date | None]
    attested_on: Mapped[date | None]
    posted_on: Mapped[date | None]  # the notice of the minutes on the notice board
    appeal_from_on: Mapped[date | None]  # the same, or the last of the members' (KL 13:5)
    appeal_ends_on: Mapped[date | None]  # carried on by law already
    legal_force_on: Mapped[date | None]
    taken_down_on: Mapped[date | None]
    cancelled_reason: Mapped[str] = mapped_column(default="")
    lock_version: Mapped[int] = mapped_column(default=1)

    @property
    def business_key(self) -> str:
        return business_key(self.id)

    @property
    def decides(self) -> bool:
        return self.kind in DECIDING


def business_key(meeting_id: str) -> str:
    return f"mote:{meeting_id}"


@dataclass(frozen=True, kw_only=True)
class NewMeeting:
    """A meeting to be put in the calendar; days that are not given are reckoned backwards."""

    organ_code: str
    on: date
    last_day_on: date | None = None
    meets_at: time | None = None
    place: str = ""
    kind: MeetingKind = MeetingKind.ORDINARY
    submission_on: date | None = None


class Step(StrEnum):
    """A stop on a meeting's line of dates, in their order."""

    SUBMISSION = "submission"
    REVIEW = "review"
    PRESIDIUM = "presidium"
    NOTICE = "notice"
    MEETING = "meeting"
    ATTESTED = "attested"
    POSTED = "posted"
    LEGAL_FORCE = "legal_force"


@dataclass(frozen=True, kw_only=True)
class StepDate:
    step: Step
    label: str  # "Kansliberedning"
    on: date
    latest: bool = False  # "senast": a limit, not a day that something is held
    done: bool = False
    reason: str = ""  # why it is that day, when that isn't plain
