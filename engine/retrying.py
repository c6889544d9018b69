"""How often, and with what pauses, work that failed is tried again: as its diagram says."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import EngineError
from engine.spiff import iso8601
from engine.texts import gettext as _

MOST_RETRIES = 20
LONGEST_PAUSE_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Retrying:
    """The pause is twice as long each time."""

    max_attempts: int = 5
    backoff_seconds: int = 30


def read(retries: str, backoff: str) -> Retrying:
    """What the properties say: `retries` after the first attempt, the first pause as `PT30S`."""
    usual = Retrying()
    return Retrying(
        max_attempts=_number(retries) + 1 if retries else usual.max_attempts,
        backoff_seconds=_seconds(backoff) if backoff else usual.backoff_seconds,
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= MOST_RETRIES):
        raise EngineError(
            _(
                "Nya försök (retries) är ett antal från 0 till %(most)s, inte ”%(text)s”.",
                most=MOST_RETRIES,
                text=text,
            )
        )
    return int(text)


def _seconds(text: str) -> int:
    length = iso8601.duration(text)
    if (
        length is None
        or length.months
        or not 1 / 86_400 <= length.days_in_all <= LONGEST_PAUSE_DAYS
    ):
        raise EngineError(
            _(
                "Första pausen (backoff) är en längd som PT30S, PT5M eller PT1H, "
                "högst %(days)s dagar, inte ”%(text)s”.",
                days=LONGEST_PAUSE_DAYS,
                text=text,
            )
        )
    return round(length.days_in_all * 86_400)
