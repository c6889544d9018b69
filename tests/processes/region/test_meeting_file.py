"""The calendar as a file, and the board's real meetings of 2022."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.engine import Engine
from engine.errors import Invalid
from processes import meeting_file, meetings
from processes.meetings import MeetingKind

RS_2022 = Path(meeting_file.__file__).parent / "data" / "sammantraden_rs_2022.toml"
# As the board's plan for 2022 lists them.
DECIDING_DAYS = [
    (date(2022, 1, 25), date(2022, 1, 25)),
    (date(2022, 3, 29), date(2022, 3, 30)),
    (date(2022, 5, 3), date(2022, 5, 4)),
    (date(2022, 5, 31), date(2022, 6, 1)),
    (date(2022, 8, 30), date(2022, 8, 30)),
    (date(2022, 9, 27), date(2022, 9, 28)),
    (date(2022, 10, 25), date(2022, 10, 25)),
    (date(2022, 12, 6), date(2022, 12, 6)),
]
JOINT_DAYS = [date(2022, 3, 1), date(2022, 6, 8)]
YEAR = (date(2022, 1, 1), date(2022, 12, 31))


@pytest.fixture
def in_2021(clock: SettableClock) -> None:
    clock.set(datetime(2021, 11, 24, 9, tzinfo=UTC))


def faults_of(session: Session, engine: Engine, text: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        meeting_file.load(session, engine, text)
    return [(error.field, error.message) for error in refused.value.errors]


def test_the_boards_meetings_of_2022_are_those_of_its_plan(
    in_2021: None, region: Session, engine: Engine
) -> None:
    assert meeting_file.load(region, engine, RS_2022.read_text("utf-8")).created == 10
    found = meetings.between(region, *YEAR, organ_code="RS")
    deciding = [(each.on, each.last_day_on) for each in found if each.decides]
    assert deciding == DECIDING_DAYS
    assert [each.on for each in found if each.kind == MeetingKind.JOINT_DAY] == JOINT_DAYS
    assert all(each.submission_on < each.review_on < each.notice_on for each in found)


def test_a_case_ready_in_april_2022_reaches_the_meeting_in_may_or_june(
    in_2021: None, region: Session, engine: Engine
) -> None:
    meeting_file.load(region, engine, RS_2022.read_text("utf-8"))
    reached = meetings.next_meeting(region, "RS", submission_from=date(2022, 4, 6))
    assert reached is not None
    assert reached.on == date(2022, 5, 31)


@pytest.mark.parametrize("write", [meeting_file.as_toml, meeting_file.as_csv])
def test_a_calendar_goes_out_and_comes_in_the_same(
    in_2021: None, region: Session, engine: Engine, write: object
) -> None:
    meeting_file.load(region, engine, RS_2022.read_text("utf-8"))
    meetings.between(region, *YEAR)[0].place = 'Sal "A", hus\\2'
    text = write(meetings.between(region, *YEAR))
    done = meeting_file.load(region, engine, text)
    assert (done.created, done.changed, done.unchanged) == (0, 0, 10)
    again = meeting_file.read(region, text)
    assert again[0].place == 'Sal "A", hus\\2'
    assert again[1].kind == MeetingKind.JOINT_DAY


def test_a_new_submission_day_in_the_file_is_taken(region: Session, engine: Engine) -> None:
    text = "organ;datum;sista_inlamningsdag\nRS;2026-04-08;\nRS;2026-05-06;2026-04-14\n"
    meeting_file.load(region, engine, text)
    done = meeting_file.load(region, engine, text.replace("2026-04-14", "2026-04-15"))
    assert (done.created, done.changed, done.unchanged) == (0, 1, 1)
    found = meetings.on_day(region, "RS", date(2026, 5, 6))
    assert found is not None
    assert found.submission_on == date(2026, 4, 15)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("organ;datum\nXX;2026-04-08", "sammantrade 1 (XX)", "XX"),
        ("organ;datum\nRS;2026-04-03", "sammantrade 1 (RS)", "långfredagen"),
        ("organ;datum\nRS;3 april", "rad 2", "2026-01-01"),
        ("organ;datum\nRS;", "sammantrade 1 (RS)", "datum"),
        ("organ;datum;klockslag\nRS;2026-04-08;nio", "sammantrade 1 (RS)", "09:00"),
        ("organ;datum\nRS;2026-04-08;mer", "rad 2", "för många kolumner"),
        (f"organ;datum\nRS;{'x' * 200_000}", "rad 2", "inte att läsa"),
        ("organ;dag\nRS;2026-04-08", "sammantrade 1 (RS)", "datum"),
        ("organ,datum\nRS,2026-04-08\nRS,2026-04-08", "sammantrade 2 (RS)", "Finns redan"),
        ('[[sammantrade]]\norgan = "RS"\ndatum = "2026-04-08"', "sammantrade 1 (RS)", "ett datum"),
        ('[[mote]]\norgan = "RS"', "mote", "sammantrade"),
    ],
)
def test_a_faulty_calendar_is_refused_at_the_place(
    region: Session, engine: Engine, text: str, place: str, said: str
) -> None:
    faults = faults_of(region, engine, text)
    assert any(found == place and said in message for found, message in faults), faults
    assert meetings.between(region, date(2026, 1, 1), date(2026, 12, 31)) == []
