"""A case from its birth to the archive, in the browser, by each role in turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.card import expect_walked
from tests.browser.casework import CaseWork
from tests.browser.filling import words_within
from tests.browser.office import Office
from tests.browser.seed_case import (
    BACKGROUND,
    CONSEQUENCES,
    DECISION,
    EARLIER,
    EXCERPT_TO,
    HEADING,
    PROPOSAL,
    PURPOSE,
    RULES,
    SUMMARY,
    TITLE,
)
from tests.browser.sitting import Sitting

NUMBER = "RS/1/2026"
WHAT_IS_REPORTED = "Förteckna det som ska anmälas"  # the meeting's own affair, not the case's
BOARD_ON, ASSEMBLY_ON = date(2026, 3, 25), date(2026, 4, 21)


def allocate(case: CaseWork) -> None:
    """A10–A14: the path goes over the board to the assembly."""
    case.do("regionstabschef", "Fördela ärendet", {
        "Handläggare": "Handläggare 1",
        "Ansvarig chef": "Områdeschef",
        "Vem beslutar?": "Ett politiskt organ",
        "Beslutsväg": [
            {"Organ": "Regionstyrelsen", "Sammanträde": "RS ons 25 mar 2026"},
            {"Organ": "Regionfullmäktige", "Sammanträde": "RF tis 21 apr 2026"},
        ],
        "Ska ärendet på remiss?": "Nej",
        "Till handläggaren": "Revideringen ska tydliggöra förvaltningarnas ansvar.",
    })  # fmt: skip


def prepare(case: CaseWork) -> None:
    """A16–A26: the plan, the basis, the memorandum with its proposal, the manager's approval."""
    site = case.office.site
    site.go_to(date(2026, 2, 4))
    case.plan()
    site.go_to(date(2026, 2, 6))
    case.update_card()
    site.go_to(date(2026, 2, 12))
    case.write_basis({
        "Syfte och bakgrund": f"{PURPOSE} {BACKGROUND}",
        "Tidigare beslut som har betydelse": EARLIER,
        "Avstämning mot lagar och förordningar": "Kommunallagen 11 kap. om ekonomisk förvaltning.",
        "Avstämning mot regionens styrande dokument": RULES,
        "Konsekvensbeskrivning": CONSEQUENCES,
        "Statistiska jämförelser": "Behövs inte: reglerna gäller arbetssätt.",
    }, no_effect_because="Reglerna kräver att perspektiven finns i underlagen.")  # fmt: skip
    site.go_to(date(2026, 2, 16))
    case.do(case.officer, "Upprätta tjänsteskrivelse", {
        "Rubrik": TITLE,
        "Sammanfattande beskrivning": SUMMARY,
        "Förslag till beslut": [{"Beslutsmening": PROPOSAL}],
    })  # fmt: skip
    site.go_to(date(2026, 2, 18))
    case.approve()
    site.go_to(date(2026, 2, 19))
    case.do(case.officer, "Slutkontrollera och lämna in", {
        "Ärendemeningen stämmer": True,
        "Beslutsdatum stämmer": True,
        "Bilagornas namn är samma som i tjänsteskrivelsen": True,
        "Nya handlingar i ärendet är beaktade": True,
        "Tjänsteskrivelsen ska vara med i kallelsen": True,
    })  # fmt: skip


def take_excerpt(case: CaseWork, secretary: str) -> None:
    """A40."""
    case.do(secretary, "Ta fram protokollsutdrag", {
        "Utdraget är framtaget och stämmer med protokollet": True,
    })  # fmt: skip


def dispatch(case: CaseWork) -> None:
    """A40–A43, when the assembly's minutes have been attested."""
    take_excerpt(case, "sekreterare_rf")
    case.do("sekreterare_rf", "Diarieför beslutade handlingar", {
        "Redaktionella ändringar är gjorda, "
        "och rätt beslutsdatum och paragraf står i handlingarna": True,
    })  # fmt: skip
    case.do("sekreterare_rf", "Expediera beslutet", {
        "Expedierat till": [{"Mottagare": one, "Sätt": "Internt"} for one in EXCERPT_TO],
        "Beslutade handlingar ska in i ledningssystemet": True,
        "Vilka handlingar?": "Regler för planering och uppföljning",
    })  # fmt: skip


def carry_out(case: CaseWork) -> None:
    """A42b–A43: published, listed, told to the managers, put where the rules are kept."""
    case.do(case.officer, "Publicera dokument", {
        "Ska något publiceras?": "Ja",
        "Vad, och var?": "Reglerna, på Insidan.",
        "Inget i handlingarna är sekretess eller personuppgifter som inte får spridas": True,
    })  # fmt: skip
    case.do("regionstabschef", "Förteckna beslut som kräver åtgärd")
    case.do("kommunikator", "Avgör om det blir ledningsmejl", {
        "Ja, skicka som ledningsmejl": True,
        "Förslag till text": "Nya regler för planering och uppföljning gäller.",
    })  # fmt: skip
    case.do("regionstabschef", "Skicka ledningsmejl", {"Till": ["Områdeschef", "Kanslichef"]})
    case.do("kvalitetsstrateg", "För in i ledningssystemet", {
        "Plats": "Ledningssystemet, Styrning",
    })  # fmt: skip


@pytest.mark.timeout(400)  # forty people at work, one after the other
def test_a_case_goes_from_an_initiative_to_the_archive_and_its_card_tells_all_of_it(
    office: Office,
) -> None:
    site = office.site
    case = CaseWork(office=office, number=NUMBER)
    case.register(HEADING, {"Vad väcker ärendet?": "Internt", "Från vem": "Samordningskansliet"})
    site.go_to(date(2026, 2, 3))
    allocate(case)
    prepare(case)

    board = Sitting.of(office, "RS", BOARD_ON)
    board.prepare()
    board.hold(("Vidare till nästa organ", PROPOSAL))
    board.attest()
    take_excerpt(case, "sekreterare_rs")

    assembly = Sitting.of(office, "RF", ASSEMBLY_ON)
    assembly.prepare()
    assembly.hold(("Avgjort", DECISION))
    assembly.attest()
    dispatch(case)
    carry_out(case)
    case.close("sekreterare_rf")
    assert office.waits_for(case.officer, NUMBER) == []  # archiving waits for legal force
    assembly.confirm_legal_force()
    site.go_to(site.today + timedelta(days=7))
    case.archive()
    expect_card(office)


def expect_card(office: Office) -> None:
    page = office.be("handlaggare_1")
    page.goto(f"/arenden/{NUMBER}")
    expect(page.locator(".case-head .with")).to_contain_text("Arkiverat")
    expect(page.locator(".case-head .with")).to_contain_text(words_within(DECISION))
    steps = [step for step in office.steps if step.name != WHAT_IS_REPORTED]
    expect_walked(page, steps, today=office.site.today)
