"""Decisions that somebody makes on a body's behalf, and what the body is told of them.

Kommunallagen 6:37–40 and 7:5–8: who may decide is the body's own rule (a decision table in the
diagrams); that the decision is signed, registered and reported is kept here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base
from engine.errors import NotFound
from engine.tables import new_id
from engine.texts import gettext as _
from processes import meetings
from processes.meetings import MeetingStatus

LEGALITY_REVIEW = "laglighetsprovning"  # KL 13; from the notice of the minutes


class DelegatedDecision(Base):
    __tablename__ = "delegated_decision"
    __table_args__ = (
        sa.Index("ix_delegated_decision_report", "report_to", "reported_meeting_id"),
        sa.Index("ix_delegated_decision_case", "case_number"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    case_number: Mapped[str]
    delegate: Mapped[str]  # user id
    point: Mapped[str]  # of the delegation rules, "3.2"
    kind: Mapped[str] = mapped_column(default="")  # remissvar, inkop, anstallning …
    decision: Mapped[str]
    reasons: Mapped[str] = mapped_column(default="")
    appeal: Mapped[str] = mapped_column(default="")  # forvaltningsbesvar, laglighetsprovning, ej
    urgent: Mapped[bool] = mapped_column(default=False)  # KL 6:39
    referral_reply: Mapped[bool] = mapped_column(default=False)
    report_to: Mapped[str]  # the body's code
    is_reported: Mapped[bool] = mapped_column(default=True)  # KL 6:40, 7:8: the body decides
    not_reported_by: Mapped[str] = mapped_column(default="")  # the body's decision that says so
    drawn_up_at: Mapped[datetime]
    conflict_checked_at: Mapped[datetime | None]
    conflict: Mapped[str] = mapped_column(default="")  # KL 7:4: the delegate may not decide
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None]
    decided_on: Mapped[date | None]
    refused_reason: Mapped[str] = mapped_column(default="")
    registered_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    listed_meeting_id: Mapped[str | None]
    reported_meeting_id: Mapped[str | None]
    reported_on: Mapped[date | None]
    item_number: Mapped[int | None]
    report_sent_at: Mapped[datetime | None]
    recorded_separately_on: Mapped[date | None]
    posted_on: Mapped[date | None]
    appeal_ends_on: Mapped[date | None]
    legal_force_on: Mapped[date | None]
    appealed: Mapped[bool] = mapped_column(default=False)
    appeal_result: Mapped[str] = mapped_column(default="")
    quashed: Mapped[bool] = mapped_column(default=False)
    legal_force_sent_at: Mapped[datetime | None]


def draw_up(session: Session, decision: DelegatedDecision) -> DelegatedDecision:
    """B3: what the delegate is asked to sign. Earlier drafts stay: the latest one counts."""
    session.add(decision)
    session.flush()  # B4 and B5 look it up in the same transaction
    return decision


def of_case(session: Session, case_number: str) -> list[DelegatedDecision]:
    query = sa.select(DelegatedDecision).where(DelegatedDecision.case_number == case_number)
    return list(session.scalars(query.order_by(DelegatedDecision.drawn_up_at)))


def latest(session: Session, case_number: str) -> DelegatedDecision:
    decisions = of_case(session, case_number)
    if not decisions:
        raise NotFound(_("Ärendet %(number)s har inget delegationsbeslut.", number=case_number))
    return decisions[-1]


def sign(decision: DelegatedDecision, *, by: str, now: datetime, on: date) -> None:
    """B5: the logged-in delegate's confirmation is the signature."""
    decision.signed_at = now
    decision.signed_by = by
    decision.decided_on = on
    decision.refused_reason = ""


def disqualified(session: Session, case_number: str) -> set[str]:
    """Those who have said that they have a conflict of interest in the case."""
    return {one.delegate for one in of_case(session, case_number) if one.conflict}


def refuse(decision: DelegatedDecision, reason: str) -> None:
    decision.refused_reason = reason


def to_report(session: Session, organ_code: str) -> list[DelegatedDecision]:
    """B10: signed decisions that the body is to be told of and has not been."""
    query = sa.select(DelegatedDecision).where(
        DelegatedDecision.report_to == organ_code,
        DelegatedDecision.is_reported,
        DelegatedDecision.signed_at.is_not(None),
        DelegatedDecision.reported_meeting_id.is_(None),
    )
    return list(session.scalars(query.order_by(DelegatedDecision.signed_at)))


def to_list(session: Session, meeting_id: str, organ_code: str) -> list[DelegatedDecision]:
    """B10: of those, what does not stand on the list of another meeting that is still ahead."""
    waiting = to_report(session, organ_code)
    elsewhere = {one.listed_meeting_id for one in waiting} - {None, meeting_id}
    ahead = {found for found in elsewhere if found and _is_ahead(session, found)}
    return [one for one in waiting if one.listed_meeting_id not in ahead]


def listed(session: Session, meeting_id: str) -> list[DelegatedDecision]:
    query = sa.select(DelegatedDecision).where(
        DelegatedDecision.listed_meeting_id == meeting_id, DelegatedDecision.is_reported
    )
    return list(session.scalars(query.order_by(DelegatedDecision.signed_at)))


def _is_ahead(session: Session, meeting_id: str) -> bool:
    meeting = meetings.find(session, meeting_id)
    return meeting is not None and meeting.status == MeetingStatus.PLANNED


def list_urgent(session: Session, meeting_id: str, organ_code: str) -> None:
    """KL 6:39–40: what the chair decided in haste is reported now, though the list is made."""
    for decision in to_report(session, organ_code):
        if decision.urgent:
            decision.listed_meeting_id = meeting_id


def report(
    session: Session, meeting_id: str, *, on: date, item_number: int
) -> list[DelegatedDecision]:
    """B11: the meeting has been told of what stood on its list."""
    decisions = [one for one in listed(session, meeting_id) if one.reported_meeting_id is None]
    for decision in decisions:
        decision.reported_meeting_id = meeting_id
        decision.reported_on = on
        decision.item_number = item_number
    return decisions


def pending_reports(session: Session, meeting_id: str) -> list[DelegatedDecision]:
    """Decisions that the meeting took note of and whose cases have not been told."""
    query = sa.select(DelegatedDecision).where(
        DelegatedDecision.reported_meeting_id == meeting_id,
        DelegatedDecision.report_sent_at.is_(None),
    )
    return list(session.scalars(query.order_by(DelegatedDecision.signed_at)))


def appealable_reports(session: Session, meeting_id: str) -> list[DelegatedDecision]:
    """Decisions whose appeal time runs from the notice of the minutes they were reported in."""
    query = sa.select(DelegatedDecision).where(
        DelegatedDecision.reported_meeting_id == meeting_id,
        DelegatedDecision.appeal == LEGALITY_REVIEW,
    )
    return list(session.scalars(query.order_by(DelegatedDecision.signed_at)))


def pending_legal_force(session: Session, meeting_id: str) -> list[DelegatedDecision]:
    query = sa.select(DelegatedDecision).where(
        DelegatedDecision.reported_meeting_id == meeting_id,
        sa.or_(DelegatedDecision.legal_force_on.is_not(None), DelegatedDecision.quashed),
        DelegatedDecision.legal_force_sent_at.is_(None),
    )
    return list(session.scalars(query.order_by(DelegatedDecision.signed_at)))


def legal_force_message(decision: DelegatedDecision) -> dict[str, Any]:
    """The payload of `laga_kraft`."""
    on = decision.legal_force_on
    return {
        "dnr": decision.case_number,
        "mote_id": decision.reported_meeting_id,
        "laga_kraft": on.isoformat() if on else None,
        "upphavt": decision.quashed,
    }


def report_message(decision: DelegatedDecision) -> dict[str, Any]:
    """The payload of `anmald_delegation`."""
    return {
        "dnr": decision.case_number,
        "mote_id": decision.reported_meeting_id,
        "paragraf": decision.item_number,
    }
