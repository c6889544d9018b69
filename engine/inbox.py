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
from engine.tasks import has_business_key

MOST_COUNTED = 1001  # shown as "1000+"; counting on would cost and tell nobody anything

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class InboxCounts:
    """Each at most MOST_COUNTED."""

    mine: int
    mine_overdue: int
    to_take: int
    to_take_overdue: int


@dataclass(frozen=True, kw_only=True)
class Slice:
    """So many tasks that are alike. `band` is the first of the bounds that they are due before."""

    assignee: str | None
    role: str
    candidate: str
    process_key: str
    band: int
    count: int


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
    scope: str | None = None,
    visible: Condition | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Task]:
    """Tasks that lie on `assignees`, and those of `candidates` that nobody has taken yet.

    `overdue_before` is the present instant when only late tasks are asked for, `due_before` an
    instant of the asker's choice; `process` is the diagram the task stands in, `scope` what
    the role is held in ("RS"). `visible` is what the domain demands of a task to take.
    """
    wanted = _filters(overdue_before, due_before, process, business_key, role)
    if scope is not None:
        wanted.append(Task.candidate.endswith(f"@{scope}", autoescape=True))
    ranges = [_assigned(assignee) for assignee in assignees]
    ranges += [_unclaimed(candidate, visible) for candidate in candidates]
    return _page(session, [[*range_, *wanted] for range_ in ranges], limit, cursor)


def claimed(
    session: Session,
    *,
    candidates: Sequence[str],
    since: datetime,
    not_by: Sequence[str] = (),
    visible: Condition | None = None,
    limit: int = 20,
) -> list[Task]:
    """Tasks of the roles that a colleague took on lately, the latest first; `assignee` says who."""
    if not candidates:
        return []
    heads = [
        sa.select(
            sa.select(Task.id)
            .where(*_claimed(key, since, visible), Task.assignee.not_in(list(not_by)))
            .order_by(Task.claimed_at.desc())
            .limit(limit)
            .subquery()
        )
        for key in candidates
    ]
    found = sa.union(*heads).subquery()
    query = sa.select(Task).join(found, Task.id == found.c.id)
    return list(session.scalars(query.order_by(Task.claimed_at.desc(), Task.id).limit(limit)))


def counts(
    session: Session,
    *,
    assignees: Sequence[str],
    candidates: Sequence[str],
    now: datetime,
    visible: Condition | None = None,
) -> InboxCounts:
    """All numbers of the inbox in one question."""
    mine = [_assigned(assignee) for assignee in assignees]
    to_take = [_unclaimed(candidate, visible) for candidate in candidates]
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


def breakdown(
    session: Session,
    *,
    assignees: Sequence[str],
    candidates: Sequence[str],
    bounds: Sequence[datetime],
    visible: Condition | None = None,
) -> list[Slice]:
    """How the inbox divides, for filters and headings: one question however many the filters.

    Each of the asker's keys counts for at most MOST_COUNTED, the soonest due.
    """
    ranges = [_assigned(assignee) for assignee in assignees]
    ranges += [_unclaimed(candidate, visible) for candidate in candidates]
    if not ranges:
        return []
    band = sa.case(
        *((Task.due_at < bound, place) for place, bound in enumerate(bounds)), else_=len(bounds)
    ).label("band")
    columns = (Task.assignee, Task.role, Task.candidate, Task.process_key, band)
    heads = [
        sa.select(
            sa.select(Task.id, *columns)
            .where(*range_)
            .order_by(Task.due_at, Task.id)
            .limit(MOST_COUNTED)
            .subquery()
        )
        for range_ in ranges
    ]
    found = sa.union(*heads).subquery()
    keys = (found.c.assignee, found.c.role, found.c.candidate, found.c.process_key, found.c.band)
    rows = session.execute(sa.select(*keys, sa.func.count()).group_by(*keys))
    return [
        Slice(
            assignee=row[0], role=row[1], candidate=row[2], process_key=row[3],
            band=row[4], count=row[5],
        )
        for row in rows
    ]  # fmt: skip


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
    # Cut to the page before the rest of each task is fetched.
    first = sa.select(found.c.id).order_by(found.c.due_at, found.c.id).limit(limit + 1).subquery()
    query = sa.select(Task).join(first, Task.id == first.c.id)
    rows = session.scalars(query.order_by(Task.due_at, Task.id)).all()
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


def _unclaimed(candidate: str, visible: Condition | None) -> list[Condition]:
    return [_open(), Task.candidate == candidate, Task.assignee.is_(None), *_if_said(visible)]


def _claimed(candidate: str, since: datetime, visible: Condition | None) -> list[Condition]:
    return [
        _open(),
        Task.candidate == candidate,
        Task.claimed_at.is_not(None),
        Task.claimed_at >= since,
        *_if_said(visible),
    ]


def _if_said(condition: Condition | None) -> list[Condition]:
    return [] if condition is None else [condition]


def _filters(
    overdue_before: datetime | None,
    due_before: datetime | None,
    process: str | None,
    business_key: str | None,
    role: str | None,
) -> list[Condition]:
    bounds = [Task.due_at < bound for bound in (overdue_before, due_before) if bound is not None]
    if business_key is not None:
        bounds.append(has_business_key(business_key))
    for column, value in ((Task.process_key, process), (Task.role, role)):
        if value is not None:
            bounds.append(column == value)
    return bounds
