"""What process owners are working on: saved as it is, mistakes included; it never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import history
from engine.errors import Invalid, Stale
from engine.fetching import locked
from engine.gate.reading import MAX_BYTES
from engine.host import Actor
from engine.tables import Draft, ProcessVersion
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


def get(session: Session, key: str) -> Draft | None:
    return session.get(Draft, key)


def everything(session: Session) -> list[Draft]:
    """Every draft, also those of processes that were never deployed."""
    return list(session.scalars(sa.select(Draft).order_by(Draft.key)))


def save(
    session: Session,
    engine: Engine,
    key: str,
    bpmn: str,
    *,
    lock_version: int | None = None,
    actor: Actor,
) -> Draft:
    """Save over the draft that was seen: `lock_version` is its, None when there was none.

    Raises Stale when somebody else has saved in between.
    """
    try:
        size = len(bpmn.encode())
    except UnicodeEncodeError as error:
        raise Invalid.field("bpmn", _("Diagrammet går inte att läsa som text.")) from error
    if size > MAX_BYTES:
        raise Invalid.field("bpmn", _("Diagrammet är större än 2 MB. Dela upp det."))
    draft = locked(session, Draft, key)
    if draft is None:
        if lock_version is not None:
            raise Stale
        draft = Draft(key=key, based_on_version=_version_in_force(session, key), lock_version=0)
        session.add(draft)
    else:
        require(draft, lock_version)
    draft.bpmn = bpmn
    draft.lock_version += 1
    draft.saved_at = engine.clock.now()
    draft.saved_by = actor.id
    session.flush()
    return draft


def require(draft: Draft, lock_version: int | None) -> None:
    """Stale unless `draft` is the one that was seen."""
    if draft.lock_version != lock_version:
        raise Stale(
            _("Någon annan har sparat utkastet sedan du öppnade det. Inget har sparats över.")
        )


def discard(
    session: Session, engine: Engine, key: str, *, actor: Actor, lock_version: int | None = None
) -> None:
    """Throw the draft away; nothing happens when there is none."""
    draft = locked(session, Draft, key)
    if draft is None:
        return
    if lock_version is not None:
        require(draft, lock_version)
    session.delete(draft)
    session.flush()
    history.append(session, engine, kind="draft_discarded", actor=actor, process_key=key)


def _version_in_force(session: Session, key: str) -> int | None:
    return session.scalar(
        sa.select(ProcessVersion.version).where(ProcessVersion.key == key, ProcessVersion.current)
    )
