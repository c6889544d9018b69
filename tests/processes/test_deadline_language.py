"""Deadlines as people say them, and when they go out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tables import NO_DEADLINE
from processes.deadline_language import EXAMPLES, DeadlineError, describe, due, parse
from processes.deadline_words import ANCHORS, NUMBERS, UNITS, Anchor, Unit
from processes.deadlines import add_months
from processes.swedish_calendar import (
    LOCAL,
    add_working_days,
    deadline_day,
    end_of_day,
    is_working_day,
    local_date,
)

WEDNESDAY = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)
DATES: dict[str, date | None] = {
    "sammanträdet": date(2026, 2, 25),
    "sista inlämningsdag": date(2026, 2, 3),
    "justeringen": date(2026, 3, 11),
    "anslaget": date(2026, 3, 13),
    "överklagandetidens slut": date(2026, 4, 7),
    "svar senast": date(2026, 2, 6),
    "klart senast": date(2026, 2, 12),
    "väckandet": date(2024, 2, 29),
    "presidiet": None,
}


def day_of(text: str, start: datetime = WEDNESDAY) -> date:
    return deadline_day(due(parse(text), DATES, start))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 arbetsdagar", date(2026, 2, 9)),
        ("tre arbetsdagar", date(2026, 2, 9)),
        ("inom 3 arbetsdagar", date(2026, 2, 9)),
        ("en arbetsdag", date(2026, 2, 5)),
        ("nästa arbetsdag", date(2026, 2, 5)),
        ("2 veckor", date(2026, 2, 18)),
        ("1 vecka", date(2026, 2, 11)),
        ("en månad", date(2026, 3, 4)),
        ("ett halvår", date(2026, 8, 4)),
        ("samma dag", date(2026, 2, 4)),
        ("genast", date(2026, 2, 4)),
        ("28 dagar före sammanträdet", date(2026, 1, 28)),
        ("28 dagar innan mötet", date(2026, 1, 28)),
        ("14 dagar efter sammanträdet", date(2026, 3, 11)),
        ("3 arbetsdagar före sammanträdet", date(2026, 2, 20)),
        ("vardagen före sammanträdet", date(2026, 2, 24)),
        ("före sammanträdet", date(2026, 2, 24)),
        ("efter sammanträdet", date(2026, 2, 25)),
        ("senast sammanträdet", date(2026, 2, 25)),
        ("senast sista inlämningsdag", date(2026, 2, 3)),
        ("Senast sista inlämningsdagen.", date(2026, 2, 3)),
        ("2 dagar efter justeringen", date(2026, 3, 13)),
        ("senast andra dagen efter justeringen", date(2026, 3, 13)),
        ("3 veckor efter anslaget", date(2026, 4, 7)),
        ("dagen efter överklagandetidens slut", date(2026, 4, 8)),
        ("svar senast", date(2026, 2, 6)),
        ("en dag före svar senast", date(2026, 2, 5)),
        ("klart senast", date(2026, 2, 12)),
        ("1 år efter väckandet", date(2025, 2, 28)),
        ("senast 15 april", date(2026, 4, 15)),
        ("senast den 31 januari", date(2027, 1, 31)),
        ("31 oktober 2027", date(2027, 10, 31)),
        ("varje fredag", date(2026, 2, 6)),
        ("nästa onsdag", date(2026, 2, 11)),
        ("2026-12-01", date(2026, 12, 1)),
    ],
)
def test_words_mean_the_day_that_people_mean(text: str, day: date) -> None:
    assert day_of(text) == day


def test_the_day_it_starts_is_not_counted_however_early() -> None:
    just_begun = datetime(2026, 2, 3, 23, 1, tzinfo=UTC)  # 00.01 on Wednesday in Sweden
    assert day_of("1 dag", just_begun) == date(2026, 2, 5)


def test_a_deadline_ends_at_midnight_in_sweden() -> None:
    assert due(parse("1 dag"), {}, WEDNESDAY) == end_of_day(date(2026, 2, 5))


def test_a_deadline_may_name_the_time_it_ends() -> None:
    ends = due(parse("svar senast kl 16"), DATES, WEDNESDAY)
    assert ends.astimezone(LOCAL) == datetime(2026, 2, 6, 16, tzinfo=LOCAL)
    ends = due(parse("varje fredag klockan 8.30"), DATES, WEDNESDAY)
    assert ends.astimezone(LOCAL) == datetime(2026, 2, 6, 8, 30, tzinfo=LOCAL)


def test_hours_are_counted_as_they_pass_over_a_change_of_clocks() -> None:
    before = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert due(parse("3 timmar"), {}, before) == before + timedelta(hours=3)


@pytest.mark.parametrize("text", ["P1D", "1 dag"])
def test_a_day_over_a_change_of_clocks_is_a_day_by_the_clock(text: str) -> None:
    noon_before = datetime(2026, 3, 28, 11, tzinfo=UTC)  # 12.00 in Sweden
    ends = due(parse(text), {}, noon_before).astimezone(LOCAL)
    assert ends in (
        datetime(2026, 3, 29, 12, tzinfo=LOCAL),
        datetime(2026, 3, 30, 0, tzinfo=LOCAL),
    )


def test_at_once_on_a_day_off_waits_for_the_next_working_day() -> None:
    saturday = datetime(2026, 2, 7, 12, tzinfo=UTC)
    assert day_of("genast", saturday) == date(2026, 2, 9)
    assert day_of("samma dag", saturday) == date(2026, 2, 7)


def test_before_that_lands_on_a_free_day_moves_to_the_working_day_before() -> None:
    # 4 June 2026 is a Thursday; five days before is Saturday 30 May.
    dates = {"sammanträdet": date(2026, 6, 4)}
    assert deadline_day(due(parse("5 dagar före sammanträdet"), dates, WEDNESDAY)) == date(
        2026, 5, 29
    )


def test_after_that_lands_on_a_free_day_stays_except_for_the_appeal_time() -> None:
    dates: dict[str, date | None] = {"justeringen": date(2026, 4, 1), "anslaget": date(2026, 4, 1)}
    stays = due(parse("2 dagar efter justeringen"), dates, WEDNESDAY)
    moves = due(parse("2 dagar efter anslaget"), dates, WEDNESDAY)
    assert deadline_day(stays) == date(2026, 4, 3)  # Good Friday
    assert deadline_day(moves) == date(2026, 4, 7)


def test_what_has_no_date_yet_gives_no_deadline() -> None:
    assert due(parse("1 vecka före presidiet"), DATES, WEDNESDAY) == NO_DEADLINE
    assert due(parse("2 dagar efter kallelsen"), DATES, WEDNESDAY) == NO_DEADLINE


def test_the_twenty_ninth_of_february_is_the_last_day_of_other_years() -> None:
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2024, 2, 29), 48) == date(2028, 2, 29)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    leap = datetime(2028, 2, 28, 12, tzinfo=UTC)
    assert day_of("1 dag", leap) == date(2028, 2, 29)
    assert day_of("29 februari", WEDNESDAY) == date(2026, 2, 28)


def test_iso_instants_and_durations_are_taken() -> None:
    assert due(parse("2026-12-01T10:00:00+01:00"), {}, WEDNESDAY) == datetime(
        2026, 12, 1, 9, tzinfo=UTC
    )
    assert due(parse("2026-07-01T10:00"), {}, WEDNESDAY) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert due(parse("PT90M"), {}, WEDNESDAY) == WEDNESDAY + timedelta(minutes=90)
    assert due(parse("P1W"), {}, WEDNESDAY) == WEDNESDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "tom"),
        ("   ", "tom"),
        ("snart", "går inte att läsa"),
        ("3 fortnights", "går inte att läsa"),
        ("3 dagar före julfesten", "julfesten"),
        ("före julfesten", "julfesten"),
        ("dagen", "räknas från"),
        ("2 timmar före sammanträdet", "inte timmar"),
        ("30 februari", "finns inte"),
        ("29 februari 2027", "finns inte"),
        ("2026-13-01", "finns inte"),
        ("R3/P2D", "upprepas"),
        ("99999 år", "långt bort"),
        ("P9999Y", "långt bort"),
        (f"P{'9' * 5000}D", "går inte att läsa"),
        ("9999-12-31", "långt bort"),
        ("0001-01-01T00:00", "långt bort"),
        ("31 december 9999", "långt bort"),
        ("1 januari 0000", "långt bort"),
        ("svar senast kl 25", "Klockan"),
        ("3 dagar " * 400, "går inte att läsa"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(DeadlineError, match=said):
        parse(text)


def test_a_refusal_shows_examples_that_can_be_read() -> None:
    with pytest.raises(DeadlineError) as refused:
        parse("så småningom")
    for example in EXAMPLES:
        assert example in str(refused.value)
        parse(example)


def test_every_word_can_be_used() -> None:
    for word in ANCHORS:
        assert parse(f"2 dagar efter {word}").anchor is ANCHORS[word]
        assert parse(f"senast {word}").anchor is ANCHORS[word]
    for word in UNITS:
        assert parse(f"2 {word}").text == f"2 {word}"
    for word in NUMBERS:
        assert due(parse(f"{word} dagar"), {}, WEDNESDAY) > WEDNESDAY


@pytest.mark.parametrize(
    "text",
    [*EXAMPLES, "genast", "samma dag", "varje fredag kl 8", "15 april", "P5D", "2026-12-01",
     "2 timmar", "före sammanträdet", "3 veckor efter anslaget"],
)  # fmt: skip
def test_what_was_understood_can_be_said_back(text: str) -> None:
    said = describe(parse(text))
    assert said.endswith(".")
    assert said[0].isupper() or said[0].isdigit()


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        deadline = parse(text)
    except DeadlineError:
        return
    assert due(deadline, DATES, WEDNESDAY).tzinfo is not None


@given(
    st.integers(1, 400),
    st.sampled_from([word for word, (unit, _f) in UNITS.items() if unit is Unit.WORKING_DAY]),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
)
def test_working_days_end_on_a_working_day_that_many_later(
    amount: int, word: str, start: datetime
) -> None:
    day = deadline_day(due(parse(f"{amount} {word}"), {}, start))
    assert is_working_day(day)
    assert day == add_working_days(local_date(start), amount)


@given(
    st.integers(1, 200),
    st.sampled_from(["dagar", "veckor", "arbetsdagar", "månader"]),
    st.dates(date(2021, 6, 1), date(2035, 1, 1)),
)
def test_before_is_always_a_working_day_earlier_than_the_date(
    amount: int, unit: str, meeting: date
) -> None:
    ends = due(parse(f"{amount} {unit} före sammanträdet"), {Anchor.MEETING: meeting}, WEDNESDAY)
    assert is_working_day(deadline_day(ends))
    assert deadline_day(ends) < meeting


@given(st.integers(1, 120), st.dates(date(2021, 1, 1), date(2035, 1, 1)))
def test_appeal_times_never_end_on_a_free_day_nor_too_early(days: int, posted: date) -> None:
    ends = due(parse(f"{days} dagar efter anslaget"), {Anchor.POSTED: posted}, WEDNESDAY)
    assert is_working_day(deadline_day(ends))
    assert deadline_day(ends) >= posted + timedelta(days=days)
