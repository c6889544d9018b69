"""What codes are called on case pages."""

from __future__ import annotations

from processes.agenda import Outcome
from processes.cases import CaseKind, CaseStatus, DecisionForm
from processes.records import Direction
from web.texts import gettext as _
from web.texts import marked

DONE = frozenset({CaseStatus.CLOSED, CaseStatus.ARCHIVED, CaseStatus.ATTESTED})
STOPPED = frozenset({CaseStatus.WITHDRAWN, CaseStatus.WRITTEN_OFF})


# What the rules call where a case stands, and a case at a meeting (CaseStatus, ItemStatus).
STATUSES = (
    marked("Registrerat"), marked("Fördelat"), marked("Under handläggning"), marked("På remiss"),
    marked("Klart för beslut"), marked("På ärendelista"), marked("I kallelse"),
    marked("Beslutat (ej justerat)"), marked("Justerat"), marked("Expedierat"),
    marked("Avslutat"), marked("Arkiverat"), marked("Återkallat"), marked("Avskrivet"),
    marked("Planerat"), marked("Klart"), marked("För sent"), marked("Omarbetas"),
    marked("Behandlat"), marked("Flyttat"),
)  # fmt: skip


def kinds() -> dict[str, str]:
    return {
        CaseKind.LETTER: _("Skrivelse eller brev"),
        CaseKind.APPLICATION: _("Ansökan"),
        CaseKind.REFERRAL: _("Remiss från annan myndighet"),
        CaseKind.COMPLAINT: _("Klagomål"),
        CaseKind.SUPERVISION: _("Tillsyn"),
        CaseKind.AGREEMENT: _("Avtal"),
        CaseKind.QUESTION_FROM_OUTSIDE: _("Fråga utifrån"),
        CaseKind.MOTION: _("Motion"),
        CaseKind.INTERPELLATION: _("Interpellation"),
        CaseKind.QUESTION: _("Fråga från ledamot"),
        CaseKind.CITIZEN_PROPOSAL: _("Medborgarförslag"),
        CaseKind.ELECTION: _("Val"),
        CaseKind.INTERNAL: _("Internt initiativ"),
        CaseKind.FOLLOW_UP: _("Uppföljning av beslut"),
    }


def decision_forms() -> dict[str, str]:
    return {
        DecisionForm.BODY: _("Politiskt organ"),
        DecisionForm.DELEGATION: _("På delegation"),
        DecisionForm.ANSWER_ONLY: _("Besvaras, inget beslut"),
    }


def directions() -> dict[str, str]:
    return {
        Direction.IN: _("Inkommen"),
        Direction.OUT: _("Utgående"),
        Direction.DRAWN_UP: _("Upprättad här"),
    }


def outcomes() -> dict[str, str]:
    """What a body did with a case, as its stop on the path says it."""
    return {
        Outcome.DECIDED: _("beslutat"),
        Outcome.ONWARDS: _("förslag lämnat"),
        Outcome.REFERRED_BACK: _("återremitterat"),
        Outcome.TABLED: _("bordlagt"),
        Outcome.DROPPED: _("utgick"),
        Outcome.REWORK: _("omarbetas"),
    }


def tone(status: str) -> str:
    if status in DONE:
        return "success"
    return "neutral" if status in STOPPED else "accent"
