"""What each step of a case's preparation and closing states, kept with who and when.

The diagrams' forms are many and change; their answers are kept here as they were given, newest
last, so that the card, the basis for decision and the minutes read them in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base, JsonText
from engine.fetching import Fetching
from engine.host import Actor
from engine.statements import inserting, only_first, say_all
from engine.tables import new_id
from engine.texts import untranslated


class Step(StrEnum):
    """What was stated; the values are shown to nobody."""

    ALLOCATION = "fordelning"
    ADVICE = "samrad_om_handlaggare"
    TIMETABLE = "tidplan"
    DIRECTIVES = "direktiv"
    CARD = "arendekort"
    BASIS = "beslutsunderlag"
    MEMORANDUM = "tjansteskrivelse"
    PRESIDIUM = "presidieavstamning"
    APPROVAL = "godkannande"
    FINAL_CHECK = "slutkontroll"
    LATE = "forsenat"
    ANSWER = "svar"
    WRITTEN_OFF = "avskrivning"
    EXCERPT = "protokollsutdrag"
    DECIDED_RECORDS = "beslutade_handlingar"
    PROPOSAL_ONWARDS = "forslag_till_nasta_organ"
    DISPATCH = "expediering"
    PUBLICATION = "publicering"
    ACTIONS = "atgarder"
    FOLLOW_UP = "uppfoljning"
    NEW_CASE = "nytt_arende"
    CLEARING = "rensning"
    SORTING = "gallring"
    ARCHIVE = "arkiv"


PAPERS = (Step.BASIS, Step.MEMORANDUM)  # what those who approve and decide read


class CaseWork(Base):
    """One completed step; nothing is ever changed, a later row says what holds now."""

    __tablename__ = "case_work"
    __table_args__ = (sa.Index("ix_case_work_case", "case_number", "step", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"))
    step: Mapped[str]
    organ: Mapped[str | None]  # that treated the case then
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    at: Mapped[datetime]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]


_KEEP = inserting(CaseWork.metadata.tables["case_work"])


def keep(
    session: Session,
    case_number: str,
    step: Step,
    content: dict[str, Any],
    *,
    organ: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Facts asked for in the same command see it."""
    session.flush()  # a case that is new
    row = {
        "id": new_id(),
        "case_number": case_number,
        "step": step,
        "organ": organ,
        "content": content,
        "at": now,
        "actor": actor.id,
        "on_behalf_of": actor.on_behalf_of,
    }
    say_all(session, [(_KEEP, row)])


def of_case(session: Session, case_number: str, step: Step | None = None) -> list[CaseWork]:
    """Oldest first."""
    query = sa.select(CaseWork).where(CaseWork.case_number == case_number)
    if step is not None:
        query = query.where(CaseWork.step == step)
    return list(session.scalars(query.order_by(CaseWork.at, CaseWork.id)))


_LATEST = Fetching(
    CaseWork,
    lambda works: only_first(
        works.where(
            CaseWork.case_number == sa.bindparam("case_number"),
            CaseWork.step == sa.bindparam("step"),
        ).order_by(CaseWork.at.desc(), CaseWork.id.desc())
    ),
)


def latest(session: Session, case_number: str, step: Step) -> dict[str, Any]:
    """What was stated last, {} when nothing was."""
    found = _LATEST.first(session, case_number=case_number, step=step)
    return found.content if found else {}


def with_papers(session: Session, numbers: Iterable[str]) -> set[str]:
    """Those of the cases whose basis for decision or memorandum has been written."""
    query = sa.select(CaseWork.case_number).where(
        CaseWork.case_number.in_(list(numbers)), CaseWork.step.in_(PAPERS)
    )
    return set(session.scalars(query.distinct()))


def proposal(session: Session, case_number: str) -> str:
    """The proposed decision of the latest memorandum as people read it, one sentence a line."""
    rows = latest(session, case_number, Step.MEMORANDUM).get("beslutsmeningar") or ()
    return "\n".join(
        f"{row['nr']}. {row['mening']}" if "nr" in row else str(row["mening"]) for row in rows
    )


def said_at_allocation(session: Session, case_number: str) -> str:
    """What the allocator said beside names and days (A10), one thing a line."""
    said = latest(session, case_number, Step.ALLOCATION)
    parts = (
        said.get("meddelande"),
        said.get("samarbete") and untranslated("Samarbeta med %(who)s.", who=said["samarbete"]),
        said.get("remissinstanser")
        and untranslated("Remiss till %(whom)s.", whom=said["remissinstanser"]),
        said.get("remiss") == "organet" and untranslated("Organet beslutar först om remissen."),
    )
    return "\n".join(part for part in parts if part)
