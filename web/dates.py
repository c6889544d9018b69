"""Dates, deadlines and names as people read them; every page's dates come through here.

What is late is counted in working days, what is ahead in calendar days. The year is written only
when it is not this one. No-break spaces hold a date together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask import Flask

from engine.tables import NO_DEADLINE
from processes.swedish_calendar import LOCAL, deadline_day, local_date, working_days_between
from web import current
from web.texts import gettext as _
from web.texts import marked, ngettext

WEEKDAYS = (
    marked("mån"), marked("tis"), marked("ons"), marked("tor"), marked("fre"), marked("lör"),
    marked("sön"),
)  # fmt: skip
WEEKDAYS_LONG = (
    marked("måndag"), marked("tisdag"), marked("onsdag"), marked("torsdag"), marked("fredag"),
    marked("lördag"), marked("söndag"),
)  # fmt: skip
MONTHS = (
    marked("jan"), marked("feb"), marked("mar"), marked("apr"), marked("maj"), marked("jun"),
    marked("jul"), marked("aug"), marked("sep"), marked("okt"), marked("nov"), marked("dec"),
)  # fmt: skip
MONTHS_LONG = (
    marked("januari"), marked("februari"), marked("mars"), marked("april"), marked("maj"),
    marked("juni"), marked("juli"), marked("augusti"), marked("september"), marked("oktober"),
    marked("november"), marked("december"),
)  # fmt: skip
NO_BREAK = "\u00a0"
MIDNIGHT = time(0)

# "Handläggare 1", "§ 212", "kl 16", "Sekreterare RS": the short word stays with its neighbour.
_SHORT_TAIL = re.compile(r"(?<=\w) (?=(?:\d{1,3}|[A-ZÅÄÖ]{2,4})(?![\w/]))")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SIGN_HEAD = re.compile(r"(§|\bkl) (?=\d)")


class Tone(StrEnum):
    LATE = "danger"
    SOON = "warning"
    CALM = "neutral"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline: its date, what it means today, and how it looks."""

    day: str  # "fre 12 dec", "" when there is none
    words: str  # "om 3 dagar", "försenad 2 arbetsdagar"
    tone: Tone
    iso: str  # for <time datetime>

    @property
    def is_chip(self) -> bool:
        return self.tone is not Tone.CALM

    def __str__(self) -> str:
        return f"{self.day} · {self.words}" if self.day else self.words


def hold(text: str) -> str:
    """`text` with its role names, paragraphs and times held together."""
    return _SIGN_HEAD.sub(rf"\1{NO_BREAK}", _SHORT_TAIL.sub(NO_BREAK, str(text)))


def day(value: date | datetime | None, *, today: date | None = None) -> str:
    """fre 12 dec, or fre 12 dec 2027 when that is not this year."""
    if value is None:
        return ""
    on = local_day(value)
    this_year = (today or current.today()).year
    words = [_(WEEKDAYS[on.weekday()]), str(on.day), _(MONTHS[on.month - 1])]
    return NO_BREAK.join(words + ([str(on.year)] if on.year != this_year else []))


def day_of(text: Any) -> date | None:
    """The day that answers hold as 2026-02-25; None when it is something else."""
    if not isinstance(text, str) or not _ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def say_day(text: str) -> str:
    """`text`, said as a day if it is one."""
    found = day_of(text)
    return day(found) if found else text


def long_day(value: date | datetime) -> str:
    """onsdag 25 februari 2026, for headings."""
    on = local_day(value)
    return NO_BREAK.join(
        [
            _(WEEKDAYS_LONG[on.weekday()]),
            str(on.day),
            _(MONTHS_LONG[on.month - 1]),
            str(on.year),
        ]
    )


def clock_time(value: datetime) -> str:
    return value.astimezone(LOCAL).strftime("%H.%M")


def moment(value: datetime | None, *, today: date | None = None) -> str:
    """i dag 08.14, tis 3 feb 14.32"""
    if value is None:
        return ""
    reference = today or current.today()
    on = value.astimezone(LOCAL).date()
    said = _("i dag") if on == reference else day(on, today=reference)
    return f"{said} {clock_time(value)}".replace(" ", NO_BREAK)


def until(value: datetime | None, *, today: date | None = None) -> str:
    """t.o.m. ons 25 nov for what ends with its day; else the moment."""
    if value is None or _time_of_day(value):
        return moment(value, today=today)
    return _("t.o.m. %(day)s", day=day(deadline_day(value), today=today)).replace(" ", NO_BREAK)


def local_day(value: date | datetime) -> date:
    return local_date(value) if isinstance(value, datetime) else value


def due(value: date | datetime | None, *, neuter: bool = False, now: datetime | None = None) -> Due:
    """What a deadline means now. `neuter` when it is about ett ärende or ett underlag."""
    if value is None or (isinstance(value, datetime) and value >= NO_DEADLINE):
        return Due(day="", words=_("ingen tidsfrist"), tone=Tone.CALM, iso="")
    present = (now or current.now()).astimezone(LOCAL)
    on = deadline_day(value) if isinstance(value, datetime) else value
    at = _time_of_day(value)
    words, tone = _meaning(on, at, present, neuter=neuter)
    return Due(
        day=day(on, today=present.date()),
        words=words.replace(" ", NO_BREAK),
        tone=tone,
        iso=value.astimezone(LOCAL).isoformat()
        if at and isinstance(value, datetime)
        else on.isoformat(),
    )


def _time_of_day(value: date | datetime) -> time | None:
    """The time on the clock that a deadline names; none when it is the whole day."""
    if not isinstance(value, datetime):
        return None
    at = value.astimezone(LOCAL).time()
    return None if at == MIDNIGHT else at


def _meaning(on: date, at: time | None, present: datetime, *, neuter: bool) -> tuple[str, Tone]:
    today = present.date()
    if on < today or (on == today and at and at < present.time()):
        return _late(working_days_between(on, today), neuter=neuter), Tone.LATE
    clock = _(" kl %(time)s", time=_short_time(at)) if at else ""
    if on == today:
        return _("i dag") + clock, Tone.SOON
    if on == today + timedelta(days=1):
        return _("i morgon") + clock, Tone.SOON
    return in_days(on, today=today), Tone.CALM


def _late(days: int, *, neuter: bool) -> str:
    word = _("försenat") if neuter else _("försenad")
    if not days:
        return word
    count = ngettext("%(num)d arbetsdag", "%(num)d arbetsdagar", days)
    return f"{word} {count}"


def _short_time(at: time) -> str:
    return str(at.hour) if not at.minute else at.strftime("%H.%M")


def in_days(value: date | datetime, *, today: date | None = None) -> str:
    """om 8 dagar, i dag, i morgon, för 3 dagar sedan"""
    ahead = (local_day(value) - (today or current.today())).days
    if ahead in (0, 1):
        return (_("i dag"), _("i morgon"))[ahead]
    if ahead < 0:
        return ngettext("för %(num)d dag sedan", "för %(num)d dagar sedan", -ahead)
    return ngettext("om %(num)d dag", "om %(num)d dagar", ahead).replace(" ", NO_BREAK)


def waited(since: datetime, *, now: datetime | None = None) -> str:
    """har väntat 2 timmar, har väntat 1 dag"""
    minutes = max(int(((now or current.now()) - since).total_seconds() // 60), 1)
    hours, days = minutes // 60, minutes // (60 * 24)
    if days:
        span = ngettext("%(num)d dag", "%(num)d dagar", days)
    elif hours:
        span = ngettext("%(num)d timme", "%(num)d timmar", hours)
    else:
        span = ngettext("%(num)d minut", "%(num)d minuter", minutes)
    return _("har väntat %(span)s", span=span).replace(" ", NO_BREAK)


def set_up(app: Flask) -> None:
    filters: dict[str, Any] = {
        "day": day,
        "long_day": long_day,
        "moment": moment,
        "until": until,
        "clock_time": clock_time,
        "due": due,
        "in_days": in_days,
        "waited": waited,
        "hold": hold,
    }
    app.jinja_env.filters.update(filters)
