"""Who has been asked about a case, what, by when, and what came of it (chapter 5.1).

The case card keeps to whom something is sent and when a reply is due; the diagram `avstamning`
runs one of these each.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import messages
from engine.database import Base
from engine.engine import Engine
from engine.errors import NotFound, Refusal
from engine.host import Actor
from engine.tables import new_id
from engine.texts import gettext as _


class ConsultationKind(StrEnum):
    """A18a–A18g."""

    EXPERT = "sakkunnig"
    PRESIDIUM = "presidium"
    UNIONS = "facklig_samverkan"
    COUNCIL_OF_COOPERATION = "samverkansrad"
    ACCESSIBILITY_COUNCIL = "tillganglighetsrad"
    PENSIONERS_COUNCIL = "pensionarsrad"
    REFERRAL = "remiss"


class ConsultationState(StrEnum):
    OPEN = "väntar på svar"
    ANSWERED = "besvarad"
    UNANSWERED = "obesvarad"
    CANCELLED = "avbruten"


class Consultation(Base):
    __tablename__ = "consultation"
    __table_args__ = (sa.Index("ix_consultation_case", "case_number", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"))
    kind: Mapped[str]
    user_id: Mapped[str | None]  # who answers, when they work here
    recipient: Mapped[str]  # as people read it
    question: Mapped[str]
    reply_by_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=ConsultationState.OPEN)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    reply: Mapped[str] = mapped_column(default="")
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str | None]
    reminded_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")  # why it was gone on without a reply
    record_id: Mapped[str | None]  # the registered reply of a referral

    @property
    def is_open(self) -> bool:
        return self.state == ConsultationState.OPEN


def get(session: Session, consultation_id: str) -> Consultation:
    found = session.get(Consultation, consultation_id)
    if found is None:
        raise NotFound(_("Avstämningen finns inte."))
    return found


def of_case(session: Session, case_number: str) -> list[Consultation]:
    """The first asked first."""
    query = sa.select(Consultation).where(Consultation.case_number == case_number)
    return list(session.scalars(query.order_by(Consultation.asked_at, Consultation.id)))


def open_ones(session: Session, case_number: str) -> list[Consultation]:
    return [one for one in of_case(session, case_number) if one.is_open]


def ask(session: Session, consultation: Consultation) -> Consultation:
    session.add(consultation)
    session.flush()  # its id goes into engine data
    return consultation


def answer(consultation: Consultation, reply: str, *, by: str, now: datetime) -> None:
    consultation.state = ConsultationState.ANSWERED
    consultation.reply = reply
    consultation.replied_by, consultation.replied_at = by, now


def leave_unanswered(consultation: Consultation, note: str) -> None:
    consultation.state = ConsultationState.UNANSWERED
    consultation.note = note


def close(consultation: Consultation) -> None:
    """Whatever is still open when its process ends was cancelled."""
    if consultation.is_open:
        consultation.state = ConsultationState.CANCELLED


def as_data(consultation: Consultation) -> dict[str, Any]:
    """What the diagram carries of it: keys, and the date its timers hang on."""
    return {
        "id": consultation.id,
        "slag": consultation.kind,
        "till": consultation.user_id,
        "mottagare": consultation.recipient,
        "fraga": consultation.question,
        "svar_senast": consultation.reply_by_on.isoformat(),
    }


def call_off(
    session: Session, engine: Engine, consultation_id: str, *, actor: Actor
) -> Consultation:
    """The case goes on without the reply; the diagram that waits for it notes so (A18)."""
    asked = get(session, consultation_id)
    if not asked.is_open:
        raise Refusal(_("Avstämningen är redan avslutad."))
    key = [asked.case_number, asked.id]
    messages.send(session, engine, "avbryt_avstamning", key, {}, actor=actor)
    return asked
