"""ISO 8601 as BPMN timers write it: instants, durations and cycles, without quotes.

A day is a calendar day in local time, so that `P1D` at ten o'clock means ten o'clock the next
day, also when the clocks change; an instant without a zone is local time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.texts import gettext as _

LONGEST_YEARS = 100
SHORTEST_CYCLE = 60.0  # seconds; one that comes oftener would do nothing else
LOCAL = ZoneInfo("Europe/Stockholm")
# How a calendar day or a duration may look; the engine's own words never start like this.
_DURATION = re.compile(
    r"P(?=[\dT])(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?"
    r"(?:(?P<days>\d{1,9})D)?(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d{1,9})?)S)?)?"
)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-].+)?)?")
_CYCLE = re.compile(r"R(?P<times>\d{0,6})/(?P<rest>.+)")


@dataclass(frozen=True, kw_only=True)
class Duration:
    months: int = 0
    days: int = 0
    seconds: float = 0.0

    @property
    def days_in_all(self) -> float:
        """About how long it is; months are reckoned as the shortest."""
        return self.months * 28 + self.days + self.seconds / 86_400

    @property
    def is_too_long(self) -> bool:
        return self.days_in_all > LONGEST_YEARS * 366

    def after(self, start: datetime) -> datetime:
        """The instant this long after `start`, in UTC."""
        if self.is_too_long:
            raise EngineError(_("En tid får vara högst %(years)s år.", years=LONGEST_YEARS))
        local = start.astimezone(LOCAL)
        month = local.month - 1 + self.months
        year, month = local.year + month // 12, month % 12 + 1
        day = min(local.day, monthrange(year, month)[1])
        moved = local.replace(year=year, month=month, day=day) + timedelta(days=self.days)
        return moved.astimezone(UTC) + timedelta(seconds=self.seconds)


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """`R3/P2D`: `times` firings (-1 without end), `every` so often, the first `at` or later."""

    times: int
    every: str
    at: str = ""


def duration(text: str) -> Duration | None:
    found = _DURATION.fullmatch(text.strip().upper())
    if found is None:
        return None
    part = {name: float(value or 0) for name, value in found.groupdict().items()}
    return Duration(
        months=int(part["years"] * 12 + part["months"]),
        days=int(part["weeks"] * 7 + part["days"]),
        seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
    )


def instant(text: str) -> datetime | None:
    """The instant in UTC; a date alone is when that day begins."""
    if not _INSTANT.fullmatch(text.strip()):
        return None
    try:
        return aware(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def cycle(text: str) -> Cycle | None:
    found = _CYCLE.fullmatch(text.strip())
    if found is None:
        return None
    times = int(found["times"]) if found["times"] else -1
    first, separator, rest = found["rest"].partition("/")
    if separator:
        return Cycle(times=times, every=rest.strip(), at=first.strip())
    return Cycle(times=times, every=first.strip())


def require_apart(first: datetime, second: datetime) -> None:
    """EngineError where a cycle would come so often that nothing else was done."""
    if (second - first).total_seconds() < SHORTEST_CYCLE:
        raise EngineError(
            _("Det ska gå minst %(n)s sekunder mellan två gånger.", n=int(SHORTEST_CYCLE))
        )


def aware(value: datetime | date) -> datetime:
    """In UTC; local time where no zone is said."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)


def is_iso(text: str) -> bool:
    return any(read(text) is not None for read in (duration, instant, cycle))
