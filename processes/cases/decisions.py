"""The decision of a case, as the card shows it; the minutes are the source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import Actor
from processes.case_events import CaseEvent, note
from processes.cases.lookup import get
from processes.cases.tables import Case


@dataclass(frozen=True, kw_only=True)
class Decision:
    decided_by: str  # organ code or user id
    decided_on: date
    text: str
    outcome: str = ""  # as the diagrams name it: avgjort, vidare, aterremiss …
    item_number: str = ""  # "§ 14"
    appealable: bool = False


def record_decision(
    session: Session, engine: Engine, number: str, decision: Decision, *, actor: Actor
) -> Case:
    """Write one organ's or delegate's decision; the card keeps the latest, the log all of them."""
    case = get(session, number)
    case.decision = decision.text
    case.decided_by = decision.decided_by
    case.decided_on = decision.decided_on
    case.item_number = decision.item_number
    case.appealable = decision.appealable
    note(
        session, engine, case.number, CaseEvent.DECIDED, actor,
        by=decision.decided_by, on=decision.decided_on.isoformat(), outcome=decision.outcome,
        item_number=decision.item_number, text=decision.text,
    )  # fmt: skip
    return case
