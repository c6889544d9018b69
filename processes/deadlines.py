"""What a deadline means: the instant it goes out.

The day it starts isn't counted. A deadline ends at 24.00 in Sweden on its day, or at the time it
names ("kl 16"). One counted *before* a date that lands on a free day moves to the working day
before it; one counted from the notice of the minutes is carried on by law (1930:173).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from engine.tables import NO_DEADLINE
from engine.texts import gettext as _
from processes.deadline_words import MONTHS, STATUTORY, WEEKDAYS, Anchor, Unit
from processes.swedish_calendar import (
    LOCAL,
    add_working_days,
    at_local_time,
    end_of_day,
    local_date,
    next_weekday_by_law,
    previous_working_day,
    working_day_or_before,
)


class Direction(StrEnum):
    BEFORE = "före"
    AFTER = "efter"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    text: str
    at: time | None = None  # the time it ends on its day, 24.00 when not said

    @property
    def anchor(self) -> Anchor | None:
        return None


@dataclass(frozen=True, kw_only=True)
class Counted(Deadline):
    """`amount` of `unit` from the date it hangs on, or from its start when on none."""

    amount: int
    unit: Unit
    direction: Direction = Direction.AFTER
    hangs_on: Anchor | None = None

    @property
    def anchor(self) -> Anchor | None:
        return self.hangs_on


@dataclass(frozen=True, kw_only=True)
class AtOnce(Deadline):
    """The day it starts, or the next working day: nobody is late on a day off."""


@dataclass(frozen=True, kw_only=True)
class DayOfYear(Deadline):
    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class NextWeekday(Deadline):
    weekday: int


@dataclass(frozen=True, kw_only=True)
class Instant(Deadline):
    instant: datetime


@dataclass(frozen=True, kw_only=True)
class Duration(Deadline):
    """ISO 8601, to the second: from other tools, or where a machine counts."""

    months: int
    days: int
    seconds: int


def due(deadline: Deadline, anchors: Mapping[str, date | None], start: datetime) -> datetime:
    """The instant it goes out; NO_DEADLINE while what it hangs on has no date."""
    match deadline:
        case Instant():
            return deadline.instant
        case Duration():
            return _after(deadline, start)
        case Counted(unit=Unit.MINUTE | Unit.HOUR):
            per = timedelta(hours=1) if deadline.unit is Unit.HOUR else timedelta(minutes=1)
            return (start + deadline.amount * per).astimezone(UTC)
    day = _day(deadline, anchors, local_date(start))
    if day is None:
        return NO_DEADLINE
    return at_local_time(day, deadline.at) if deadline.at else end_of_day(day)


def _day(deadline: Deadline, anchors: Mapping[str, date | None], start: date) -> date | None:
    match deadline:
        case Counted(hangs_on=None):
            return _counted(deadline, start)
        case Counted():
            base = _base(deadline, anchors)
            return None if base is None else _counted(deadline, base)
        case AtOnce():
            return next_weekday_by_law(start)
        case NextWeekday():
            return start + timedelta(days=(deadline.weekday - start.weekday() - 1) % 7 + 1)
        case DayOfYear():
            return _in_year(deadline, start)
    raise TypeError(deadline)


def _base(deadline: Counted, anchors: Mapping[str, date | None]) -> date | None:
    """What comes after a meeting is counted from its last day, what comes before from its first."""
    if deadline.hangs_on is Anchor.MEETING and deadline.direction is Direction.AFTER:
        ends = anchors.get(Anchor.MEETING_ENDS) if deadline.amount else None
        return ends or anchors.get(Anchor.MEETING)
    return anchors.get(str(deadline.hangs_on))


def _counted(deadline: Counted, base: date) -> date:
    if deadline.direction is Direction.BEFORE:
        if deadline.amount == 0:
            return previous_working_day(base)
        return working_day_or_before(_shifted(base, -deadline.amount, deadline.unit))
    day = _shifted(base, deadline.amount, deadline.unit)
    return next_weekday_by_law(day) if deadline.hangs_on in STATUTORY else day


def _shifted(day: date, amount: int, unit: Unit) -> date:
    if unit is Unit.WORKING_DAY:
        return add_working_days(day, amount)
    if unit is Unit.MONTH:
        return add_months(day, amount)
    return day + timedelta(days=amount)


def add_months(day: date, count: int) -> date:
    """The same number in another month, or its last day when it has none (lag 1930:173, 1 §)."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _in_year(deadline: DayOfYear, start: date) -> date:
    for year in (deadline.year or start.year, deadline.year or start.year + 1):
        last = monthrange(year, deadline.month)[1]
        day = date(year, deadline.month, min(deadline.day, last))
        if day >= start:
            break
    return day


def _after(deadline: Duration, start: datetime) -> datetime:
    """Days and months by the clocks of Sweden, hours and less as they pass."""
    local = start.astimezone(LOCAL)
    day = add_months(local.date(), deadline.months) + timedelta(days=deadline.days)
    moved = datetime.combine(day, local.timetz()).astimezone(UTC)
    return moved + timedelta(seconds=deadline.seconds)


# --- how it is said back


def describe(deadline: Deadline) -> str:
    """One sentence on what was understood, for who writes a deadline."""
    match deadline:
        case Instant():
            said = _("Ett bestämt datum.")
        case Duration():
            said = _("Räknas på sekunden från starten.")
        case AtOnce():
            said = _("Samma dag, eller nästa arbetsdag om dagen är ledig.")
        case NextWeekday():
            said = _("Nästa %(weekday)s.", weekday=WEEKDAYS[deadline.weekday])
        case DayOfYear():
            said = _("Den %(day)d %(month)s.", day=deadline.day, month=MONTHS[deadline.month - 1])
        case Counted():
            said = _describe_counted(deadline)
        case _:
            said = deadline.text
    if isinstance(deadline, Instant | Duration) or _counts_hours(deadline):
        return said
    ends = deadline.at.strftime("%H.%M") if deadline.at else "24"
    return said + " " + _("Går ut klockan %(time)s.", time=ends)


def _describe_counted(deadline: Counted) -> str:
    amount, unit = deadline.amount, deadline.unit
    counted = f"{amount} {_SINGULAR[unit] if amount == 1 else unit.value}"
    if _counts_hours(deadline):
        return _("%(counted)s från starten.", counted=counted)
    if deadline.hangs_on is None:
        return _("%(counted)s från starten; startdagen räknas inte.", counted=counted)
    if deadline.direction is Direction.BEFORE:
        what = counted if amount else _("Arbetsdagen")
        return _(
            "%(counted)s före %(anchor)s; är dagen ledig gäller arbetsdagen innan.",
            counted=what,
            anchor=deadline.hangs_on,
        )
    if not amount:
        return _("På dagen för %(anchor)s.", anchor=deadline.hangs_on)
    said = _("%(counted)s efter %(anchor)s.", counted=counted, anchor=deadline.hangs_on)
    if deadline.hangs_on in STATUTORY:
        said += " " + _("Är sista dagen ledig gäller nästa vardag (lag 1930:173).")
    return said


def _counts_hours(deadline: Deadline) -> bool:
    return isinstance(deadline, Counted) and deadline.unit in (Unit.MINUTE, Unit.HOUR)


_SINGULAR = {
    Unit.MINUTE: "minut",
    Unit.HOUR: "timme",
    Unit.DAY: "dag",
    Unit.WORKING_DAY: "arbetsdag",
    Unit.MONTH: "månad",
}
