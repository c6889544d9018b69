"""An instance that a command has locked, and what the command needs to know of it."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.statements import Statement, ask
from engine.tables import Instance, Task
from engine.texts import gettext as _


class Held(NamedTuple):
    """One row of `instance`, as it was when it was locked."""

    id: str
    process_version_id: str
    process_key: str
    business_key: str | None
    status: str
    lock_version: int
    state: bytes


_ROWS = Instance.metadata.tables["instance"]
_TASKS = Task.metadata.tables["task"]
_HELD = sa.select(*(_ROWS.c[name] for name in Held._fields)).with_for_update(of=_ROWS)
_BY_ID = Statement(_HELD.where(_ROWS.c.id == sa.bindparam("of")))
_BY_TASK = Statement(
    _HELD.join(_TASKS, _TASKS.c.instance_id == _ROWS.c.id).where(_TASKS.c.id == sa.bindparam("of"))
)


def lock(session: Session, instance_id: str) -> Held:
    """The instance with its state, held until the transaction ends."""
    return _found(session, _BY_ID, instance_id, _("Flödet finns inte."))


def lock_of_task(session: Session, task_id: str) -> Held:
    """The task's instance, held likewise; what the task is may be read only after that."""
    return _found(session, _BY_TASK, task_id, _("Uppgiften finns inte."))


def _found(session: Session, query: Statement, row_id: str, missing: str) -> Held:
    session.flush()  # what this transaction has changed so far is part of what is found
    rows = ask(session, query, {"of": row_id})
    if not rows:
        raise NotFound(missing)
    return Held._make(rows[0])
