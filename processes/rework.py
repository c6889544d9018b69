"""Why a case came back to whoever prepares it: what is to be changed, in the words it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from processes import agenda, casework, delegation
from processes.agenda import Outcome
from processes.casework import Step

SENT_BACK = (Outcome.REWORK, Outcome.REFERRED_BACK)


def to_change(session: Session, number: str) -> str:
    """The latest reason, until the basis for decision has been written anew."""
    written = casework.of_case(session, number, Step.BASIS)
    last_written = written[-1].at if written else None
    reasons = sorted(
        (at, text)
        for at, text in _reasons(session, number)
        if text and (last_written is None or at > last_written)
    )
    return reasons[-1][1] if reasons else ""


def _reasons(session: Session, number: str) -> Iterator[tuple[datetime, str]]:
    """The manager's (A24), a review's or an organ's (A28, A31, A34), and the delegate's (B5)."""
    for work in casework.of_case(session, number, Step.APPROVAL):
        if work.content.get("beslut") == "justera":
            yield work.at, work.content.get("andringar") or ""
    for item in agenda.of_case(session, number):
        if item.outcome in SENT_BACK and item.outcome_sent_at is not None:
            yield item.outcome_sent_at, item.motivation
    for decision in delegation.of_case(session, number):
        if decision.refused_reason:
            yield decision.drawn_up_at, decision.refused_reason
