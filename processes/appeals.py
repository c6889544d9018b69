"""Decisions that somebody may appeal (KL 13), and what came of it.

A meeting's own decisions and the delegated ones that it was told of share their notice and their
time; a delegated decision that is not reported has its own. The court quashes a decision or lets it
stand, nothing else (KL 13:8–9).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from processes import agenda, cases, delegation
from processes.agenda import AgendaItem
from processes.delegation import DelegatedDecision

Appealable = AgendaItem | DelegatedDecision
QUASHED = "upphavt"


def of_meeting(session: Session, meeting_id: str) -> list[Appealable]:
    """In the order of the minutes, the reported ones last."""
    own = [item for item in agenda.treated(session, meeting_id) if item.appealable]
    return [*own, *delegation.appealable_reports(session, meeting_id)]


def unsettled(session: Session, meeting_id: str) -> list[Appealable]:
    """What the court has not said its word on."""
    found = of_meeting(session, meeting_id)
    return [one for one in found if one.appealed and not one.appeal_result]


def confirm(session: Session, decision: Appealable, *, appealed: bool) -> None:
    """Its time is over: what nobody appealed has legal force from the day it ended."""
    decision.appealed = appealed
    if not appealed:
        assert decision.appeal_ends_on is not None, "set when the notice was posted"
        _give_legal_force(session, decision, decision.appeal_ends_on)


def settle(session: Session, decision: Appealable, result: str, *, on: date) -> None:
    """`on`: the court's own decision can no longer be appealed."""
    decision.appeal_result = result
    decision.quashed = result == QUASHED
    if not decision.quashed:
        _give_legal_force(session, decision, on)


def _give_legal_force(session: Session, decision: Appealable, on: date) -> None:
    decision.legal_force_on = on
    cases.get(session, decision.case_number).legal_force_on = on
