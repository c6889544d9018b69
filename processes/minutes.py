"""The minutes of a meeting: who was there, who attests, and how they became known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base, JsonText


class Minutes(Base):
    """One row per meeting; the paragraphs are the agenda's items."""

    __tablename__ = "minutes"

    meeting_id: Mapped[str] = mapped_column(primary_key=True)
    # A29b: what the meeting is only told of.
    communications: Mapped[str] = mapped_column(default="")
    elections: Mapped[str] = mapped_column(default="")
    announced_on: Mapped[date | None]  # KL 5:13, on the notice board
    notice_late_reason: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    seats: Mapped[int] = mapped_column(default=0)
    serving: Mapped[int] = mapped_column(default=0)
    attendance: Mapped[list[Any]] = mapped_column(JsonText, default=list)
    attesters: Mapped[list[Any]] = mapped_column(JsonText, default=list)  # see `attester`
    attestations: Mapped[list[Any]] = mapped_column(JsonText, default=list)
    attest_by_on: Mapped[date | None]
    first_item_number: Mapped[int | None]
    last_item_number: Mapped[int | None]
    reports_item_number: Mapped[int | None]  # of the paragraph on delegated decisions
    drawn_up_on: Mapped[date | None]
    attested_by: Mapped[str] = mapped_column(default="")
    differing_view: Mapped[str] = mapped_column(default="")
    handed_over: Mapped[bool] = mapped_column(default=False)  # to the next meeting to attest
    kept_at: Mapped[str] = mapped_column(default="")  # KL 8:12: where the minutes can be read
    posted_late_reason: Mapped[str] = mapped_column(default="")


def find(session: Session, meeting_id: str) -> Minutes | None:
    return session.get(Minutes, meeting_id)


def of(session: Session, meeting_id: str) -> Minutes:
    """The meeting's minutes, begun when first asked for."""
    minutes = find(session, meeting_id)
    if minutes is None:
        minutes = Minutes(meeting_id=meeting_id, seats=0, serving=0)
        session.add(minutes)
        session.flush()  # asked for again in the same transaction it must be the same row
    return minutes


def attester(person: str, name: str, *, chair: bool = False) -> dict[str, Any]:
    """One who attests, as the diagram carries it: each has a task of their own."""
    return {"person": person, "namn": name, "ordforande": chair}


def attest(
    minutes: Minutes,
    person: str,
    *,
    by: str,
    on: date,
    agrees: bool = True,
    view: str = "",
    immediate: bool = False,
) -> None:
    """What one of them says. `immediate`: of the paragraphs that could not wait for the minutes."""
    said = {
        "person": person, "by": by, "on": on.isoformat(), "agrees": agrees, "view": view,
        "immediate": immediate,
    }  # fmt: skip
    minutes.attestations = [*minutes.attestations, said]


def outstanding(minutes: Minutes, *, immediate: bool = False) -> list[str]:
    """Those who have not said anything yet."""
    done = {said["person"] for said in minutes.attestations if said["immediate"] is immediate}
    return [one["person"] for one in minutes.attesters if one["person"] not in done]


def conclude(minutes: Minutes) -> None:
    """When all have said theirs: who attested, what they did not agree on, and whether it is
    handed over to the next meeting."""
    names = {one["person"]: one["namn"] for one in minutes.attesters}
    said = [one for one in minutes.attestations if not one["immediate"]]
    views = [f"{names[one['person']]}: {one['view']}" for one in said if one["view"]]
    minutes.differing_view = "\n".join(views)
    minutes.handed_over = not all(one["agrees"] for one in said)
    minutes.attested_by = "" if minutes.handed_over else ", ".join(names.values())


def is_quorate(minutes: Minutes) -> bool:
    """More than half of the members (KL 5:45, 6:27)."""
    return minutes.serving * 2 > minutes.seats


def next_item_number(session: Session, meeting_ids: list[str]) -> int:
    """A body numbers its paragraphs on through the year: `meeting_ids` are that year's."""
    last = session.scalar(
        sa.select(sa.func.max(Minutes.last_item_number)).where(Minutes.meeting_id.in_(meeting_ids))
    )
    return (last or 0) + 1
