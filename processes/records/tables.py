"""The tables of records. Their queries are in the other modules of this package."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base
from engine.tables import new_id


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    DRAWN_UP = "drawn_up"


class Record(Base):
    """A record of a case. Registered, it shows what OSL 5:2 demands; else it is working material.

    Nothing is ever deleted: a record is corrected or annulled, and both leave a trace.
    """

    __tablename__ = "record"
    __table_args__ = (
        sa.UniqueConstraint("case_number", "seq"),
        sa.Index("ix_record_case", "case_number", "dated_on", "id"),
        sa.CheckConstraint("direction IN ('in', 'out', 'drawn_up')", name="direction"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"))
    seq: Mapped[int | None]  # given when registered
    direction: Mapped[str]
    kind: Mapped[str] = mapped_column(default="handling")
    dated_on: Mapped[date]  # received, dispatched or drawn up
    sender: Mapped[str] = mapped_column(default="")
    recipient: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]  # in brief, what it is about
    public_subject: Mapped[str] = mapped_column(default="")  # what the open register shows
    to_be_decided: Mapped[bool] = mapped_column(default=False)  # not registered until decided
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    sent_at: Mapped[datetime | None]  # for registration, by somebody who may not register
    registered_at: Mapped[datetime | None]
    registered_by: Mapped[str | None]
    annulled_at: Mapped[datetime | None]
    annulled_by: Mapped[str | None]
    annulled_reason: Mapped[str] = mapped_column(default="")
    secret: Mapped[bool] = mapped_column(default=False)
    legal_ground: Mapped[str] = mapped_column(default="")
    lock_version: Mapped[int] = mapped_column(default=1)

    @property
    def registered(self) -> bool:
        return self.registered_at is not None

    @property
    def designation(self) -> str:
        """Case number and running number, "RS/1/2026-3"; "" for working material."""
        return f"{self.case_number}-{self.seq}" if self.seq is not None else ""


class RecordCorrection(Base):
    """One field of a record as it was before it was corrected."""

    __tablename__ = "record_correction"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(sa.ForeignKey("record.id"), index=True)
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]


class RecordFile(Base):
    """One file of a record; its content lies in the file store under `sha256`."""

    __tablename__ = "record_file"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(sa.ForeignKey("record.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    replaced_at: Mapped[datetime | None]  # an older version is kept and can be opened
