"""A reply to a referral, decided on delegation and reported to the next meeting."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.card import expect_walked
from tests.browser.casework import CaseWork
from tests.browser.filling import words_within
from tests.browser.office import Office
from tests.browser.sitting import Sitting

NUMBER = "RS/1/2026"
HEADING = "Remiss av betänkandet En ny ordning för kollektivtrafiken"
ASKED_BY = "Landsbygds- och infrastrukturdepartementet"
REPLY = "Regionen tillstyrker förslagen och lämnar det bifogade yttrandet."
POINT = "4.1"
REPORTED_ON = date(2026, 3, 25)


def allocate(case: CaseWork) -> None:
    case.do("regionstabschef", "Fördela ärendet", {
        "Handläggare": "Handläggare 1",
        "Ansvarig chef": "Områdeschef",
        "Vem beslutar?": "En tjänsteman eller förtroendevald på delegation",
        "Delegat": "Delegat",
        "Punkt i delegationsordningen": POINT,
        "Ska ärendet på remiss?": "Nej",
    })  # fmt: skip


def prepare(case: CaseWork) -> None:
    """B1–B3: the right to decide, the same preparation as for a body, the decision drawn up."""
    site = case.office.site
    site.go_to(date(2026, 2, 4))
    case.do(case.officer, "Ange delegationspunkt", {
        "Slag av beslut": "Svar på remiss",
        "Punkt i delegationsordningen": POINT,
        "Hör det till det som inte får delegeras?": "Nej",
    })  # fmt: skip
    case.plan()
    case.update_card()
    site.go_to(date(2026, 2, 11))
    case.write_basis({
        "Syfte och bakgrund": "Departementet har bett regionen yttra sig över betänkandet.",
        "Tidigare beslut som har betydelse": "Inga.",
        "Avstämning mot lagar och förordningar": "Lagen om kollektivtrafik.",
        "Avstämning mot regionens styrande dokument": "Trafikförsörjningsprogrammet.",
        "Konsekvensbeskrivning": "Förslagen ändrar inte regionens ansvar.",
        "Statistiska jämförelser": "Resandet i länet mot riket.",
    }, no_effect_because="Ett remissvar ändrar ingen verksamhet.")  # fmt: skip
    case.approve()
    case.do(case.officer, "Upprätta delegationsbeslut", {
        "Beslut": REPLY,
        "Skäl och underlag": "Betänkandet och sammanställningen av synpunkter.",
        "Så överklagas beslutet": "Kan inte överklagas",
    })  # fmt: skip


def sign(case: CaseWork) -> None:
    """B4–B8: the secretary gets the signature, sends the original and keeps a copy."""
    site = case.office.site
    site.go_to(date(2026, 2, 16))
    case.do("delegat", "Pröva jäv", {"Jävig": "Nej"})
    case.do("sekreterare_rs", "Lämna remissvaret för underskrift", {
        "Svaret sänds till": ASKED_BY,
        "Sista svarsdag": "2026-03-02",
        "Svaret är kontrollerat och klart för underskrift": True,
    })  # fmt: skip
    case.do("delegat", "Underteckna beslutet", {
        "Ditt ställningstagande": "Jag undertecknar beslutet",
        "Jag bekräftar att jag har rätt att besluta och att detta är min underskrift": True,
    })  # fmt: skip
    site.go_to(date(2026, 2, 17))
    case.do("sekreterare_rs", "Sänd remissvaret för diarieföring", {
        "Det undertecknade beslutet och underlaget är skickade": True,
    })  # fmt: skip
    case.do("registrator_rs", "Diarieför beslutet", {"Underlaget är också registrerat": True})
    case.do("sekreterare_rs", "Sänd originalet och spara en kopia", {
        "En kopia ligger till anmälan": True,
    })  # fmt: skip
    case.do("sekreterare_rs", "Förteckna i delegationslistan", {
        "Anmälan": "Ja, till nästa sammanträde",
    })  # fmt: skip


def finish(case: CaseWork) -> None:
    """B12: what cannot be appealed waits for nothing more."""
    case.office.site.go_to(date(2026, 3, 27))
    case.do(case.officer, "Publicera dokument", {"Ska något publiceras?": "Nej"})
    case.do("regionstabschef", "Förteckna beslut som kräver åtgärd")
    case.do("kommunikator", "Avgör om det blir ledningsmejl")
    case.close("sekreterare_rs")
    case.archive()


@pytest.mark.timeout(300)  # twenty people at work, one after the other
def test_a_reply_to_a_referral_is_signed_sent_and_reported_to_the_next_meeting(
    office: Office,
) -> None:
    site = office.site
    case = CaseWork(office=office, number=NUMBER)
    case.register(HEADING, {
        "Vad väcker ärendet?": "Remiss från annan myndighet", "Från vem": ASKED_BY,
    })  # fmt: skip
    site.go_to(date(2026, 2, 3))
    allocate(case)
    prepare(case)
    sign(case)
    assert office.waits_for("sekreterare_rs", NUMBER) == []

    meeting = Sitting.of(office, "RS", REPORTED_ON)
    meeting.prepare(cases=0)
    page = office.be("sekreterare_rs")
    page.goto(f"/sammantraden/{meeting.id}")
    expect(page.locator("main")).to_contain_text(NUMBER)
    meeting.hold()
    finish(case)
    expect_card(office)


def expect_card(office: Office) -> None:
    page = office.be("handlaggare_1")
    page.goto(f"/arenden/{NUMBER}?historia=allt")
    expect(page.locator(".case-head .with")).to_contain_text("Arkiverat")
    story = page.locator(".story")
    expect(story).to_contain_text(words_within("Delegat beslutade i ärendet."))
    expect(story).to_contain_text(words_within("Delegationsbeslutet anmäldes till RS, § 1."))
    records = page.locator("section[aria-labelledby=handlingar]")
    expect(records).to_contain_text(words_within(f"Delegationsbeslut {POINT}"))
    expect(records).to_contain_text("Svar på remiss")
    steps = [step for step in office.steps if step.about == NUMBER]
    expect_walked(page, steps, today=office.site.today)
