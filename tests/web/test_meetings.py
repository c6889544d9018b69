"""The calendar of a year, one meeting, and what moving it would move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine.host import SYSTEM
from processes import agenda, cases, meetings, secrecy
from processes.agenda import ItemStatus
from processes.meetings import Meeting, MeetingStatus
from processes.product import Product
from tests.web.pages import Page, Visitor
from web import dates

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]


@pytest.fixture
def meeting(product: Product) -> Meeting:
    """The board's first meeting to come."""
    with product.database.reading() as session:
        [found] = meetings.upcoming(session, "RS", on_or_after=date(2026, 2, 4), limit=1)
        return found


def book(product: Product, meeting: Meeting, number: str, status: ItemStatus) -> None:
    with product.database.writing() as session:
        now = product.clock.now()
        item = agenda.book(session, meeting.id, number, now=now)
        item.status, item.ready_at = status, now
        cases.get(session, number).case_officer = "handlaggare_1"


def row_of(product: Product, meeting: Meeting) -> Meeting:
    with product.database.reading() as session:
        return meetings.get(session, meeting.id)


def test_a_year_is_shown_body_by_body(log_in: LogIn, meeting: Meeting) -> None:
    page = log_in("handlaggare_1").page("/sammantraden/")
    assert page.h1 == "Sammanträden"
    bodies = page.words("//table[contains(@class, 'year')]//tbody//th")
    assert {"RF", "RS", "RUN"} <= set(bodies)
    assert page.root.xpath(f"//table[contains(@class, 'year')]//a[contains(@href, '{meeting.id}')]")
    only = log_in("handlaggare_1").page("/sammantraden/?organ=RS")
    assert only.words("//table[contains(@class, 'year')]//tbody//th") == ["RS"]


def test_the_months_ahead_reach_into_the_next_year(log_in: LogIn, meeting: Meeting) -> None:
    """In November a year that ends with December would say little."""
    visitor = log_in("handlaggare_1")
    months = visitor.page("/sammantraden/").words("//table[contains(@class, 'year')]//thead//th")
    assert (months[1], months[-1]) == ("Feb", "Jan 2027")
    year = visitor.page("/sammantraden/?ar=2026")
    assert year.h1 == "Sammanträden 2026"
    assert year.words("//table[contains(@class, 'year')]//thead//th")[1] == "Jan"


@pytest.mark.parametrize("year", ["1900", "2200", "2019", "99999999999", "-3", "i fjol"])
def test_a_year_without_meetings_says_so(log_in: LogIn, year: str) -> None:
    log_in("handlaggare_1").page(f"/sammantraden/?ar={year}")


def test_a_meeting_shows_its_dates_cases_and_roles(
    log_in: LogIn, meeting: Meeting, register: Register, product: Product
) -> None:
    book(product, meeting, register(), ItemStatus.READY)
    page = log_in("handlaggare_1").page(f"/sammantraden/{meeting.id}")
    assert page.h1.startswith("Regionstyrelsen ")
    assert "1 ärende: 1 klart" in page.words("//p[@class='with']")[0]
    assert page.words("//ol[contains(@class, 'line')]//b")[0].startswith("Inlämning")
    [row] = page.root.xpath("//table[contains(@class, 'agenda')]//tbody/tr")
    assert "RS/1/2026" in row.text_content()
    assert "Klart för beslut" in row.text_content()
    assert "Sekreterare RS" in page.words("//section[@aria-labelledby='roller']//dd")
    assert not page.words("//a[.='Flytta eller ställ in']"), "the secretary's to do"


def test_late_cases_stand_on_top(
    log_in: LogIn, meeting: Meeting, register: Register, product: Product
) -> None:
    book(product, meeting, register(), ItemStatus.LATE)
    page = log_in("sekreterare_rs").page(f"/sammantraden/{meeting.id}")
    assert page.words("//section[contains(@class, 'mend')]/h2") == ["1 ärende kom inte in i tid"]


def test_a_secret_case_is_on_the_list_without_its_name(
    log_in: LogIn, meeting: Meeting, register: Register, product: Product
) -> None:
    number = register()
    book(product, meeting, number, ItemStatus.READY)
    with product.database.writing() as session:
        secrecy.mark_case(
            session, product.engine, number, legal_ground="25 kap. 1 § OSL",
            public_heading="Motion", actor=SYSTEM,
        )  # fmt: skip
    text = log_in("handlaggare_2").page(f"/sammantraden/{meeting.id}").text
    assert "Ärende med sekretess" in text
    assert "nattåg" not in text
    assert number not in text


def test_moving_shows_first_what_it_moves_and_then_moves(
    log_in: LogIn, meeting: Meeting, register: Register, product: Product
) -> None:
    number = register()
    book(product, meeting, number, ItemStatus.PLANNED)
    visitor = log_in("sekreterare_rs")
    address = f"/sammantraden/{meeting.id}/flytta"
    page = visitor.page(f"{address}?on=2026-05-06")
    assert "ons 6 maj" in " ".join(page.words("//section[@aria-labelledby='dagar']//td"))
    assert number in " ".join(page.words("//section[@aria-labelledby='foljer']//li"))
    assert row_of(product, meeting).on == meeting.on, "nothing is moved yet"
    values = {"on": "2026-05-06", "lock_version": page.value("lock_version")}
    refused = visitor.post(address, {**values, "reason": ""})
    assert refused.status_code == 422
    assert Page(refused).words("//section[@aria-labelledby='dagar']"), "what it moves stays shown"
    assert row_of(product, meeting).on == meeting.on
    assert visitor.post(address, {**values, "reason": "Lokalen är stängd."}).status_code == 302
    assert row_of(product, meeting).on == date(2026, 5, 6)
    late = visitor.post(address, {**values, "on": "2026-05-13", "reason": "Igen."})
    assert late.status_code == 409
    assert row_of(product, meeting).on == date(2026, 5, 6)


@pytest.mark.parametrize("on", ["", "i morgon", "2025-01-01"])
def test_a_day_that_can_not_be_is_told_at_its_field(
    log_in: LogIn, meeting: Meeting, on: str
) -> None:
    page = log_in("sekreterare_rs").page(f"/sammantraden/{meeting.id}/flytta?on={on}", 422)
    assert page.words("//*[@id='on-error']")


def test_a_meeting_is_cancelled_with_a_reason(
    log_in: LogIn, meeting: Meeting, product: Product
) -> None:
    visitor = log_in("sekreterare_rs")
    address, at = f"/sammantraden/{meeting.id}/stall-in", f"/sammantraden/{meeting.id}/flytta"
    assert visitor.post(address, {"reason": ""}, at=at).status_code == 422
    assert row_of(product, meeting).status == MeetingStatus.PLANNED
    assert visitor.post(address, {"reason": "För få ärenden."}, at=at).status_code == 302
    page = visitor.page(f"/sammantraden/{meeting.id}")
    assert "Sammanträdet är inställt. För få ärenden." in " ".join(page.words("//main//p"))


def test_a_new_meeting_stands_in_the_calendar(log_in: LogIn) -> None:
    visitor = log_in("sekreterare_rs")
    wrong = visitor.post("/sammantraden/nytt", {"organ_code": "RS", "on": ""})
    assert wrong.status_code == 422
    assert Page(wrong).words("//*[@id='on-error']")
    answer = visitor.post(
        "/sammantraden/nytt", {"organ_code": "RS", "on": "2026-06-24", "extra": "1"}
    )
    assert answer.status_code == 302
    assert visitor.page(answer.location).h1 == "Regionstyrelsen onsdag 24 juni 2026"


@pytest.mark.parametrize("username", ["handlaggare_1", "sekreterare_run"])
def test_only_the_bodys_secretary_and_administrators_change_it(
    log_in: LogIn, meeting: Meeting, product: Product, username: str
) -> None:
    visitor = log_in(username)
    visitor.page(f"/sammantraden/{meeting.id}/flytta", 403)
    sent = visitor.post(f"/sammantraden/{meeting.id}/stall-in", {"reason": "Nej."}, at="/min-sida/")
    assert sent.status_code == 403
    assert row_of(product, meeting).status == MeetingStatus.PLANNED
    log_in("administrator").page(f"/sammantraden/{meeting.id}/flytta")


def test_a_meeting_that_is_not_there(log_in: LogIn) -> None:
    log_in("handlaggare_1").page("/sammantraden/finnsinte", 404)


def test_a_meeting_lists_what_is_on_its_way_through_another_body(
    log_in: LogIn, meeting: Meeting, register: Register, product: Product
) -> None:
    number = register()
    with product.database.writing() as session:
        [assembly] = meetings.upcoming(session, "RF", on_or_after=meeting.on, limit=1)
        case = cases.get(session, number)
        case.path, case.planned_meetings = ["RS", "RF"], {"RS": meeting.id, "RF": assembly.id}
    visitor = log_in("handlaggare_1")
    page = visitor.page(f"/sammantraden/{assembly.id}")
    [row] = page.words("//section[@aria-labelledby='pa-vag']//tbody/tr")
    assert number in row
    assert f"RS {dates.day(meeting.on, today=date(2026, 2, 4))}".replace("\u00a0", " ") in row
    card = visitor.page(f"/arenden/{number}")
    assert card.root.xpath("//ol[@class='path']//a/@href") == [
        f"/sammantraden/{meeting.id}",
        f"/sammantraden/{assembly.id}",
    ]
    with product.database.writing() as session:
        cases.get(session, number).step = 1
    later = visitor.page(f"/sammantraden/{assembly.id}")
    assert not later.words("//section[@aria-labelledby='pa-vag']"), "it has come"


def test_a_secret_case_on_its_way_is_not_named(
    log_in: LogIn, meeting: Meeting, register: Register, product: Product
) -> None:
    number = register()
    with product.database.writing() as session:
        case = cases.get(session, number)
        case.path, case.planned_meetings = ["RUN", "RS"], {"RS": meeting.id}
        secrecy.mark_case(
            session, product.engine, number, legal_ground="25 kap. 1 § OSL",
            public_heading="Motion", actor=SYSTEM,
        )  # fmt: skip
    page = log_in("handlaggare_2").page(f"/sammantraden/{meeting.id}")
    assert page.words("//section[@aria-labelledby='pa-vag']//tbody/tr") == [
        "Ärende med sekretess ––"
    ]
    assert number not in page.text
