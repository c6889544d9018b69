"""The tables of a case; the other modules of this package own their queries."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, JsonText


class CaseStatus(StrEnum):
    """Where a case stands, in the words of the rules and in their order.

    The rules say *Klart för beslut* both at allocation (chapter 4) and when the case is handed
    over (5.3); here the first is ALLOCATED.
    """

    REGISTERED = "Registrerat"
    ALLOCATED = "Fördelat"
    PREPARING = "Under handläggning"
    REFERRED = "På remiss"
    READY = "Klart för beslut"
    LISTED = "På ärendelista"
    NOTICED = "I kallelse"
    DECIDED = "Beslutat (ej justerat)"
    ATTESTED = "Justerat"
    DISPATCHED = "Expedierat"
    CLOSED = "Avslutat"
    ARCHIVED = "Arkiverat"
    WITHDRAWN = "Återkallat"
    WRITTEN_OFF = "Avskrivet"


class CaseKind(StrEnum):
    """What raised the case; the values are those diagrams and forms use."""

    APPLICATION = "ansokan"
    LETTER = "skrivelse"
    QUESTION_FROM_OUTSIDE = "fraga_utifran"
    COMPLAINT = "klagomal"
    SUPERVISION = "tillsyn"
    REFERRAL = "remiss"
    AGREEMENT = "avtal"
    MOTION = "motion"
    INTERPELLATION = "interpellation"
    QUESTION = "fraga"
    ELECTION = "val"
    CITIZEN_PROPOSAL = "medborgarforslag"
    INTERNAL = "internt"
    FOLLOW_UP = "uppfoljning"


class DecisionForm(StrEnum):
    """Who decides (A15)."""

    BODY = "politiskt"
    DELEGATION = "delegation"
    ANSWER_ONLY = "besvaras"


class Case(Base):
    """The facts of a case: the case card. The running instance holds only its number."""

    __tablename__ = "case"
    __table_args__ = (
        sa.UniqueConstraint("registry_code", "year", "seq"),
        sa.Index("ix_case_newest", "created_at", "number"),
        sa.Index("ix_case_status", "status", "created_at"),
        sa.Index("ix_case_officer", "case_officer"),
    )

    number: Mapped[str] = mapped_column(primary_key=True)  # "RS/1180/2015"
    registry_code: Mapped[str]
    seq: Mapped[int]
    year: Mapped[int]
    heading: Mapped[str]
    public_heading: Mapped[str] = mapped_column(default="")  # what the open register shows
    kind: Mapped[str]
    initiator: Mapped[str] = mapped_column(default="")  # who asks, as text
    classification: Mapped[str] = mapped_column(default="")  # code of the classification scheme
    received_on: Mapped[date]  # the case is "created" this day (chapter 2)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    status: Mapped[str] = mapped_column(default=CaseStatus.REGISTERED)
    status_at: Mapped[datetime]
    lock_version: Mapped[int] = mapped_column(default=1)

    decision_form: Mapped[str | None]
    path: Mapped[list[Any]] = mapped_column(JsonText, default=list)  # organ codes in order
    step: Mapped[int] = mapped_column(default=0)  # index in `path` of the organ that treats it
    case_officer: Mapped[str | None]  # user ids
    co_officers: Mapped[list[Any]] = mapped_column(JsonText, default=list)
    responsible_manager: Mapped[str | None]
    delegate: Mapped[str | None]
    delegation_point: Mapped[str] = mapped_column(default="")
    significant: Mapped[bool] = mapped_column(default=False)  # A22: great importance
    ready_by_on: Mapped[date | None]  # the preparation is to be done
    decide_by_on: Mapped[date | None]  # the decision is to be made
    planned_meetings: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)  # organ: id
    presentations: Mapped[list[Any]] = mapped_column(JsonText, default=list)  # where, as text

    secret: Mapped[bool] = mapped_column(default=False)
    legal_ground: Mapped[str] = mapped_column(default="")  # "25 kap. 1 § OSL"
    secrecy_reviewed_by: Mapped[str | None]
    secrecy_reviewed_at: Mapped[datetime | None]

    decision: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str | None]  # organ code or user id
    decided_on: Mapped[date | None]
    item_number: Mapped[str] = mapped_column(default="")  # "§ 14"
    appealable: Mapped[bool] = mapped_column(default=False)
    legal_force_on: Mapped[date | None]

    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    @property
    def organ(self) -> str | None:
        """The organ that treats the case now."""
        return self.path[self.step] if self.step < len(self.path) else None

    @property
    def next_organ(self) -> str | None:
        return self.path[self.step + 1] if self.step + 1 < len(self.path) else None


class CaseAlias(Base):
    """A number in another registry: a case that wanders has one in each (chapter 3.1)."""

    __tablename__ = "case_alias"
    __table_args__ = (sa.UniqueConstraint("registry_code", "year", "seq"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"), index=True)
    registry_code: Mapped[str]
    seq: Mapped[int]
    year: Mapped[int]
    given_at: Mapped[datetime]
    given_by: Mapped[str]


class CaseMember(Base):
    """Who has access beside those with a part in the case: a user id, or a role ("sekreterare@RS").

    "Här är det viktigt att alltid gruppen sekreterare finns med" (chapter 5.1).
    """

    __tablename__ = "case_member"

    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"), primary_key=True)
    member: Mapped[str] = mapped_column(primary_key=True, index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class CaseStatusChange(Base):
    """When each status was set, and by whom."""

    __tablename__ = "case_status_change"
    __table_args__ = (sa.Index("ix_case_status_change_case", "case_number", "id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"))
    status: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
