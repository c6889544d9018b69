"""The engine's tables. Each one's queries live in the module named after its noun."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, JsonText

# `task.due_at` is never NULL, so that (candidate, due_at, id) is one index range.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)

_VERSION_7 = 7 << 76 | 2 << 62
_LEFT_TO_CHANCE = (1 << 76) - 1 & ~(3 << 62)


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): each millisecond's are greater: indexes grow at their end."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10)) & _LEFT_TO_CHANCE
    return f"{milliseconds << 80 | _VERSION_7 | chance:032x}"


class InstanceStatus(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"  # promised by the API; nothing suspends yet
    FAILED = "failed"  # has an open incident that can be tried again


# Those that go on: a failed one waits at one place for people to mend it, elsewhere it runs.
RUNNING = (InstanceStatus.ACTIVE, InstanceStatus.FAILED)


class TaskStatus(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobStatus(StrEnum):
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class JobKind(StrEnum):
    TIMER = "timer"
    MESSAGE = "message"
    OPERATION = "operation"
    MAIL = "mail"
    ROUTINE = "routine"  # what the domain does by the calendar, for no instance


class MessageStatus(StrEnum):
    PENDING = "pending"
    KEPT = "kept"
    DELIVERED = "delivered"


class IncidentStatus(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


def _one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class ProcessVersion(Base):
    """One deployed version of one process, with every file it needs. Never changed."""

    __tablename__ = "process_version"
    __table_args__ = (sa.UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    deployment_id: Mapped[str] = mapped_column(index=True)
    # {file name: text}: the process's own file, those it calls, its decisions and forms.
    files: Mapped[dict[str, Any]] = mapped_column(JsonText)
    file_name: Mapped[str]  # the one of `files` that holds this process
    sha256: Mapped[str]  # over `files`: the same content deployed twice is one version
    current: Mapped[bool] = mapped_column(default=True)
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")


class Draft(Base):
    """What a process owner is working on; it never runs."""

    __tablename__ = "draft"

    key: Mapped[str] = mapped_column(primary_key=True)
    bpmn: Mapped[str]
    based_on_version: Mapped[int | None]
    lock_version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


class Instance(Base):
    __tablename__ = "instance"
    __table_args__ = (
        _one_of("status", InstanceStatus),
        sa.Index("ix_instance_business_key", "business_key"),
        sa.Index("ix_instance_status", "status", "started_at", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    process_version_id: Mapped[str] = mapped_column(sa.ForeignKey("process_version.id"))
    process_key: Mapped[str]
    business_key: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=InstanceStatus.ACTIVE)
    lock_version: Mapped[int] = mapped_column(default=1)
    state: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    parent_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"))
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]


class Task(Base):
    """A human task somebody can see in an inbox."""

    __tablename__ = "task"
    __table_args__ = (
        _one_of("status", TaskStatus),
        sa.Index(
            "ix_task_candidate_open", "candidate", "due_at", "id",
            sqlite_where=sa.text("status = 'open' AND assignee IS NULL"),
            postgresql_where=sa.text("status = 'open' AND assignee IS NULL"),
        ),
        sa.Index(
            "ix_task_assignee_open", "assignee", "due_at", "id",
            sqlite_where=sa.text("status = 'open' AND assignee IS NOT NULL"),
            postgresql_where=sa.text("status = 'open' AND assignee IS NOT NULL"),
        ),
        sa.Index(
            "ix_task_candidate_claimed", "candidate", "claimed_at",
            sqlite_where=sa.text("status = 'open' AND claimed_at IS NOT NULL"),
            postgresql_where=sa.text("status = 'open' AND claimed_at IS NOT NULL"),
        ),
        sa.Index("ix_task_instance", "instance_id", "status"),
        sa.Index(
            "ix_task_completed", "completed_by", "completed_at",
            sqlite_where=sa.text("completed_by IS NOT NULL"),
            postgresql_where=sa.text("completed_by IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"))
    spiff_id: Mapped[str]
    process_key: Mapped[str]  # of the diagram the element stands in, called ones included
    element: Mapped[str]
    name: Mapped[str]
    business_key: Mapped[str | None]
    role: Mapped[str]  # as the diagram names it: "Sekreterare"
    candidate: Mapped[str]  # role with its scope, as the host resolved it: "sekreterare@RS"
    candidate_label: Mapped[str]  # for people: "Sekreterare RS"
    assignee: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(default=NO_DEADLINE)
    deadline: Mapped[str] = mapped_column(default="")  # in words, as drawn
    form: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=TaskStatus.OPEN)
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[str]  # actor whose act made the task appear ("från Handläggare 3")
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]


class TaskDraft(Base):
    """A half-filled form: never in engine data, gone when the task is."""

    __tablename__ = "task_draft"

    task_id: Mapped[str] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonText)
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]


class Job(Base):
    """Everything that is to happen by itself: timers, messages, outside operations, mail."""

    __tablename__ = "job"
    __table_args__ = (
        _one_of("status", JobStatus),
        _one_of("kind", JobKind),
        sa.Index(
            "ix_job_due", "due_at", "id",
            sqlite_where=sa.text("status = 'scheduled'"),
            postgresql_where=sa.text("status = 'scheduled'"),
        ),
        sa.Index("ix_job_status", "status", "lease_until"),
        sa.Index("ix_job_instance", "instance_id", "kind", "status"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"))
    spiff_id: Mapped[str | None]  # the waiting timer or service task
    element: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")  # for people, and the operation's name
    payload: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=JobStatus.SCHEDULED)
    attempt: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=5)
    backoff_seconds: Mapped[int] = mapped_column(default=30)
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class MessageWait(Base):
    """Who waits for which message: correlation is a look-up here."""

    __tablename__ = "message_wait"
    __table_args__ = (sa.Index("ix_message_wait_name", "name", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    spiff_id: Mapped[str]
    process_key: Mapped[str]  # of the diagram the element stands in
    element: Mapped[str]
    name: Mapped[str]
    key: Mapped[str]  # JSON list, the value of `nyckel`
    since: Mapped[datetime]


class Message(Base):
    """What was sent; kept until somebody waits for it."""

    __tablename__ = "message"
    __table_args__ = (
        _one_of("status", MessageStatus),
        sa.Index("ix_message_name", "name", "key", "status"),
        sa.Index(
            "ix_message_kept", "name", "key",
            sqlite_where=sa.text("status = 'kept'"), postgresql_where=sa.text("status = 'kept'"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JsonText)
    status: Mapped[str] = mapped_column(default=MessageStatus.PENDING)
    sender_instance_id: Mapped[str | None]
    actor: Mapped[str]
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    receiver_instance_id: Mapped[str | None]


class Incident(Base):
    """A failure that a person must see; nowhere else are they kept."""

    __tablename__ = "incident"
    __table_args__ = (
        _one_of("status", IncidentStatus),
        sa.Index("ix_incident_status", "status", "last_at"),
        sa.Index("ix_incident_instance", "instance_id", "status"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"))
    job_id: Mapped[str | None] = mapped_column(sa.ForeignKey("job.id"))
    element: Mapped[str | None]
    element_name: Mapped[str] = mapped_column(default="")
    command: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)  # what to do again
    message: Mapped[str]
    trace: Mapped[str]
    occurrences: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=IncidentStatus.OPEN)
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]


class EventLog(Base):
    """The audit trail: append-only, one hash chain per instance.

    `hash` covers the previous row's hash, this row's facts and a digest of `detail`, so that a
    detail can be deleted by law and the chain still holds. What belongs to no instance is in
    the chain of its business key; what has neither, in "system".
    """

    __tablename__ = "event_log"
    __table_args__ = (sa.UniqueConstraint("chain", "seq"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    chain: Mapped[str]  # instance id, business key, or "system"
    seq: Mapped[int]
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"))
    business_key: Mapped[str | None]
    at: Mapped[datetime]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
    kind: Mapped[str]
    process_key: Mapped[str | None]  # of the diagram the element stands in
    element: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    digest: Mapped[str]
    hash: Mapped[str]
