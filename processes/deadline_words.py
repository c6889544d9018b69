"""The words that deadlines are made of."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

_COUNTED = (
    "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv",
    "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton", "tjugo", "tjugoen",
)  # fmt: skip
NUMBERS = {word: number for number, word in enumerate(_COUNTED, start=1)} | {
    "ett": 1, "tjugoett": 21, "trettio": 30, "fyrtio": 40, "femtio": 50, "sextio": 60,
    "nittio": 90, "hundra": 100,
}  # fmt: skip

_ORDERED = (
    "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde",
    "tionde",
)  # fmt: skip
ORDINALS = {word: number for number, word in enumerate(_ORDERED, start=1)}

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def short_day(day: date) -> str:
    """ "ons 8 apr 2026": for what is read another year too."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """ "8 apr"."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


class Unit(StrEnum):
    """What is counted. The value is the plural as people write it."""

    MINUTE = "minuter"
    HOUR = "timmar"
    DAY = "dagar"
    WORKING_DAY = "arbetsdagar"
    MONTH = "månader"


# Word → what it counts, and how many of them it is.
UNITS: dict[str, tuple[Unit, int]] = {
    word: (unit, factor)
    for words, unit, factor in (
        ("minut minuter minuten", Unit.MINUTE, 1),
        ("timme timmar timma timmen", Unit.HOUR, 1),
        ("dygn dygnet dag dagar dagen kalenderdag kalenderdagar", Unit.DAY, 1),
        # In law Saturday is a vardag, yet lag (1930:173) puts it beside Sundays: one word, one day.
        (
            "arbetsdag arbetsdagar arbetsdagen vardag vardagar vardagen helgfri helgfria",
            Unit.WORKING_DAY,
            1,
        ),
        ("vecka veckor veckan", Unit.DAY, 7),
        ("månad månader månaden", Unit.MONTH, 1),
        ("kvartal kvartalet", Unit.MONTH, 3),
        ("halvår halvåret", Unit.MONTH, 6),
        ("år året", Unit.MONTH, 12),
    )
    for word in words.split()
}


class Anchor(StrEnum):
    """A date that a deadline may hang on. The value is its key among the facts."""

    SUBMISSION = "sista inlämningsdag"
    REVIEW = "beredningen"
    PRESIDIUM = "presidiet"
    NOTICE = "kallelsen"
    MEETING = "sammanträdet"
    MEETING_ENDS = "sammanträdets slut"
    ATTESTED = "justeringen"
    POSTED = "anslaget"
    APPEAL_ENDS = "överklagandetidens slut"
    REPLY_BY = "svar senast"
    READY_BY = "klart senast"
    DECIDE_BY = "beslut senast"
    RAISED = "väckandet"
    REGISTERED = "registreringen"
    ALLOCATED = "fördelningen"
    DECIDED = "beslutet"
    SERVED = "delgivningen"
    PERIOD_ENDS = "periodens slut"


# The appeal time runs from these; lag (1930:173) 2 § carries its end on to a weekday.
STATUTORY = frozenset({Anchor.POSTED, Anchor.SERVED})

ANCHORS: dict[str, Anchor] = {anchor.value: anchor for anchor in Anchor} | {
    word: anchor
    for anchor, words in {
        Anchor.SUBMISSION: (
            "sista inlämningsdagen", "inlämningsdagen", "inlämningsdag", "inlämningen",
        ),
        Anchor.REVIEW: (
            "beredning", "kansliberedningen", "kansliberedning", "tjänstemannaberedningen",
            "tjänstemannaberedning",
        ),
        Anchor.PRESIDIUM: ("presidieberedningen", "presidieberedning", "presidiemötet"),
        Anchor.NOTICE: ("kallelse", "kallelsen skickas"),
        Anchor.MEETING: ("sammanträde", "sammanträdesdagen", "mötet", "möte"),
        Anchor.ATTESTED: ("justering", "protokollet justerats", "justeringsdagen"),
        Anchor.POSTED: ("anslag", "anslagsdagen", "tillkännagivandet"),
        Anchor.APPEAL_ENDS: ("överklagandetiden", "överklagandetidens utgång", "laga kraft"),
        Anchor.REPLY_BY: ("svarsdagen", "svarsdatum", "sista svarsdag", "sista svarsdagen"),
        Anchor.READY_BY: ("färdigdatum", "klart senast-datumet"),
        Anchor.DECIDE_BY: ("beslutsdatum", "beslutsdagen"),
        Anchor.RAISED: ("att ärendet väcktes", "ärendet väcktes", "ankomstdagen", "ankomsten"),
        Anchor.REGISTERED: ("registrering", "ärendet registrerades"),
        Anchor.ALLOCATED: ("fördelning", "ärendet fördelades"),
        Anchor.DECIDED: ("beslut",),
        Anchor.SERVED: ("delgivning", "underrättelsen"),
        Anchor.PERIOD_ENDS: ("perioden", "periodslutet"),
    }.items()
    for word in words
}  # fmt: skip
