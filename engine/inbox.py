"""The inbox: open tasks of people and roles, soonest first, cheap however many there are.

Each question is put per candidate and per assignee, so that each is one range of one index; an
IN over several would make PostgreSQL sort them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.paging import Page, cut, place_of
from engine.tables import Task

MOST_COUNTED = 1001  # shown as "1000+"; counting on would cost and tell nobody anything

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class InboxCounts:
    """Each at most MOST_COUNTED."""

    mine: int
    mine_overdue: int
    to_take: int
    to_take_overdue: int


def page(
    session: Session,
    *,
    assignees: Sequence[str],
    candidates: Sequence[str],
    overdue_before: datetime | None = None,
    due_before: datetime | None = None,
    process: str | None = None,
    business_key: str | None = None,
    role: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Task]:
    """Tasks that lie on `assignees`, and those of `candidates` that nobody has taken yet.

    `overdue_before` is the present instant when only late tasks are asked for, `due_before` an
    instant of the asker's choice; `process` is the diagram the task stands in.
    """
    wanted = _filters(overdue_before, due_before, process, business_key, role)
    ranges = [_assigned(assignee) for assignee in assignees]
    ranges += [_unclaimed(candidate) for candidate in candidates]
    return _page(session, [[*range_, *wanted] for range_ in ranges], limit, cursor)


def taken(
    session: Session,
    *,
    candidates: Sequence[str],
    not_by: Sequence[str] = (),
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Task]:
    """Tasks of the roles that a colleague has taken; `assignee` says who."""
    others = [Task.assignee.not_in(list(not_by))] if not_by else []
    return _page(session, [[*_claimed(key), *others] for key in candidates], limit, cursor)


def counts(
    session: Session, *, assignees: Sequence[str], candidates: Sequence[str], now: datetime
) -> InboxCounts:
    """All numbers of the inbox in one question."""
    mine = [_assigned(assignee) for assignee in assignees]
    to_take = [_unclaimed(candidate) for candidate in candidates]
    late = [Task.due_at < now]
    row = session.execute(
        sa.select(
            _count(mine),
            _count([[*range_, *late] for range_ in mine]),
            _count(to_take),
            _count([[*range_, *late] for range_ in to_take]),
        )
    ).one()
    return InboxCounts(mine=row[0], mine_overdue=row[1], to_take=row[2], to_take_overdue=row[3])


def _page(
    session: Session, ranges: Sequence[Sequence[Condition]], limit: int, cursor: str | None
) -> Page[Task]:
    if not ranges:
        return Page(items=[])
    place = sa.tuple_(Task.due_at, Task.id)
    after = [place > tuple(place_of(cursor, [datetime, str]))] if cursor else []
    heads = [
        sa.select(
            sa.select(Task.id, Task.due_at)
            .where(*range_, *after)
            .order_by(Task.due_at, Task.id)
            .limit(limit + 1)
            .subquery()
        )
        for range_ in ranges
    ]
    # UNION, not UNION ALL: a task of two of the asker's keys is one task.
    found = sa.union(*heads).subquery()
    query = sa.select(Task).join(found, Task.id == found.c.id)
    rows = session.scalars(query.order_by(Task.due_at, Task.id).limit(limit + 1)).all()
    return cut(rows, limit, lambda task: [task.due_at, task.id])


def _count(ranges: Sequence[Sequence[Condition]]) -> sa.ColumnElement[Any]:
    if not ranges:
        return sa.literal(0)
    heads = [
        sa.select(sa.select(Task.id).where(*range_).limit(MOST_COUNTED).subquery())
        for range_ in ranges
    ]
    found = sa.union_all(*heads).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(found).scalar_subquery()


def _open() -> Condition:
    # Said in the statement itself: a partial index is not found through a parameter.
    return Task.status == sa.literal_column("'open'")


def _assigned(assignee: str) -> list[Condition]:
    return [_open(), Task.assignee == assignee]


def _unclaimed(candidate: str) -> list[Condition]:
    return [_open(), Task.candidate == candidate, Task.assignee.is_(None)]


def _claimed(candidate: str) -> list[Condition]:
    return [_open(), Task.candidate == candidate, Task.assignee.is_not(None)]


def _filters(
    overdue_before: datetime | None,
    due_before: datetime | None,
    process: str | None,
    business_key: str | None,
    role: str | None,
) -> list[Condition]:
    bounds = [Task.due_at < bound for bound in (overdue_before, due_before) if bound is not None]
    for column, value in (
        (Task.process_key, process),
        (Task.business_key, business_key),
        (Task.role, role),
    ):
        if value is not None:
            bounds.append(column == value)
    return bounds
