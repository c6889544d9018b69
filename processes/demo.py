"""The demonstration: an organisation, an account per role, and a year of meetings ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import SYSTEM
from processes import accounts, meetings, organisation, organisation_file, passwords, substitutes
from processes.meetings.plausible import plausible_calendar
from processes.swedish_calendar import local_date

FILE = Path(__file__).parent / "data" / "demo_organisation.toml"
PASSWORD = "demo-arendegang"  # noqa: S105 - shown on the login page of every demonstration
AWAY_DAYS = 9
# A meeting sooner than this has its preliminary notice behind it: its tasks would begin late.
FIRST_MEETING_DAYS = 17


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """One of the roles that the login page offers: `does` in a few words."""

    username: str
    group: str
    does: str


HANDLING, DECIDING = "Handläggning", "Beslut och protokoll"
AFTERWARDS, RUNNING = "Efter beslutet", "Process och drift"
ACCOUNTS = tuple(
    DemoAccount(username=username, group=group, does=does)
    for group, username, does in (
        (HANDLING, "registrator_rs", "registrerar"),
        (HANDLING, "regionstabschef", "fördelar"),
        (HANDLING, "handlaggare_1", "bereder ärenden"),
        (HANDLING, "handlaggare_2", "bereder ärenden"),
        (HANDLING, "kanslichef", "ansvarig chef, fredagsträff"),
        (HANDLING, "omradeschef", "ansvarig chef"),
        (HANDLING, "regiondirektor", "ger råd, leder beredningen"),
        (HANDLING, "pensionarsradet", "svarar på samråd"),
        (DECIDING, "sekreterare_rs", "håller ihop styrelsen"),
        (DECIDING, "sekreterare_rf", "håller ihop fullmäktige"),
        (DECIDING, "sekreterare_run", "håller ihop nämnden"),
        (DECIDING, "sekreterare_hsn", "håller ihop nämnderna i vården"),
        (DECIDING, "presidium_rs", "går igenom ärendelistan"),
        (DECIDING, "presidium_rf", "går igenom ärendelistan"),
        (DECIDING, "justerare_rs", "justerar protokollet"),
        (DECIDING, "justerare_rf", "justerar protokollet"),
        (DECIDING, "delegat", "beslutar på delegation"),
        (AFTERWARDS, "kommunikator", "avgör ledningsmejl"),
        (AFTERWARDS, "kvalitetsstrateg", "sköter ledningssystemet"),
        (AFTERWARDS, "regionarkivarie", "tar emot i arkivet"),
        (RUNNING, "processagare", "ritar och driftsätter"),
        (RUNNING, "administrator", "ser och lagar driften"),
    )
)


def create(session: Session, engine: Engine, *, password: str = PASSWORD) -> None:
    """Everything but cases. With the diagrams deployed first, meetings start with their rows."""
    today = local_date(engine.clock.now())
    organisation_file.load(session, engine, FILE.read_text("utf-8"))
    _give_password(session, password)
    _let_somebody_be_away(session, engine)
    organs = organisation.organs(session, today)
    for new in plausible_calendar(organs, today + timedelta(days=FIRST_MEETING_DAYS)):
        meetings.create(session, engine, new, actor=SYSTEM)


def _give_password(session: Session, password: str) -> None:
    """One hash for them all: thirty would take seconds, and the password is public anyway."""
    hashed = passwords.hashed(password)
    for user in accounts.everyone(session):
        user.password_hash = hashed
    session.flush()


def _let_somebody_be_away(session: Session, engine: Engine) -> None:
    """So that standing in for somebody can be seen."""
    today = local_date(engine.clock.now())
    substitutes.add(
        session,
        engine,
        absent_id="kanslichef",
        substitute_id="regionstabschef",
        from_on=today,
        to_on=today + timedelta(days=AWAY_DAYS),
        actor=SYSTEM,
    )
