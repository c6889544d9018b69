"""Which days are worked in Sweden, and when one ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.swedish_calendar import (
    add_working_days,
    deadline_day,
    end_of_day,
    holiday_name,
    is_working_day,
    local_date,
    next_weekday_by_law,
    previous_working_day,
    why_free,
    working_day_or_before,
    working_days_between,
)

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "free",
    [
        date(2026, 1, 6),  # Epiphany
        date(2026, 4, 3),  # Good Friday
        date(2026, 6, 19),  # Midsummer Eve
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2026, 2, 7),  # a Saturday
        date(2026, 2, 8),
    ],
)
def test_holidays_eves_and_weekends_are_not_worked(free: date) -> None:
    assert not is_working_day(free)


@pytest.mark.parametrize("worked", [date(2026, 2, 9), date(2026, 4, 2), date(2026, 12, 23)])
def test_other_days_are_worked_also_the_day_before_a_holiday(worked: date) -> None:
    assert is_working_day(worked)


def test_three_working_days_from_a_thursday_skip_the_weekend() -> None:
    assert add_working_days(date(2026, 1, 29), 3) == date(2026, 2, 3)


def test_working_days_over_christmas_skip_eves_and_holidays() -> None:
    assert add_working_days(date(2026, 12, 22), 2) == date(2026, 12, 28)


def test_the_law_carries_a_time_that_ends_on_good_friday_past_easter() -> None:
    assert next_weekday_by_law(date(2026, 4, 3)) == date(2026, 4, 7)


def test_the_law_carries_a_time_that_ends_on_midsummer_eve_to_monday() -> None:
    assert next_weekday_by_law(date(2026, 6, 19)) == date(2026, 6, 22)


def test_the_law_leaves_a_weekday_where_it_is() -> None:
    assert next_weekday_by_law(date(2026, 4, 2)) == date(2026, 4, 2)


def test_a_free_day_says_why_in_words_for_a_sentence() -> None:
    assert why_free(date(2026, 4, 3)) == "långfredagen"
    assert why_free(date(2026, 5, 14)) == "Kristi himmelsfärdsdag"
    assert why_free(date(2026, 2, 7)) == "en lördag"
    assert why_free(date(2026, 2, 9)) is None
    assert holiday_name(date(2026, 2, 7)) is None


def test_a_day_ends_at_midnight_in_sweden_winter_and_summer() -> None:
    assert end_of_day(date(2026, 2, 4)) == datetime(2026, 2, 4, 23, tzinfo=UTC)
    assert end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),  # clocks go forward
        (date(2026, 10, 25), 25),  # and back
        (date(2026, 2, 4), 24),
    ],
)
def test_the_days_when_clocks_change_end_at_their_own_midnight(day: date, hours: int) -> None:
    length = end_of_day(day) - end_of_day(day - timedelta(days=1))
    assert length == timedelta(hours=hours)


@given(DAYS)
def test_a_deadline_at_the_end_of_a_day_belongs_to_that_day(day: date) -> None:
    assert deadline_day(end_of_day(day)) == day
    assert local_date(end_of_day(day)) == day + timedelta(days=1)


@given(DAYS, st.integers(1, 60))
def test_working_days_forth_are_counted_back_the_same(day: date, count: int) -> None:
    later = add_working_days(day, count)
    assert is_working_day(later)
    assert working_days_between(day, later) == count
    assert working_days_between(later, day) == -count


@given(DAYS)
def test_what_is_moved_lands_on_a_working_day_close_by(day: date) -> None:
    before, after = working_day_or_before(day), next_weekday_by_law(day)
    assert is_working_day(before)
    assert is_working_day(after)
    assert before <= day <= after
    assert previous_working_day(day) < day
    assert (after - before).days <= 8
