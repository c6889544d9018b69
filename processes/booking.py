"""Which meeting a case goes to: the one it was planned for if that can still be reached."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import Refusal
from engine.host import Actor
from engine.texts import gettext as _
from processes import agenda, cases, meetings, organisation
from processes.agenda import AgendaItem, ItemStatus, Outcome
from processes.cases import Case
from processes.meetings import Meeting, MeetingStatus
from processes.organisation import OrganKind, Review
from processes.swedish_calendar import local_date

# Went past its meeting as it was: the next one takes it up without a new submission.
PASSED_ON = (Outcome.TABLED, Outcome.MOVED)
# Those of the organ who work with its cases, beside its secretary.
TREATING = ("Föredragande", "Presidium", "Justerare")


class NoMeeting(Refusal):
    def __init__(self, organ_code: str) -> None:
        super().__init__(
            _(
                "%(organ)s har inget kommande sammanträde som ärendet hinner till. "
                "Lägg in ett i sammanträdeskalendern.",
                organ=organ_code,
            )
        )


def report(session: Session, case: Case, *, now: datetime) -> AgendaItem:
    """A26: book the meeting of the organ that treats the case now, and say it is ready.

    Late for the meeting it was planned for, it is booked there all the same: the secretary
    decides whether it is taken up (an extra item) or moved.
    """
    today = local_date(now)
    meeting = choose(session, case, on=today)
    passed_on = _passed_on(session, case)
    agenda.book(session, meeting.id, case.number, now=now)
    late = today > meeting.submission_on and passed_on is None
    item = agenda.report_ready(session, meeting.id, case.number, now=now, late=late)
    # What the notice did not announce is taken up only if all agree (KL 5:52), also what came
    # back from rework after it; of a late one the secretary says whether it is taken up at all.
    unannounced = meeting.notice_sent_on is not None and item.status != ItemStatus.LATE
    item.extra = item.extra or unannounced
    return item


def admit(session: Session, engine: Engine, case: Case, meeting: Meeting, *, actor: Actor) -> None:
    """A secret case is there for those who review, prepare and attest it at the meeting too."""
    if not case.secret:
        return
    for role in TREATING:
        code = organisation.nearest_holding(session, role, meeting.organ_code)
        member = organisation.candidate_key(role, code)
        cases.add_member(session, engine, case.number, member, actor=actor)
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    if organ.review == Review.CHANCELLERY:
        director = organisation.candidate_key("Regiondirektör", organisation.REGION)
        cases.add_member(session, engine, case.number, director, actor=actor)


def choose(session: Session, case: Case, *, on: date) -> Meeting:
    """The meeting the case can go to if it is ready `on` that day. Raises NoMeeting."""
    organ = case.organ or ""
    planned = _planned(session, case)
    if planned is not None:
        return planned
    passed_on = _passed_on(session, case)
    if passed_on is None:
        found = meetings.next_meeting(session, organ, submission_from=on)
    else:
        found = meetings.next_meeting(session, organ, after=max(passed_on.on, on))
    if found is None:
        raise NoMeeting(organ)
    return found


def _planned(session: Session, case: Case) -> Meeting | None:
    """The meeting it has a place at, or that was chosen when it was allocated."""
    tried = {item.meeting_id for item in agenda.of_case(session, case.number)}
    waiting = agenda.planned_meeting(session, case.number)
    chosen = case.planned_meetings.get(case.organ or "")
    for meeting_id in (waiting, None if chosen in tried else chosen):
        meeting = meetings.find(session, meeting_id) if meeting_id else None
        if meeting is not None and _takes_cases(meeting) and meeting.organ_code == case.organ:
            return meeting
    return None


def _takes_cases(meeting: Meeting) -> bool:
    return meeting.status == MeetingStatus.PLANNED


def _passed_on(session: Session, case: Case) -> Meeting | None:
    """The meeting after which the case needs no new submission, if it was its latest one.

    It tabled or moved the case, was cancelled with the case ready, or was the subcommittee's,
    from which a case goes straight on (chapter 7.1).
    """
    earlier = agenda.of_case(session, case.number)
    last = earlier[-1] if earlier else None
    meeting = meetings.find(session, last.meeting_id) if last else None
    if last is None or meeting is None:
        return None
    if meeting.organ_code != case.organ:
        from_below = last.outcome == Outcome.ONWARDS and _is_subcommittee_of(session, meeting, case)
        return meeting if from_below else None
    was_cancelled = meeting.status == MeetingStatus.CANCELLED and last.ready_at is not None
    return meeting if was_cancelled or last.outcome in PASSED_ON else None


def _is_subcommittee_of(session: Session, meeting: Meeting, case: Case) -> bool:
    organ = organisation.organ(session, meeting.organ_code, on=meeting.on)
    return (
        organ is not None
        and organ.kind == OrganKind.SUBCOMMITTEE
        and organ.superior_code == case.organ
    )
