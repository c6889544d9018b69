"""An instance that a command has locked, and what the command needs to know of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.statements import (
    Later,
    Row,
    Statement,
    ask,
    ask_later,
    ask_together,
    asking_is_a_journey,
    only_first,
)
from engine.tables import EventLog, Instance, Task, TaskDraft
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


class TaskRow(NamedTuple):
    """What a command needs to know of an open task."""

    id: str
    spiff_id: str
    process_key: str
    element: str
    form: str
    assignee: str | None
    due_at: datetime
    deadline: str
    created_at: datetime
    lock_version: int
    has_draft: bool = False  # somebody has half filled in its form


TASK_COLUMNS = tuple(name for name in TaskRow._fields if name not in TaskRow._field_defaults)


class Standing(NamedTuple):
    """What belongs to a locked instance besides its row."""

    tasks: dict[str, TaskRow]  # the open ones, by the run's own id
    log_end: tuple[int, str]  # `seq` and `hash` of the log's last row; 0 and "" before the first


_ROWS = Instance.metadata.tables["instance"]
_TASKS = Task.metadata.tables["task"]
_DRAFTS = TaskDraft.metadata.tables["task_draft"]
_LOG = EventLog.metadata.tables["event_log"]
_THIS = _ROWS.c.id == sa.bindparam("of")
_THESE = _ROWS.c.id == sa.any_(sa.bindparam("of", type_=ARRAY(sa.String)))


def _of_log_end(column: sa.Column[Any]) -> sa.ScalarSelect[Any]:
    """As a value, not joined: PostgreSQL may join by reading the whole log of an instance."""
    of_instance = sa.select(column).where(_LOG.c.chain == _ROWS.c.id).correlate(_ROWS)
    return only_first(of_instance.order_by(_LOG.c.seq.desc())).scalar_subquery()


_IS_OPEN = sa.and_(
    _TASKS.c.instance_id == _ROWS.c.id,
    # Said in the statement itself: SQLite plans anew for each value that a partial index asks of.
    _TASKS.c.status == sa.literal_column("'open'"),
)
_OF_TASK = (
    _ROWS.c.id
    == sa.select(_TASKS.c.instance_id).where(_TASKS.c.id == sa.bindparam("of")).scalar_subquery()
)
_LOG_END = (_of_log_end(_LOG.c.seq), _of_log_end(_LOG.c.hash))
_TASK_ROW = (
    *(_TASKS.c[name] for name in TASK_COLUMNS),
    sa.exists().where(_DRAFTS.c.task_id == _TASKS.c.id).correlate(_TASKS),
)
_STANDING = (
    sa.select(_ROWS.c.id, *_LOG_END, *_TASK_ROW).select_from(_ROWS).outerjoin(_TASKS, _IS_OPEN)
)
_STANDING_OF_THIS = Statement(_STANDING.where(_THIS))
_STANDING_BY_TASK = Statement(_STANDING.where(_OF_TASK))
_STANDING_OF_THESE = Statement(_STANDING.where(_THESE))
_HELD = sa.select(*(_ROWS.c[name] for name in Held._fields)).with_for_update(of=_ROWS)
_BY_ID = Statement(_HELD.where(_THIS))
_BY_TASK = Statement(
    _HELD.join(_TASKS, _TASKS.c.instance_id == _ROWS.c.id).where(_TASKS.c.id == sa.bindparam("of"))
)
_HELD_OF_THESE = Statement(_HELD.where(_THESE).order_by(_ROWS.c.id))
_WIDTH = len(Held._fields)
_HELD_AHEAD, _STANDING_AHEAD = "held ahead", "standing ahead"


def _at_once(condition: sa.ColumnElement[bool]) -> Statement:
    """Where the whole database is one writer's: a row of the instance, then one of each task.

    Not joined, or the state would come as many times as there are tasks.
    """
    held = (*(_ROWS.c[name] for name in Held._fields), *_LOG_END)
    instance = sa.select(*held, *map(_nothing, _TASK_ROW)).where(condition)
    tasks = sa.select(*map(_nothing, held), *_TASK_ROW).where(condition)
    return Statement(instance.union_all(tasks.select_from(_ROWS).join(_TASKS, _IS_OPEN)))


def _nothing(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.literal_column("NULL", type_=column.type)


class _Asked(NamedTuple):
    held: Statement
    standing: Statement
    all: Statement
    missing: Callable[[], str]


_THE_INSTANCE = _Asked(_BY_ID, _STANDING_OF_THIS, _at_once(_THIS), lambda: _("Flödet finns inte."))
_OF_THE_TASK = _Asked(
    _BY_TASK, _STANDING_BY_TASK, _at_once(_OF_TASK), lambda: _("Uppgiften finns inte.")
)


def lock(session: Session, instance_id: str) -> Held:
    """The instance with its state, held until the transaction ends."""
    ahead: Held | None = session.info.get(_HELD_AHEAD, {}).pop(instance_id, None)
    return ahead or _found(session, _THE_INSTANCE, instance_id)


def lock_of_task(session: Session, task_id: str) -> Held:
    """The task's instance, held likewise; what the task is may be read only after that."""
    return _found(session, _OF_THE_TASK, task_id)


def standing(session: Session, instance_id: str) -> Standing:
    """Of an instance whose lock is held."""
    ahead: Callable[[], Standing] | None
    ahead = session.info.get(_STANDING_AHEAD, {}).pop(instance_id, None)
    if ahead is not None:
        return ahead()
    return _standing([row[1:] for row in ask(session, _STANDING_OF_THIS, {"of": instance_id})])


def read_ahead(session: Session, instance_ids: Collection[str]) -> None:
    """Lock several that are to be run one after the other, and read what belongs to them.

    Only where asking is a journey. What is read is used once, before anything is written there.
    """
    if not asking_is_a_journey(session):
        return
    these = {"of": sorted(instance_ids)}
    found, belonging = ask_together(session, [(_HELD_OF_THESE, these), (_STANDING_OF_THESE, these)])
    session.info[_HELD_AHEAD] = {one.id: one for one in map(Held._make, found)}
    rows: dict[str, list[Row]] = {}
    for row in belonging:
        rows.setdefault(row[0], []).append(row[1:])
    session.info[_STANDING_AHEAD] = {id_: partial(_standing, found) for id_, found in rows.items()}


def _found(session: Session, asked: _Asked, row_id: str) -> Held:
    session.flush()  # what this transaction has changed so far is part of what is found
    of = {"of": row_id}
    if asking_is_a_journey(session):
        # What a lock was waited for may have changed: the rest is another question.
        first, later = ask_later(session, [(asked.held, of), (asked.standing, of)])
        rows = first()
        belonging = partial(_standing_had, later)
    else:
        rows = sorted(ask(session, asked.all, of), key=lambda row: row[0] is None)
        belonging = partial(_standing, [row[_WIDTH:] for row in rows])
    if not rows:
        raise NotFound(asked.missing())
    held = Held._make(rows[0][:_WIDTH])
    session.info.get(_HELD_AHEAD, {}).pop(held.id, None)
    session.info.setdefault(_STANDING_AHEAD, {})[held.id] = belonging
    return held


def _standing_had(later: Later) -> Standing:
    return _standing([row[1:] for row in later()])


def _standing(rows: list[Row]) -> Standing:
    """Of rows that begin with the log's end, the first of them at least; then come the tasks'."""
    seq, last, *_task = rows[0]
    tasks = (TaskRow._make(row[2:]) for row in rows if row[2] is not None)
    return Standing({task.spiff_id: task for task in tasks}, (seq or 0, last or ""))
