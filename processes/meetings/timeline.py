"""A meeting's line of dates: what is to be ready when, before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from engine.texts import gettext as _
from processes import deadline_table, organisation
from processes.deadline_language import Anchor
from processes.meetings.tables import Meeting, MeetingStatus, Step, StepDate
from processes.organisation import Organ, OrganKind, Review
from processes.swedish_calendar import is_working_day, why_free


@dataclass(frozen=True, kw_only=True)
class DaysBefore:
    submission_on: date
    review_on: date
    presidium_on: date
    notice_on: date


def days_before(organ: Organ, on: date) -> DaysBefore:
    """The days before a meeting, reckoned backwards from its first one.

    The assembly's cases come prepared from the board, so they may come later (chapter 7.1), and no
    officials go through them again (5.4): its day of review is the one they are handed in.
    """
    prepared = organ.kind == OrganKind.ASSEMBLY
    submission_on = _back("inlamning_fullmaktige" if prepared else "fardigberett", on)
    return DaysBefore(
        submission_on=submission_on,
        review_on=submission_on if prepared else _back("beredning", on),
        presidium_on=_back("presidium", on),
        notice_on=notice_day(organ, on),
    )


def notice_day(organ: Organ, on: date) -> date:
    """The law's week for the assembly, the body's own number of days for the others."""
    if organ.announces_publicly:
        return _back("kallelse", on)
    words = f"{organ.notice_days} dagar före sammanträdet"
    return _sure(deadline_table.reckon(words, {Anchor.MEETING: on}, start=on))


def appeal_ends_on(posted_on: date) -> date:
    """The last day to appeal, carried on to a weekday by law (KL 13:5, lag 1930:173)."""
    return _sure(deadline_table.day_of("overklagande", {Anchor.POSTED: posted_on}, start=posted_on))


def anchors(meeting: Meeting) -> dict[str, date | None]:
    """What deadlines in words may hang on; None for what has not happened yet."""
    return {
        Anchor.SUBMISSION: meeting.submission_on,
        Anchor.REVIEW: meeting.review_on,
        Anchor.PRESIDIUM: meeting.presidium_on,
        Anchor.NOTICE: meeting.notice_on,
        Anchor.MEETING: meeting.on,
        Anchor.MEETING_ENDS: meeting.last_day_on,
        Anchor.ATTESTED: meeting.attested_on,
        Anchor.POSTED: meeting.appeal_from_on or meeting.posted_on,
        Anchor.APPEAL_ENDS: meeting.appeal_ends_on,
    }


def dates(session: Session, meeting: Meeting, *, today: date | None = None) -> list[StepDate]:
    """The whole line. What has happened stands with its day, the rest with its latest one."""
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    if not meeting.decides or meeting.status == MeetingStatus.CANCELLED:
        return [_meeting(meeting, today)]
    return [*_before(meeting, organ, today), _meeting(meeting, today), *_after(meeting, organ)]


def _before(meeting: Meeting, organ: Organ, today: date | None) -> Iterator[StepDate]:
    chancellery = organ.review == Review.CHANCELLERY
    review = _("Kansliberedning") if chancellery else _("Tjänstemannaberedning")
    for step, label, on in (
        (Step.SUBMISSION, _("Inlämning"), meeting.submission_on),
        (Step.REVIEW, review, meeting.review_on),
        (Step.PRESIDIUM, _("Presidium"), meeting.presidium_on),
    ):
        if step is Step.REVIEW and organ.kind == OrganKind.ASSEMBLY:
            continue
        yield StepDate(step=step, label=label, on=on, done=today is not None and on < today)
    yield StepDate(
        step=Step.NOTICE,
        label=_("Kallelse"),
        on=meeting.notice_sent_on or meeting.notice_on,
        latest=meeting.notice_sent_on is None,
        done=meeting.notice_sent_on is not None,
    )


def _meeting(meeting: Meeting, today: date | None) -> StepDate:
    held = meeting.status == MeetingStatus.HELD
    passed = today is not None and meeting.last_day_on < today
    return StepDate(
        step=Step.MEETING,
        label=_("Sammanträde") if meeting.decides else _("Gemensam dag"),
        on=meeting.on,
        done=held or passed,
        reason=meeting.cancelled_reason,
    )


def _after(meeting: Meeting, organ: Organ) -> Iterator[StepDate]:
    """Reckoned from what has happened, else from the latest day it may."""
    attested = meeting.attested_on or attest_by(meeting)
    posted = meeting.posted_on or post_by(attested)
    yield StepDate(
        step=Step.ATTESTED,
        label=_("Justering"),
        on=attested,
        latest=meeting.attested_on is None,
        done=meeting.attested_on is not None,
    )
    yield StepDate(
        step=Step.POSTED,
        label=_("Anslag"),
        on=posted,
        latest=meeting.posted_on is None,
        done=meeting.posted_on is not None,
    )
    if organ.appealable:
        yield _legal_force(meeting, organ, posted)


def _legal_force(meeting: Meeting, organ: Organ, posted: date) -> StepDate:
    return StepDate(
        step=Step.LEGAL_FORCE,
        label=_("Laga kraft"),
        on=meeting.legal_force_on or meeting.appeal_ends_on or appeal_ends_on(posted),
        latest=False,
        done=meeting.legal_force_on is not None,
        reason=" ".join(_reasons(organ, posted)),
    )


def _reasons(organ: Organ, posted: date) -> Iterator[str]:
    last = deadline_table.uncarried("overklagande", posted)
    if not is_working_day(last):
        yield _(
            "Tre veckor från anslaget går ut på %(day)s. Då gäller nästa vardag (lag 1930:173).",
            day=why_free(last),
        )
    if organ.joint:
        yield _("Tiden räknas från den sista av medlemmarnas anslagstavlor (KL 13 kap. 5 §).")


def announce_by(meeting: Meeting) -> date:
    """The last day to announce the assembly's meeting on the notice board (KL 5:13)."""
    return _back("kungorelse", meeting.on)


def attest_by(meeting: Meeting) -> date:
    """The last day to attest the minutes, from the meeting's last day (KL 5:69)."""
    return _sure(deadline_table.day_of("justering", anchors(meeting), start=meeting.last_day_on))


def post_by(attested_on: date) -> date:
    """The last day to post the notice (KL 8:12)."""
    return _sure(deadline_table.day_of("anslag", {Anchor.ATTESTED: attested_on}, start=attested_on))


def _back(rule_id: str, on: date) -> date:
    return _sure(deadline_table.day_of(rule_id, {Anchor.MEETING: on}, start=on))


def _sure(day: date | None) -> date:
    assert day is not None, "every anchor was given"
    return day
