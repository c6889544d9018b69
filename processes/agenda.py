"""What a meeting takes up: one row per case and meeting, from plan to legal force.

The case asks for a place, the meeting decides what comes of it. Both read their facts here, so
neither needs to know where the other one stands in its diagram. Knows nothing of the calendar:
who books says which day was the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base
from engine.errors import NotFound
from engine.fetching import Fetching
from engine.tables import new_id
from engine.texts import gettext as _


class ItemStatus(StrEnum):
    PLANNED = "planerat"  # chosen at allocation, not yet ready
    READY = "klart"  # reported in time, or taken up although late
    LATE = "för sent"  # reported after the submission day, the secretary has not decided
    REWORK = "omarbetas"
    LISTED = "på ärendelista"
    CALLED = "i kallelse"
    TREATED = "behandlat"
    MOVED = "flyttat"
    WITHDRAWN = "återkallat"


class Outcome(StrEnum):
    """What the meeting tells the case in the message `beslut` (A28, A31, A34)."""

    DECIDED = "avgjort"
    ONWARDS = "vidare"
    REFERRED_BACK = "aterremiss"
    TABLED = "bordlaggning"
    DROPPED = "utgar"
    REWORK = "omarbetning"
    MOVED = "flyttas"


GONE = (ItemStatus.MOVED, ItemStatus.WITHDRAWN)
ON_THE_WAY = (ItemStatus.READY, ItemStatus.LISTED, ItemStatus.CALLED)


class AgendaItem(Base):
    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "case_number"),
        sa.Index("ix_agenda_item_case_number", "case_number"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[str]
    case_number: Mapped[str]
    position: Mapped[int]
    status: Mapped[str] = mapped_column(default=ItemStatus.PLANNED)
    booked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    late_reason: Mapped[str] = mapped_column(default="")
    extra: Mapped[bool] = mapped_column(default=False)  # KL 5:52: not announced in time
    returns: Mapped[int] = mapped_column(default=0)  # how many times it came back from rework
    presenter: Mapped[str] = mapped_column(default="")
    review_note: Mapped[str] = mapped_column(default="")
    presidium_note: Mapped[str] = mapped_column(default="")
    adjustment: Mapped[str] = mapped_column(default="")  # a small change the secretary is to make
    # The paragraph of the minutes (KL 5:65–67).
    outcome: Mapped[str | None]
    item_number: Mapped[int | None]
    decision: Mapped[str] = mapped_column(default="")
    motivation: Mapped[str] = mapped_column(default="")
    by_minority: Mapped[bool] = mapped_column(default=False)  # KL 5:50: tabled or referred back
    conflicts: Mapped[str] = mapped_column(default="")
    motions: Mapped[str] = mapped_column(default="")
    vote: Mapped[str] = mapped_column(default="")
    reservations: Mapped[str] = mapped_column(default="")
    immediate: Mapped[bool] = mapped_column(default=False)  # A36b: attested at the meeting
    appealable: Mapped[bool] = mapped_column(default=False)  # KL 13:2
    attested_on: Mapped[date | None]
    posted_on: Mapped[date | None]
    appeal_ends_on: Mapped[date | None]
    legal_force_on: Mapped[date | None]
    appealed: Mapped[bool] = mapped_column(default=False)
    appeal_result: Mapped[str] = mapped_column(default="")
    quashed: Mapped[bool] = mapped_column(default=False)
    # What has been told to the case: an outcome or a legal force is told once.
    outcome_sent_at: Mapped[datetime | None]
    legal_force_sent_at: Mapped[datetime | None]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One case as the secretary recorded it: the facts that KL 5:65–67 ask of the minutes."""

    outcome: Outcome
    decision: str = ""
    motivation: str = ""
    by_minority: bool = False
    conflicts: str = ""
    motions: str = ""
    vote: str = ""
    reservations: str = ""
    immediate: bool = False
    appealable: bool = False


def items(session: Session, meeting_id: str, *, gone: bool = False) -> list[AgendaItem]:
    """The meeting's cases in their order; those moved or withdrawn only when asked for."""
    query = sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    if not gone:
        query = query.where(AgendaItem.status.not_in(GONE))
    return list(session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))


def case_numbers(session: Session, meeting_id: str) -> list[str]:
    """The cases that wait for this meeting: those that a cancelled or moved date concerns."""
    return [item.case_number for item in items(session, meeting_id)]


_AT_MEETING = Fetching(
    AgendaItem,
    lambda items: items.where(
        AgendaItem.meeting_id == sa.bindparam("meeting_id"),
        AgendaItem.case_number == sa.bindparam("case_number"),
    ),
)


def find(session: Session, meeting_id: str, case_number: str) -> AgendaItem | None:
    return _AT_MEETING.first(session, meeting_id=meeting_id, case_number=case_number)


def get(session: Session, meeting_id: str, case_number: str) -> AgendaItem:
    item = find(session, meeting_id, case_number)
    if item is None:
        raise NotFound(_("%(number)s står inte på sammanträdets lista.", number=case_number))
    return item


# Built once: a command asks this many times, and to build it takes longer than to ask.
_OF_CASE = Fetching(
    AgendaItem,
    lambda items: items.where(AgendaItem.case_number == sa.bindparam("case_number")).order_by(
        AgendaItem.booked_at, AgendaItem.id
    ),
)


def of_case(session: Session, case_number: str) -> list[AgendaItem]:
    """Every meeting the case has been on its way to, the first booked first."""
    return _OF_CASE.all(session, case_number=case_number)


def planned_meeting(session: Session, case_number: str) -> str | None:
    """The meeting the case is on its way to now, if one is chosen."""
    waiting = [item for item in of_case(session, case_number) if _is_ahead(item)]
    return waiting[-1].meeting_id if waiting else None


def book(session: Session, meeting_id: str, case_number: str, *, now: datetime) -> AgendaItem:
    """Give the case a place at the meeting, which it loses at any other one ahead."""
    for other in of_case(session, case_number):
        if other.meeting_id != meeting_id and _is_ahead(other):
            other.status = ItemStatus.MOVED
    item = find(session, meeting_id, case_number)
    if item is None:
        item = AgendaItem(
            id=new_id(),
            meeting_id=meeting_id,
            case_number=case_number,
            position=_next_position(session, meeting_id),
            status=ItemStatus.PLANNED,
            booked_at=now,
            returns=0,
        )
        session.add(item)
    elif item.status in GONE:
        item.status = ItemStatus.PLANNED
        _forget_outcome(item)
    session.flush()  # the next look-up in this transaction must see it
    return item


def report_ready(
    session: Session, meeting_id: str, case_number: str, *, now: datetime, late: bool
) -> AgendaItem:
    """A26: the case says it is ready. What comes back from rework is not late again."""
    item = get(session, meeting_id, case_number)
    if item.status == ItemStatus.REWORK:
        item.returns += 1
        late = False
    item.status = ItemStatus.LATE if late else ItemStatus.READY
    item.late = item.late or late
    item.adjustment = ""
    item.ready_at = now
    _forget_outcome(item)
    return item


def withdraw(session: Session, case_number: str) -> None:
    """A withdrawn case leaves every meeting it is on its way to."""
    for item in of_case(session, case_number):
        if _is_ahead(item):
            item.status = ItemStatus.WITHDRAWN


def undecided_late(session: Session, meeting_id: str) -> list[AgendaItem]:
    return [item for item in items(session, meeting_id) if item.status == ItemStatus.LATE]


def take_up_late(item: AgendaItem, reason: str) -> None:
    """A late case is taken up all the same, as an extra item."""
    item.status = ItemStatus.READY
    item.extra = True
    item.late_reason = reason


def move_to_next(item: AgendaItem, reason: str = "") -> None:
    item.status = ItemStatus.MOVED
    item.outcome = Outcome.MOVED
    item.outcome_sent_at = None
    item.motivation = reason


def ask_for_rework(item: AgendaItem, reason: str) -> None:
    """A28, A31: a larger change is the case officer's to make."""
    item.status = ItemStatus.REWORK
    item.outcome = Outcome.REWORK
    item.outcome_sent_at = None
    item.motivation = reason


def arrange(session: Session, meeting_id: str, order: Iterable[str]) -> None:
    """Put the agenda in this order; what is not named follows in the order it had."""
    wanted = {number: index for index, number in enumerate(order)}
    current = items(session, meeting_id)
    current.sort(key=lambda item: (wanted.get(item.case_number, len(wanted)), item.position))
    for position, item in enumerate(current, start=1):
        item.position = position


def record(item: AgendaItem, paragraph: Paragraph, *, number: int) -> None:
    """A34: what the meeting did with the case, as a paragraph of the minutes."""
    item.status = ItemStatus.TREATED
    item.outcome = paragraph.outcome
    item.outcome_sent_at = None
    item.item_number = number
    item.decision = paragraph.decision
    item.motivation = paragraph.motivation
    item.by_minority = paragraph.by_minority
    item.conflicts = paragraph.conflicts
    item.motions = paragraph.motions
    item.vote = paragraph.vote
    item.reservations = paragraph.reservations
    item.immediate = paragraph.immediate
    item.appealable = paragraph.appealable


def ready(session: Session, meeting_id: str) -> list[AgendaItem]:
    """The cases that wait for what this meeting does with them."""
    return [item for item in items(session, meeting_id) if item.status in ON_THE_WAY]


def treated(session: Session, meeting_id: str) -> list[AgendaItem]:
    return [item for item in items(session, meeting_id) if item.status == ItemStatus.TREATED]


def leave_behind(session: Session, meeting_id: str) -> None:
    """What is not ready when the meeting opens finds another one when it is."""
    for item in items(session, meeting_id):
        if item.status in (ItemStatus.PLANNED, ItemStatus.REWORK):
            item.status = ItemStatus.MOVED


def pending_outcomes(session: Session, meeting_id: str) -> list[AgendaItem]:
    """Outcomes that the cases have not been told yet."""
    return [
        item
        for item in items(session, meeting_id, gone=True)
        if item.outcome is not None
        and item.outcome_sent_at is None
        and item.status != ItemStatus.WITHDRAWN
    ]


def pending_legal_force(session: Session, meeting_id: str) -> list[AgendaItem]:
    return [
        item
        for item in items(session, meeting_id)
        if (item.legal_force_on is not None or item.quashed) and item.legal_force_sent_at is None
    ]


def outcome_message(item: AgendaItem) -> dict[str, Any]:
    """The payload of `beslut`."""
    return {
        "dnr": item.case_number,
        "mote_id": item.meeting_id,
        "utfall": item.outcome,
        "paragraf": item.item_number,
        "beslut": item.decision,
        "motivering": item.motivation,
    }


def legal_force_message(item: AgendaItem) -> dict[str, Any]:
    """The payload of `laga_kraft`."""
    on = item.legal_force_on
    return {
        "dnr": item.case_number,
        "mote_id": item.meeting_id,
        "laga_kraft": on.isoformat() if on else None,
        "upphavt": item.quashed,
    }


def _is_ahead(item: AgendaItem) -> bool:
    return item.status not in (*GONE, ItemStatus.TREATED)


def _forget_outcome(item: AgendaItem) -> None:
    item.outcome = None
    item.outcome_sent_at = None
    item.motivation = ""


def _next_position(session: Session, meeting_id: str) -> int:
    last = session.scalar(
        sa.select(sa.func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)
    )
    return (last or 0) + 1
