"""The steps a case has taken, with actor and day: the diagram's text twin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine import tasks
from engine.tables import Instance, TaskStatus
from processes import accounts
from web.current import engine
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class WalkedStep:
    name: str
    process: str
    state: str  # done | here | stopped
    who: str
    since: datetime
    until: datetime | None
    due_at: datetime


def walked(session: Session, instance: Instance) -> list[WalkedStep]:
    """Every human step of the instance, in the order they came, called processes included."""
    found = tasks.of_instance(session, instance.id)
    people = {task.completed_by or task.assignee or "" for task in found}
    names = accounts.names(session, sorted(people - {""}))
    specs = engine().specs_of(session, instance.process_version_id)
    states = {
        TaskStatus.OPEN: "here",
        TaskStatus.COMPLETED: "done",
        TaskStatus.CANCELLED: "stopped",
    }
    return [
        WalkedStep(
            name=task.name,
            process=specs.process_names.get(task.process_key, task.process_key),
            state=states[TaskStatus(task.status)],
            who=names.get(task.completed_by or task.assignee or "", task.candidate_label),
            since=task.created_at,
            until=task.completed_at,
            due_at=task.due_at,
        )
        for task in found
    ]


def state_words() -> dict[str, tuple[str, str]]:
    """Words and tone of each state."""
    return {
        "done": (_("Klart"), "success"),
        "here": (_("Pågår"), "accent"),
        "stopped": (_("Avbröts"), "neutral"),
    }
