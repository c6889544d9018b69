"""How much waits for somebody, for the menu and the login page."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine import inbox
from processes import access
from web import transactions
from web.current import now
from web.reader import reader


def mine() -> int:
    """What lies on the reader and on those they stand in for."""
    counts = inbox.counts(
        transactions.reading(), assignees=reader().assignees, candidates=(), now=now()
    )
    return counts.mine


def waiting_for(session: Session, user_id: str) -> int:
    """What a person would find in their inbox, what they can take included."""
    who = access.reader(session, user_id, now())
    counts = inbox.counts(
        session,
        assignees=who.assignees,
        candidates=who.candidates,
        now=now(),
        visible=access.visible_tasks(who),
    )
    return counts.mine + counts.to_take
