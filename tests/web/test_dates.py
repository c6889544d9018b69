"""Dates and deadlines as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from engine.tables import NO_DEADLINE
from processes.swedish_calendar import at_local_time, end_of_day
from web import dates
from web.dates import Tone

NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)  # Wednesday 10.20 in Sweden
TODAY = date(2026, 2, 4)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "words", "tone"),
    [
        (end_of_day(date(2026, 2, 2)), "mån 2 feb · försenad 2 arbetsdagar", Tone.LATE),
        (end_of_day(date(2026, 2, 3)), "tis 3 feb · försenad 1 arbetsdag", Tone.LATE),
        (end_of_day(date(2026, 1, 30)), "fre 30 jan · försenad 3 arbetsdagar", Tone.LATE),
        (at_local_time(TODAY, time(9)), "ons 4 feb · försenad", Tone.LATE),
        (at_local_time(TODAY, time(16)), "ons 4 feb · i dag kl 16", Tone.SOON),
        (at_local_time(TODAY, time(16, 30)), "ons 4 feb · i dag kl 16.30", Tone.SOON),
        (end_of_day(TODAY), "ons 4 feb · i dag", Tone.SOON),
        (end_of_day(date(2026, 2, 5)), "tor 5 feb · i morgon", Tone.SOON),
        (end_of_day(date(2026, 2, 9)), "mån 9 feb · om 5 dagar", Tone.CALM),
        (end_of_day(date(2027, 1, 28)), "tor 28 jan 2027 · om 358 dagar", Tone.CALM),
        (date(2026, 2, 6), "fre 6 feb · om 2 dagar", Tone.CALM),
        (NO_DEADLINE, "ingen tidsfrist", Tone.CALM),
        (None, "ingen tidsfrist", Tone.CALM),
    ],
)
def test_a_deadline_says_its_date_and_what_it_means(
    still_app: Flask, value: datetime | date | None, words: str, tone: Tone
) -> None:
    with still_app.test_request_context():
        found = dates.due(value, now=NOW)
    assert plain(str(found)) == words
    assert found.tone is tone


def test_an_arende_is_forsenat_and_not_forsenad(still_app: Flask) -> None:
    with still_app.test_request_context():
        found = dates.due(end_of_day(date(2026, 2, 3)), neuter=True, now=NOW)
    assert plain(found.words) == "försenat 1 arbetsdag"


def test_on_a_saturday_nothing_is_late_by_working_days(still_app: Flask) -> None:
    saturday = datetime(2026, 2, 7, 9, tzinfo=UTC)
    with still_app.test_request_context():
        assert dates.due(end_of_day(date(2026, 2, 6)), now=saturday).words == "försenad"


def test_the_night_the_clocks_go_back_a_day_is_still_that_day(still_app: Flask) -> None:
    """24.00 on 25 October 2026 is 23.00 UTC, an hour later than the day before."""
    now = datetime(2026, 10, 25, 12, tzinfo=UTC)
    with still_app.test_request_context():
        assert dates.due(end_of_day(date(2026, 10, 25)), now=now).words == "i\u00a0dag"
        assert plain(dates.due(end_of_day(date(2026, 10, 26)), now=now).words) == "i morgon"


def test_dates_hold_together() -> None:
    assert dates.day(TODAY, today=TODAY) == "ons\u00a04\u00a0feb"
    assert dates.long_day(TODAY) == "onsdag\u00a04\u00a0februari\u00a02026"


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Handläggare 1 har den", "Handläggare_1 har den"),
        ("beslut RS 26 nov § 212", "beslut_RS_26 nov §_212"),
        ("i dag kl 16", "i dag kl_16"),
        ("Sekreterare RS", "Sekreterare_RS"),
        ("Ärendet RS/1/2026", "Ärendet RS/1/2026"),
        ("Avtal 2027–2031", "Avtal 2027–2031"),
    ],
)
def test_short_words_stay_with_their_neighbours(text: str, held: str) -> None:
    assert dates.hold(text) == held.replace("_", "\u00a0")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "har väntat 1 minut"),
        (timedelta(minutes=40), "har väntat 40 minuter"),
        (timedelta(hours=2, minutes=10), "har väntat 2 timmar"),
        (timedelta(days=1, hours=3), "har väntat 1 dag"),
    ],
)
def test_waiting_is_told_in_the_largest_unit(still_app: Flask, ago: timedelta, words: str) -> None:
    with still_app.test_request_context():
        assert plain(dates.waited(NOW - ago, now=NOW)) == words


def test_what_ends_with_its_day_is_told_by_that_day() -> None:
    """A deadline of 25 November ends at midnight, which reads as the day after."""
    whole = end_of_day(date(2026, 11, 25))
    assert plain(dates.until(whole, today=TODAY)) == "t.o.m. ons 25 nov"
    at_four = at_local_time(date(2026, 11, 25), time(16))
    assert plain(dates.until(at_four, today=TODAY)) == "ons 25 nov 16.00"
