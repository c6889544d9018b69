"""Numbers about what runs, for those who watch over it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.tables import (
    Incident,
    IncidentStatus,
    Instance,
    Job,
    JobKind,
    JobStatus,
    Task,
    TaskStatus,
)

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class RoleLoad:
    role: str
    open: int
    overdue: int
    oldest_due_at: datetime | None  # of the overdue ones


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Open incidents of one kind: the same step failing in the same way."""

    message: str
    element_name: str
    incidents: list[Incident]

    @property
    def key(self) -> str:
        """Names the cause in an address, whatever its message says."""
        return _key(self.element_name, self.message)

    @property
    def instance_ids(self) -> list[str]:
        return sorted({each.instance_id for each in self.incidents if each.instance_id})

    @property
    def job_ids(self) -> list[str]:
        """Of what failed outside every instance: a letter, a routine."""
        return [each.job_id for each in self.incidents if each.job_id and not each.instance_id]

    @property
    def since(self) -> datetime:
        return self.incidents[0].first_at


def instances_by_status(session: Session) -> dict[str, int]:
    query = sa.select(Instance.status, sa.func.count()).group_by(Instance.status)
    return dict(session.execute(query).all())


def open_tasks(session: Session) -> int:
    query = sa.select(sa.func.count()).where(Task.status == TaskStatus.OPEN)
    return session.scalar(query) or 0


def timers_before(session: Session, before: datetime) -> int:
    query = sa.select(sa.func.count()).where(
        Job.kind == JobKind.TIMER, Job.status == JobStatus.SCHEDULED, Job.due_at < before
    )
    return session.scalar(query) or 0


def load_by_role(session: Session, now: datetime) -> list[RoleLoad]:
    """Open and overdue tasks per role, the most overdue first."""
    late = Task.due_at < now
    query = (
        sa.select(
            Task.role,
            sa.func.count(),
            sa.func.count().filter(late),
            sa.func.min(Task.due_at).filter(late),
        )
        .where(Task.status == TaskStatus.OPEN)
        .group_by(Task.role)
    )
    loads = [
        RoleLoad(role=role, open=count, overdue=overdue, oldest_due_at=oldest)
        for role, count, overdue, oldest in session.execute(query)
    ]
    return sorted(loads, key=lambda load: (-load.overdue, -load.open, load.role))


def completed_per_week(
    session: Session, *, first_week: datetime, weeks: int
) -> list[tuple[datetime, int]]:
    """How many tasks were completed in each of `weeks` weeks from `first_week` on."""
    query = sa.select(Task.completed_at).where(
        Task.status == TaskStatus.COMPLETED,
        Task.completed_at >= first_week,
        Task.completed_at < first_week + weeks * WEEK,
    )
    counts = Counter((at - first_week) // WEEK for at in session.scalars(query) if at)
    return [(first_week + week * WEEK, counts[week]) for week in range(weeks)]


def causes(session: Session) -> list[Cause]:
    """What fails now, each cause once, the one that stops most first."""
    query = (
        sa.select(Incident)
        .where(Incident.status == IncidentStatus.OPEN)
        .order_by(Incident.first_at, Incident.id)
    )
    groups: dict[tuple[str, str], list[Incident]] = {}
    for incident in session.scalars(query):
        groups.setdefault((incident.element_name, incident.message), []).append(incident)
    found = [
        Cause(element_name=element_name, message=message, incidents=incidents)
        for (element_name, message), incidents in groups.items()
    ]
    return sorted(found, key=lambda cause: -len(cause.incidents))


def count_causes(session: Session) -> int:
    """How many causes there are, for the menu of every page."""
    kinds = sa.select(Incident.element_name, Incident.message).where(
        Incident.status == IncidentStatus.OPEN
    )
    query = sa.select(sa.func.count()).select_from(kinds.distinct().subquery())
    return session.scalar(query) or 0


def job_names(session: Session, job_ids: list[str]) -> dict[str, str]:
    """What each job is for, in words."""
    query = sa.select(Job.id, Job.name).where(Job.id.in_(job_ids))
    return dict(session.execute(query).all())


def instances_with_incidents(session: Session) -> int:
    query = sa.select(sa.func.count(Incident.instance_id.distinct())).where(
        Incident.status == IncidentStatus.OPEN
    )
    return session.scalar(query) or 0


def _key(element_name: str, message: str) -> str:
    return hashlib.sha256(f"{element_name}\n{message}".encode()).hexdigest()[:16]


def candidates_waiting(session: Session) -> dict[str, tuple[str, int, datetime]]:
    """Unclaimed tasks per candidate: its label, how many, and since when."""
    query = (
        sa.select(
            Task.candidate,
            sa.func.min(Task.candidate_label),
            sa.func.count(),
            sa.func.min(Task.created_at),
        )
        .where(Task.status == TaskStatus.OPEN, Task.assignee.is_(None))
        .group_by(Task.candidate)
    )
    return {key: (label, count, since) for key, label, count, since in session.execute(query)}
