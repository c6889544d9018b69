"""A case's own work in the browser: what is the same whoever decides in the end."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.filling import Answers, fill, words, words_within
from tests.browser.office import Office

PERSPECTIVES = (
    "Jämställdhet och jämlikhet",
    "Barns rättigheter",
    "Ekonomi",
    "Miljö",
    "Regional utveckling",
)
NO_EFFECT = "Ingen direkt inverkan, därför att"


@dataclass(frozen=True, kw_only=True)
class CaseWork:
    """One case, and the officer who has it."""

    office: Office
    number: str
    officer: str = "handlaggare_1"

    def do(self, username: str, task: str, answers: Answers | None = None) -> None:
        self.office.do(username, task, answers, about=self.number)

    def register(self, heading: str, answers: Answers) -> None:
        """A8: the number is given on saving, and the page says so."""
        page = self.office.be("registrator_rs")
        page.goto("/arenden/nytt")
        form = page.locator("main form.form")
        fill(form, {"Diarium": "RS", "Ärendemening": heading, **answers})
        form.get_by_role("button", name="Registrera ärendet").click()
        expect(page.get_by_role("status").first).to_contain_text(words_within(self.number))
        expect(page.get_by_role("heading", level=1)).to_have_text(words(f"{self.number} {heading}"))
        self.office.saw("Registrera ärendet", about=self.number)

    def plan(self) -> None:
        """A16–A17."""
        self.do(self.officer, "Lägg upp tidplan", {"Jag har läst hur ärendet är fördelat": True})
        self.do("omradeschef", "Stäm av med ansvarig chef", {"Är tidplanen bra?": "Ja"})
        self.do(self.officer, "Bestäm underlag och avstämningar", {
            "Uppgifter och underlag som behövs": "Gällande regler och berördas synpunkter.",
            "Berör ärendet medarbetare?": "Nej",
        })  # fmt: skip

    def update_card(self) -> None:
        """A19."""
        self.do(self.officer, "Uppdatera ärendekortet", {
            "Färdiga och inkomna handlingar är skickade för diarieföring": True,
        })  # fmt: skip

    def write_basis(self, texts: Answers, *, no_effect_because: str) -> None:
        """A20: everything that chapter 5.2 demands, the five perspectives with their reason."""
        self.do(self.officer, "Ta fram beslutsunderlag", {
            **texts,
            **dict.fromkeys(PERSPECTIVES, NO_EFFECT),
            **{f"{one}: beskrivning eller motivering": no_effect_because for one in PERSPECTIVES},
            "Varje underlag är märkt med diarienummer och datum": True,
        })  # fmt: skip

    def approve(self) -> None:
        """A24."""
        self.do("omradeschef", "Godkänn underlaget", {"Ställningstagande": "Godkänn"})

    def close(self, secretary: str) -> None:
        """A44."""
        self.do(self.officer, "Kontrollera och rensa ärendet", {
            "Allt som ska vara diariefört är det, beslutade dokument också": True,
            "Beslutade ändringar är gjorda och sekreteraren vet det": True,
            "Det som inte behövs för att förstå ärendet är bortrensat": True,
        })  # fmt: skip
        self.do(secretary, "Avsluta ärendet", {
            "Beslutade handlingar är diarieförda och ärendet är klart": True,
        })  # fmt: skip

    def archive(self) -> None:
        """A46."""
        self.do(self.officer, "Skilj ut vad som bevaras", {
            "Bevaras": "Beslutet och dess underlag.",
            "Finns det papper som ska bevaras?": "Nej",
            "Överenskommen leveransdag": "2027-01-15",
        })  # fmt: skip
        self.do("regionarkivarie", "Ta emot i arkivet", {"Plats i arkivet": "E-arkivet"})
