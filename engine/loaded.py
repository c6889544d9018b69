"""What a command has loaded of the domain stays loaded until it ends.

SQLAlchemy forgets an object as soon as nobody holds it, so the same case was fetched anew for
each fact that an expression asked for. The engine's own rows are left out: it changes them by
statements, which objects do not see.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import tables

_KEPT = "loaded"


def keep(session: Session) -> None:
    """From now on, for as long as the session lives."""
    session.info.setdefault(_KEPT, [])


def _note(session: Session, row: Any) -> None:
    kept = session.info.get(_KEPT)
    if kept is not None and type(row).__module__ != tables.__name__:
        kept.append(row)


sa.event.listen(Session, "loaded_as_persistent", _note)
sa.event.listen(Session, "detached_to_persistent", _note)  # so come those of `engine.fetching`
sa.event.listen(Session, "pending_to_persistent", _note)
