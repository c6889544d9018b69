"""Reading deadlines as people say them: "3 arbetsdagar", "28 dagar före sammanträdet"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, time

from engine.errors import EngineError
from engine.texts import gettext as _
from processes.deadline_words import (
    ANCHORS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    UNITS,
    WEEKDAYS,
    Anchor,
    Unit,
)
from processes.deadlines import (
    AtOnce,
    Counted,
    DayOfYear,
    Deadline,
    Direction,
    Duration,
    Instant,
    NextWeekday,
    describe,
    due,
)
from processes.swedish_calendar import LOCAL, end_of_day

__all__ = ["EXAMPLES", "Anchor", "Deadline", "DeadlineError", "describe", "due", "parse"]

EXAMPLES = (
    "3 arbetsdagar",
    "2 veckor",
    "28 dagar före sammanträdet",
    "senast sista inlämningsdag",
    "2 dagar efter justeringen",
)
LONGEST_DAYS = 50 * 366
YEARS = range(1900, 2200)  # that law and holidays are known for


class DeadlineError(EngineError):
    """The text can't be read as a deadline; the message says why, in Swedish."""


_NUMBER = rf"\d{{1,5}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}"
_ORDINAL = "|".join(ORDINALS)
_TIME = re.compile(r"\s+(?:kl|klockan)\.?\s*(\d{1,2})(?:[.:](\d{2}))?$")
_LEAD = re.compile(r"^(?:senast|inom|om|till|på|den)\s+")
_OFFSET = re.compile(
    rf"(?:(?:(?P<number>{_NUMBER})|(?P<ordinal>{_ORDINAL})|nästa)\s+)?(?P<unit>[a-zåäö]+)"
    r"(?:\s+(?P<side>före|innan|efter|från)\s+(?P<anchor>.+))?"
)
_SIDE = re.compile(r"(?P<side>före|innan|efter)\s+(?P<anchor>.+)")
_DATE = re.compile(rf"(\d{{1,2}})\s+({'|'.join(MONTHS)})(?:\s+(\d{{4}}))?")
_WEEKDAY = re.compile(rf"(?:(?:nästa|varje)\s+)?({'|'.join(WEEKDAYS)})")
_ISO_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?"
)


def parse(text: str) -> Deadline:
    """Read a deadline; DeadlineError says in Swedish what is wrong with it."""
    shown = " ".join(text.split()).strip("”\"'")
    if not shown:
        raise DeadlineError(_("Tidsfristen är tom. %(examples)s", examples=_examples()))
    found = _iso(shown)
    if found is not None:
        return found
    words = shown.lower().rstrip(".")
    at, words = _time_of_day(words)
    while words not in ANCHORS and (lead := _LEAD.match(words)):
        words = words[lead.end() :]
    return _read(shown, words, at)


def _read(text: str, words: str, at: time | None) -> Deadline:
    if words in ANCHORS:
        return Counted(text=text, at=at, amount=0, unit=Unit.DAY, hangs_on=ANCHORS[words])
    if words in ("genast", "omedelbart", "snarast", "skyndsamt", "utan dröjsmål", "direkt"):
        return AtOnce(text=text, at=at)
    if words in ("samma dag", "i dag", "idag"):
        return Counted(text=text, at=at, amount=0, unit=Unit.DAY)
    if words in ("i morgon", "imorgon"):
        return Counted(text=text, at=at, amount=1, unit=Unit.DAY)
    if match := _WEEKDAY.fullmatch(words):
        return NextWeekday(text=text, at=at, weekday=WEEKDAYS.index(match[1]))
    if match := _DATE.fullmatch(words):
        return _date(text, match, at)
    if match := _SIDE.fullmatch(words):
        return _side(text, match, at)
    if (match := _OFFSET.fullmatch(words)) and match["unit"] in UNITS:
        return _offset(text, match, at)
    raise DeadlineError(
        _(
            "”%(text)s” går inte att läsa som en tidsfrist. %(examples)s",
            text=text,
            examples=_examples(),
        )
    )


def _offset(text: str, match: re.Match[str], at: time | None) -> Counted:
    unit, factor = UNITS[match["unit"]]
    number = match["number"] or ""
    amount = int(number) if number.isdigit() else NUMBERS.get(number, 1)
    amount = factor * ORDINALS.get(match["ordinal"] or "", amount)
    _check_length(text, amount, unit)
    if match["anchor"] is None:
        if match["unit"].endswith(("en", "et", "an")) and not number:  # "dagen", "veckan": of what?
            raise DeadlineError(_("Säg vad ”%(text)s” ska räknas från.", text=text))
        return Counted(text=text, at=at, amount=amount, unit=unit)
    if unit in (Unit.MINUTE, Unit.HOUR):
        raise DeadlineError(
            _("”%(text)s”: från ett datum räknas dagar eller mer, inte timmar.", text=text)
        )
    return Counted(
        text=text,
        at=at,
        amount=amount,
        unit=unit,
        direction=_direction(match["side"]),
        hangs_on=_anchor(text, match["anchor"]),
    )


def _side(text: str, match: re.Match[str], at: time | None) -> Counted:
    """ "före sammanträdet" is the working day before; "efter sammanträdet" when its day is over."""
    return Counted(
        text=text,
        at=at,
        amount=0,
        unit=Unit.DAY,
        direction=_direction(match["side"]),
        hangs_on=_anchor(text, match["anchor"]),
    )


def _direction(side: str) -> Direction:
    return Direction.BEFORE if side in ("före", "innan") else Direction.AFTER


def _anchor(text: str, words: str) -> Anchor:
    if words not in ANCHORS:
        raise DeadlineError(
            _(
                "”%(text)s”: ”%(words)s” är inget datum som en tidsfrist kan räknas från. "
                "De som finns är %(known)s.",
                text=text,
                words=words,
                known=", ".join(Anchor),
            )
        )
    return ANCHORS[words]


def _date(text: str, match: re.Match[str], at: time | None) -> DayOfYear:
    day, month = int(match[1]), MONTHS.index(match[2]) + 1
    year = int(match[3]) if match[3] else None
    _check_year(text, year)
    if not 1 <= day <= monthrange(year or 2024, month)[1]:  # 2024 has a 29 February
        raise DeadlineError(_("”%(text)s”: det datumet finns inte.", text=text))
    return DayOfYear(text=text, at=at, month=month, day=day, year=year)


def _time_of_day(words: str) -> tuple[time | None, str]:
    match = _TIME.search(words)
    if match is None:
        return None, words
    hour, minute = int(match[1]), int(match[2] or 0)
    if (hour, minute) == (24, 0):
        return None, words[: match.start()]
    if hour > 23 or minute > 59:
        raise DeadlineError(_("Klockan går inte att läsa i ”%(text)s”.", text=words))
    return time(hour, minute), words[: match.start()]


def _iso(text: str) -> Deadline | None:
    if match := _ISO_DURATION.fullmatch(text):
        years, months, weeks, days, hours, minutes, seconds = (
            int(part or 0) for part in match.groups()
        )
        found = Duration(
            text=text,
            months=12 * years + months,
            days=7 * weeks + days,
            seconds=3600 * hours + 60 * minutes + seconds,
        )
        _check_length(text, 31 * found.months + found.days + found.seconds // 86400, Unit.DAY)
        return found
    if re.match(r"R\d*/", text):
        raise DeadlineError(
            _(
                "”%(text)s” upprepas. Det kan en tidshändelse göra, men inte en tidsfrist.",
                text=text,
            )
        )
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise DeadlineError(_("”%(text)s”: det datumet finns inte.", text=text)) from error
    _check_year(text, instant.year)
    if len(text) == len("2026-12-01"):
        return Instant(text=text, instant=end_of_day(instant.date()))
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=LOCAL)
    return Instant(text=text, instant=instant.astimezone(UTC))


def _check_length(text: str, amount: int, unit: Unit) -> None:
    days = {Unit.MONTH: 31, Unit.MINUTE: 1 / 1440, Unit.HOUR: 1 / 24}.get(unit, 1) * amount
    if days > LONGEST_DAYS:
        raise _too_far(text)


def _check_year(text: str, year: int | None) -> None:
    if year is not None and year not in YEARS:
        raise _too_far(text)


def _too_far(text: str) -> DeadlineError:
    return DeadlineError(_("”%(text)s” är för långt bort för en tidsfrist.", text=text))


def _examples() -> str:
    return _("Skriv till exempel %(examples)s.", examples=", ".join(EXAMPLES))
