"""Swedish days: which are worked, and when one ends.

Free are Saturdays, Sundays, public holidays and the three eves (Midsummer, Christmas, New Year)
that lag (1930:173) 2 § puts beside them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LOCAL = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
# Names that keep their capital in a sentence.
_PROPER = ("Kristi himmelsfärdsdag",)


@lru_cache(maxsize=64)
def _free_days(year: int) -> dict[date, str]:
    found = holidays.country_holidays(
        "SE", years=year, categories=("public", "de_facto"), language="sv", expand=False
    )
    return dict(found.items())


def holiday_name(day: date) -> str | None:
    """ "långfredagen", as a sentence has it; None when the day has no name of its own."""
    name = _free_days(day.year).get(day)
    if name is None or name in _PROPER:
        return name
    return name[:1].lower() + name[1:]


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _free_days(day.year)


def why_free(day: date) -> str | None:
    """What makes the day free: "långfredagen", "en lördag", "en söndag"; None for a working day."""
    if name := holiday_name(day):
        return name
    return {SATURDAY: "en lördag", SUNDAY: "en söndag"}.get(day.weekday())


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    day += DAY
    while not is_working_day(day):
        day += DAY
    return day


def previous_working_day(day: date) -> date:
    """The last working day before `day`."""
    day -= DAY
    while not is_working_day(day):
        day -= DAY
    return day


def working_day_or_before(day: date) -> date:
    return day if is_working_day(day) else previous_working_day(day)


def next_weekday_by_law(day: date) -> date:
    """The day itself, or the next weekday when the law carries it on (lag 1930:173, 2 §)."""
    return day if is_working_day(day) else next_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`th working day after `day`, before it when negative. `day` isn't counted."""
    step = next_working_day if count > 0 else previous_working_day
    for _each in range(abs(count)):
        day = step(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=number)) for number in range(1, days + 1))


def local_date(instant: datetime) -> date:
    """The day it is in Sweden at that instant."""
    return instant.astimezone(LOCAL).date()


def at_local_time(day: date, clock_time: time) -> datetime:
    """That time by the clocks of Sweden, as a UTC instant."""
    return datetime.combine(day, clock_time, tzinfo=LOCAL).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """24.00 on that day in Sweden, as a UTC instant: when a deadline on that day goes out."""
    return at_local_time(day + DAY, time(0))


def deadline_day(instant: datetime) -> date:
    """The day a deadline belongs to: 24.00 on a day is that day, not the one that begins."""
    return local_date(instant - timedelta(microseconds=1))
