"""Meetings: the line of dates, and what creating, moving and cancelling them brings about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import instances, tasks
from engine.clock import SettableClock
from engine.engine import Engine
from engine.errors import Invalid, NotFound, Stale
from engine.tables import EventLog, InstanceStatus, Job, JobKind, JobStatus, Message
from processes import agenda, meetings
from processes.deadline_language import due, parse
from processes.meetings import Meeting, MeetingKind, MeetingStatus, NewMeeting, Step
from processes.swedish_calendar import deadline_day
from tests.processes.region.conftest import SECRETARY
from tests.processes.region.host import deploy_meeting_process

WEDNESDAY = date(2026, 2, 25)
# The mock's meeting: its submission day is published, twenty-two days before.
RS_IN_FEBRUARY = NewMeeting(organ_code="RS", on=WEDNESDAY, submission_on=date(2026, 2, 3))
RS_IN_APRIL = NewMeeting(organ_code="RS", on=date(2026, 4, 8))


def create(session: Session, engine: Engine, new: NewMeeting = RS_IN_APRIL) -> Meeting:
    return meetings.create(session, engine, new, actor=SECRETARY)


@pytest.fixture
def running(region: Session, engine: Engine) -> Meeting:
    """A meeting whose process waits for its task and its day, with one case on its way to it."""
    deploy_meeting_process(region, engine.clock.now())
    meeting = create(region, engine)
    agenda.book(region, meeting.id, "RS/1/2026", now=engine.clock.now())
    return meeting


def due_day(session: Session, meeting: Meeting) -> date:
    (task,) = tasks.of_business_key(session, meeting.business_key)
    return deadline_day(task.due_at)


def timer_day(session: Session, meeting: Meeting) -> date:
    query = sa.select(Job).where(
        Job.instance_id == meeting.instance_id,
        Job.kind == JobKind.TIMER,
        Job.status == JobStatus.SCHEDULED,
    )
    return deadline_day(session.scalars(query).one().due_at)


# --- the line of dates


def test_the_line_of_dates_is_the_one_people_know(region: Session, engine: Engine) -> None:
    meeting = create(region, engine, RS_IN_FEBRUARY)
    line = {step.step: step for step in meetings.dates(region, meeting, today=date(2026, 2, 4))}
    assert {step: found.on for step, found in line.items()} == {
        Step.SUBMISSION: date(2026, 2, 3),
        Step.REVIEW: date(2026, 2, 4),
        Step.PRESIDIUM: date(2026, 2, 11),
        Step.NOTICE: date(2026, 2, 18),
        Step.MEETING: WEDNESDAY,
        Step.ATTESTED: date(2026, 3, 11),
        Step.POSTED: date(2026, 3, 13),
        Step.LEGAL_FORCE: date(2026, 4, 7),
    }
    assert line[Step.REVIEW].label == "Kansliberedning"
    assert line[Step.SUBMISSION].done
    assert not line[Step.REVIEW].done
    assert [step for step, found in line.items() if found.latest] == [
        Step.NOTICE, Step.ATTESTED, Step.POSTED,
    ]  # fmt: skip
    assert "långfredagen" in line[Step.LEGAL_FORCE].reason
    assert "1930:173" in line[Step.LEGAL_FORCE].reason


def test_days_that_are_not_given_are_reckoned_backwards(region: Session, engine: Engine) -> None:
    meeting = create(region, engine)
    assert meeting.submission_on == date(2026, 3, 11)  # T−28
    assert meeting.review_on == date(2026, 3, 18)
    assert meeting.presidium_on == date(2026, 3, 25)
    assert meeting.notice_on == date(2026, 4, 1)
    assert meeting.starts_at == datetime(2026, 4, 8, 7, tzinfo=UTC)  # 9.00 in summer


def test_the_assembly_takes_what_the_board_has_prepared_later(
    region: Session, engine: Engine
) -> None:
    meeting = create(region, engine, NewMeeting(organ_code="RF", on=date(2026, 4, 21)))
    assert meeting.submission_on == meeting.review_on < meeting.presidium_on < meeting.notice_on
    assert meeting.submission_on == date(2026, 4, 2)  # T−18 is Good Friday
    # Its cases come prepared: no officials go through them again.
    assert Step.REVIEW not in {step.step for step in meetings.dates(region, meeting)}
    assert meeting.notice_on == date(2026, 4, 14)  # KL 5:15


def test_attesting_is_counted_from_the_last_day_of_a_long_meeting(
    region: Session, engine: Engine
) -> None:
    new = NewMeeting(organ_code="RS", on=date(2026, 4, 8), last_day_on=date(2026, 4, 9))
    meeting = create(region, engine, new)
    line = meetings.dates(region, meeting)
    assert next(step.on for step in line if step.step == Step.ATTESTED) == date(2026, 4, 23)
    # The deadline of the task says the same as the line of dates.
    words = parse("14 dagar efter sammanträdet")
    start = datetime(2026, 4, 9, tzinfo=UTC)
    assert deadline_day(due(words, meetings.anchors(meeting), start)) == date(2026, 4, 23)


def test_what_has_happened_takes_the_place_of_the_latest_day(
    region: Session, engine: Engine
) -> None:
    meeting = create(region, engine, RS_IN_FEBRUARY)
    meeting.notice_sent_on, meeting.status = date(2026, 2, 17), MeetingStatus.HELD
    meeting.attested_on = date(2026, 3, 2)
    meeting.posted_on = meeting.appeal_from_on = date(2026, 3, 3)
    line = {step.step: step for step in meetings.dates(region, meeting)}
    assert line[Step.NOTICE].on == date(2026, 2, 17)
    assert line[Step.LEGAL_FORCE].on == date(2026, 3, 24)
    assert not line[Step.LEGAL_FORCE].reason
    assert not line[Step.LEGAL_FORCE].done
    meeting.legal_force_on = date(2026, 3, 24)
    line = {step.step: step for step in meetings.dates(region, meeting)}
    assert all(line[step].done for step in (Step.NOTICE, Step.MEETING, Step.LEGAL_FORCE))


def test_what_cannot_be_appealed_has_no_legal_force_to_wait_for(
    region: Session, engine: Engine
) -> None:
    meeting = create(region, engine, NewMeeting(organ_code="SBB", on=date(2026, 4, 16)))
    assert Step.LEGAL_FORCE not in {step.step for step in meetings.dates(region, meeting)}


def test_a_joint_committee_says_whose_notice_counts(region: Session, engine: Engine) -> None:
    meeting = create(region, engine, NewMeeting(organ_code="GN", on=date(2026, 4, 16)))
    assert "KL 13 kap. 5 §" in meetings.dates(region, meeting)[-1].reason


def test_deadlines_hang_on_what_is_known(region: Session, engine: Engine) -> None:
    anchors = meetings.anchors(create(region, engine))
    assert anchors["sammanträdet"] == date(2026, 4, 8)
    assert anchors["sista inlämningsdag"] == date(2026, 3, 11)
    assert anchors["justeringen"] is None
    assert anchors["anslaget"] is None


# --- creating


def test_a_meeting_starts_its_process_with_its_row(region: Session, running: Meeting) -> None:
    instance = instances.get(region, running.instance_id or "")
    assert instance.business_key == f"mote:{running.id}"
    assert due_day(region, running) == date(2026, 3, 18)
    assert timer_day(region, running) == date(2026, 4, 8)


def test_a_calendar_older_than_the_process_is_caught_up_with(
    region: Session, engine: Engine
) -> None:
    meeting = create(region, engine)
    joint = replace(RS_IN_APRIL, on=date(2026, 4, 9), kind=MeetingKind.JOINT_DAY)
    create(region, engine, joint)
    assert meeting.instance_id is None
    deploy_meeting_process(region, engine.clock.now())
    assert meetings.start_missing(region, engine, actor=SECRETARY) == [meeting]
    assert meeting.instance_id is not None
    assert meetings.start_missing(region, engine, actor=SECRETARY) == []


def test_a_meeting_that_is_over_starts_nothing(
    region: Session, engine: Engine, clock: SettableClock
) -> None:
    deploy_meeting_process(region, engine.clock.now())
    clock.set(datetime(2026, 4, 9, 12, tzinfo=UTC))
    assert create(region, engine).instance_id is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organ_code": "XX"}, "organ_code"),
        ({"on": date(2026, 4, 3)}, "on"),  # Good Friday
        ({"on": date(2026, 4, 8)}, "on"),  # there is one already
        ({"last_day_on": date(2026, 3, 1)}, "last_day_on"),
        ({"last_day_on": date(2026, 5, 1)}, "last_day_on"),
        ({"submission_on": date(2026, 4, 20)}, "submission_on"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_at_its_field(
    region: Session, engine: Engine, changes: dict[str, object], field: str
) -> None:
    create(region, engine)
    with pytest.raises(Invalid) as refused:
        create(region, engine, replace(RS_IN_APRIL, **{"on": date(2026, 4, 15), **changes}))
    assert [error.field for error in refused.value.errors] == [field]


# --- which is next


def test_the_next_meeting_is_the_first_whose_submission_day_is_ahead(
    region: Session, engine: Engine
) -> None:
    february = create(region, engine, RS_IN_FEBRUARY)
    april = create(region, engine)
    extra = create(
        region, engine,
        NewMeeting(organ_code="RS", on=date(2026, 3, 3), kind=MeetingKind.EXTRA,
                   submission_on=date(2026, 3, 2)),
    )  # fmt: skip
    on_the_day = meetings.next_meeting(region, "RS", submission_from=date(2026, 2, 3))
    assert on_the_day is february
    assert meetings.next_meeting(region, "RS", submission_from=date(2026, 2, 4)) is extra
    assert meetings.next_meeting(region, "RS", after=date(2026, 3, 3)) is april
    assert meetings.next_meeting(region, "RS", submission_from=date(2026, 4, 1)) is None
    assert meetings.next_meeting(region, "RUN") is None


def test_a_joint_day_is_in_the_calendar_but_nothing_is_decided_there(
    region: Session, engine: Engine
) -> None:
    joint = replace(RS_IN_APRIL, on=date(2026, 3, 2), kind=MeetingKind.JOINT_DAY)
    meeting = create(region, engine, joint)
    assert meetings.next_meeting(region, "RS") is None
    assert meetings.between(region, date(2026, 1, 1), date(2026, 12, 31)) == [meeting]
    assert [step.step for step in meetings.dates(region, meeting)] == [Step.MEETING]


def test_a_meeting_is_found_by_its_instances_key(region: Session, engine: Engine) -> None:
    meeting = create(region, engine)
    assert meetings.of_business_key(region, meeting.business_key) is meeting
    assert meetings.of_business_key(region, "RS/1/2026") is None
    assert meetings.of_business_key(region, None) is None
    with pytest.raises(NotFound):
        meetings.get(region, "finns-inte")


# --- moving


def test_moving_a_meeting_moves_everything_that_hangs_on_it(
    region: Session, engine: Engine, running: Meeting
) -> None:
    to = date(2026, 4, 22)
    moved = meetings.move(
        region, engine, running.id, to, actor=SECRETARY, reason="Ordföranden har förhinder"
    )
    assert running.submission_on == date(2026, 3, 25)
    assert running.starts_at == datetime(2026, 4, 22, 7, tzinfo=UTC)
    assert timer_day(region, running) == to
    assert due_day(region, running) == date(2026, 4, 1)
    assert {each.element for each in moved} == {"sammantradet", "forbered"}
    row = region.scalars(sa.select(EventLog).where(EventLog.kind == "meeting_moved")).one()
    assert row.detail["before"] == "2026-04-08"
    assert row.detail["reason"] == "Ordföranden har förhinder"


def test_a_published_submission_day_keeps_its_distance(region: Session, engine: Engine) -> None:
    meeting = create(
        region, engine,
        NewMeeting(organ_code="RS", on=date(2026, 4, 8), submission_on=date(2026, 3, 17)),
    )  # fmt: skip
    meetings.move(region, engine, meeting.id, date(2026, 4, 15), actor=SECRETARY, reason="Sal")
    assert meeting.submission_on == date(2026, 3, 24)
    meetings.move(
        region, engine, meeting.id, date(2026, 4, 22), actor=SECRETARY, reason="Sal",
        submission_on=date(2026, 4, 1),
    )  # fmt: skip
    assert meeting.submission_on == date(2026, 4, 1)


def test_a_long_meeting_stays_as_long(region: Session, engine: Engine) -> None:
    new = replace(RS_IN_APRIL, last_day_on=date(2026, 4, 9))
    meeting = create(region, engine, new)
    meetings.move(region, engine, meeting.id, date(2026, 4, 15), actor=SECRETARY, reason="Sal")
    assert meeting.last_day_on == date(2026, 4, 16)


def test_a_preview_tells_what_a_move_would_do_and_does_nothing(
    region: Session, engine: Engine, running: Meeting
) -> None:
    logged = region.scalar(sa.select(sa.func.count()).select_from(EventLog))
    preview = meetings.preview_move(region, engine, running.id, date(2026, 2, 18), actor=SECRETARY)
    assert {step.on for step in preview.before} != {step.on for step in preview.after}
    assert preview.case_numbers == ["RS/1/2026"]
    assert {each.element for each in preview.moved} == {"sammantradet", "forbered"}
    assert any("inlämningsdag" in said for said in preview.warnings)
    assert running.on == date(2026, 4, 8)
    assert timer_day(region, running) == date(2026, 4, 8)
    assert due_day(region, running) == date(2026, 3, 18)
    assert region.scalar(sa.select(sa.func.count()).select_from(EventLog)) == logged
    meetings.move(
        region, engine, running.id, date(2026, 4, 22), actor=SECRETARY, reason="På riktigt"
    )
    assert timer_day(region, running) == date(2026, 4, 22)


@pytest.mark.parametrize(
    ("on", "reason", "field"),
    [
        (date(2026, 4, 22), " ", "reason"),
        (date(2026, 2, 3), "Fel dag", "on"),  # has been
        (date(2026, 4, 18), "Fel dag", "on"),  # a Saturday
    ],
)
def test_a_move_that_cannot_be_is_refused(
    region: Session, engine: Engine, running: Meeting, on: date, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        meetings.move(region, engine, running.id, on, actor=SECRETARY, reason=reason)
    assert [error.field for error in refused.value.errors] == [field]
    assert running.on == date(2026, 4, 8)


def test_who_moves_what_somebody_else_moved_is_told(
    region: Session, engine: Engine, running: Meeting
) -> None:
    seen = running.lock_version
    meetings.set_place(
        region, engine, running.id, meets_at=time(13), place="Sal B", actor=SECRETARY
    )
    with pytest.raises(Stale):
        meetings.move(
            region, engine, running.id, date(2026, 4, 22),
            actor=SECRETARY, reason="Sal", lock_version=seen,
        )  # fmt: skip


def test_another_submission_day_moves_no_meeting(
    region: Session, engine: Engine, running: Meeting
) -> None:
    meetings.set_submission(
        region, engine, running.id, date(2026, 3, 16), actor=SECRETARY, reason="Påsk"
    )
    assert running.submission_on == date(2026, 3, 16)
    assert running.on == date(2026, 4, 8)


# --- cancelling


def test_a_cancelled_meeting_ends_its_process_and_tells_its_cases(
    region: Session, engine: Engine, running: Meeting
) -> None:
    told = meetings.cancel(region, engine, running.id, actor=SECRETARY, reason="För få ärenden")
    assert told == ["RS/1/2026"]
    assert running.status == MeetingStatus.CANCELLED
    instance = instances.get(region, running.instance_id or "")
    assert instance.status == InstanceStatus.CANCELLED
    message = region.scalars(sa.select(Message)).one()
    assert message.name == "mote_installt"
    assert message.payload == {"dnr": "RS/1/2026", "mote_id": running.id}
    assert meetings.next_meeting(region, "RS") is None
    (step,) = meetings.dates(region, running)
    assert step.reason == "För få ärenden"


def test_what_is_held_or_cancelled_is_moved_no_more(
    region: Session, engine: Engine, running: Meeting
) -> None:
    meetings.cancel(region, engine, running.id, actor=SECRETARY, reason="För få ärenden")
    with pytest.raises(Stale):
        meetings.move(region, engine, running.id, date(2026, 4, 22), actor=SECRETARY, reason="x")
    with pytest.raises(Stale):
        meetings.cancel(region, engine, running.id, actor=SECRETARY, reason="igen")
