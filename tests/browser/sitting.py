"""A meeting's work in the browser: from the submission day to legal force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from processes import meetings
from processes.meetings import Meeting
from processes.swedish_calendar import add_working_days
from tests.browser.filling import Answers
from tests.browser.office import Office
from web.dates import day

APPROVED_BY_OFFICIALS, APPROVED_BY_PRESIDIUM = "Kan gå vidare", "Godkänt"
CONTENTS = (
    "Vilka som tjänstgjorde",
    "En paragraf för varje ärende",
    "Yrkanden, propositionsordning och omröstningar",
    "Besluten",
    "Reservationer",
)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One meeting in the calendar, and those who do its work."""

    office: Office
    id: str
    organ: str
    on: date

    @classmethod
    def of(cls, office: Office, organ: str, on: date) -> Sitting:
        with office.site.product.database.reading() as session:
            [found] = [one for one in meetings.between(session, on, on) if one.organ_code == organ]
            return cls(office=office, id=found.id, organ=organ, on=on)

    @property
    def row(self) -> Meeting:
        """The calendar's row as it stands."""
        with self.office.site.product.database.reading() as session:
            return meetings.get(session, self.id)

    @property
    def secretary(self) -> str:
        return f"sekreterare_{self.organ.lower()}"

    @property
    def words(self) -> str:
        """As the inbox names it."""
        return f"Sammanträde {day(self.on, today=self.office.site.today)} {self.organ}"

    def do(self, username: str, task: str, answers: Answers | None = None) -> None:
        self.office.do(username, task, answers, about=self.words)

    def prepare(self, cases: int = 1) -> None:
        """A27–A32: everything approved as it stands, up to the notice."""
        site = self.office.site
        site.wait_until(add_working_days(self.row.submission_on, 1))
        if cases and self.organ == "RS":  # the assembly's cases have been through the board
            site.wait_until(self.row.review_on)
            self.do("regiondirektor", "Håll kansliberedning", {
                "Ärenden": [{"Resultat": APPROVED_BY_OFFICIALS}] * cases,
            })  # fmt: skip
        self.do(self.secretary, "Förteckna det som ska anmälas")
        self.do(self.secretary, "Upprätta ärendelista och preliminär kallelse", {
            "Preliminär kallelse med underlagen är sänd till presidiet": True,
        })  # fmt: skip
        site.wait_until(self.row.presidium_on)
        self.do(f"presidium_{self.organ.lower()}", "Håll presidieberedning", {
            "Ärenden": [{"Presidiets bedömning": APPROVED_BY_PRESIDIUM}] * cases,
        })  # fmt: skip
        site.wait_until(self.row.notice_on)
        announced = {"Tillkännagiven på anslagstavlan": site.today} if self.organ == "RF" else {}
        self.do(self.secretary, "Utfärda kallelse och publicera handlingarna", {
            "Handlingarna är publicerade på": "demoregionen.example/sammantraden", **announced,
        })  # fmt: skip

    def hold(self, *outcomes: tuple[str, str]) -> None:
        """A33–A34: outcome and decision of each case, in the order of the agenda."""
        self.office.site.go_to(self.on)
        self.do(self.secretary, "Öppna sammanträdet", {
            "Antal ledamöter i organet": 15,
            "Antal tjänstgörande": 15,
            "Justeras senast": self.on + timedelta(days=12),
            "Ärendelistan är fastställd": True,
        })  # fmt: skip
        self.do(self.secretary, "Registrera besluten", {
            "Ärenden": [{"Utfall": outcome, "Beslut": text} for outcome, text in outcomes],
        })  # fmt: skip

    def attest(self) -> None:
        """A36–A38: the minutes, the attesters, and the notice on the board."""
        site = self.office.site
        written_on = add_working_days(self.on, 4)
        site.go_to(written_on)
        self.do(self.secretary, "Upprätta protokoll", {
            "Protokollet innehåller": CONTENTS,
            "Beslutade dokument är färdiga": True,
        })  # fmt: skip
        site.go_to(add_working_days(written_on, 1))
        for attester in (f"presidium_{self.organ.lower()}", f"justerare_{self.organ.lower()}"):
            self.do(attester, "Justera protokollet", {"Justering": "Jag justerar protokollet"})
        site.go_to(add_working_days(written_on, 2))
        self.do(self.secretary, "Anslå bevis om justeringen", {
            "Protokollet finns att läsa hos": "Regionens hus, Östersund",
        })  # fmt: skip

    def confirm_legal_force(self) -> None:
        """A39: the day after the last day to appeal."""
        last = self.row.appeal_ends_on
        assert last is not None, "the notice is posted"
        self.office.site.go_to(last + timedelta(days=1))
        self.do(self.secretary, "Ta ned anslaget")
        self.do(self.secretary, "Bekräfta att inget överklagats", {
            "Så kontrollerades det": "Inget har kommit in; förvaltningsrätten är tillfrågad.",
        })  # fmt: skip
