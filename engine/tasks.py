"""What people do with their tasks: claim, hand over, half-fill, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import forms, history, projection
from engine.errors import Invalid, NotFound, Stale
from engine.execution import Execution
from engine.held import Held, TaskRow, lock_of_task
from engine.host import Actor
from engine.spiff import ElementInfo, RecordKind
from engine.storable import require_storable
from engine.tables import Instance, Task, TaskDraft, TaskStatus
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

COMPLETE = "complete"


@dataclass(frozen=True, kw_only=True)
class Completion:
    """`next_task_ids`: what now lies on the same person in the same instance, soonest first."""

    instance_id: str
    next_task_ids: list[str]


def get(session: Session, task_id: str) -> Task:
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound(_("Uppgiften finns inte."))
    return task


def has_business_key(key: str) -> sa.ColumnElement[bool]:
    """The condition on `Task`, by its instance: an index more would be written at each step."""
    return Task.instance_id.in_(sa.select(Instance.id).where(Instance.business_key == key))


def of_business_key(session: Session, business_key: str, open_only: bool = True) -> list[Task]:
    query = sa.select(Task).where(has_business_key(business_key))
    if open_only:
        query = query.where(Task.status == TaskStatus.OPEN)
    return list(session.scalars(query.order_by(Task.created_at, Task.id)))


def completed_by(session: Session, user_id: str, *, since: datetime, limit: int = 20) -> list[Task]:
    """What the person completed since then, the latest first."""
    query = sa.select(Task).where(Task.completed_by == user_id, Task.completed_at >= since)
    return list(session.scalars(query.order_by(Task.completed_at.desc(), Task.id).limit(limit)))


def of_instance(session: Session, instance_id: str) -> list[Task]:
    """Every task of one instance, ended ones too, in the order they appeared."""
    query = sa.select(Task).where(Task.instance_id == instance_id)
    return list(session.scalars(query.order_by(Task.created_at, Task.due_at, Task.id)))


def info(session: Session, engine: Engine, task: Task) -> ElementInfo:
    """The task's element as drawn, in the version that its instance runs."""
    instance = session.get_one(Instance, task.instance_id)
    specs = engine.specs_of(session, instance.process_version_id)
    return specs.elements[task.process_key, task.element]


def form(session: Session, engine: Engine, task: Task) -> dict[str, Any] | None:
    """The schema of the task's form, in the version that its instance runs."""
    instance = session.get_one(Instance, task.instance_id)
    return engine.form(session, instance.process_version_id, task.form)


def claim(
    session: Session, engine: Engine, task_id: str, *, actor: Actor, lock_version: int | None
) -> Task:
    """Take a role's task on oneself."""
    task, instance = _held(session, task_id, lock_version)
    if task.assignee is not None and task.assignee != actor.id:
        raise Stale(_("Någon annan har redan tagit uppgiften."))
    return _assign(session, engine, task, instance, actor.id, "task_claimed", actor)


def release(
    session: Session, engine: Engine, task_id: str, *, actor: Actor, lock_version: int | None
) -> Task:
    """Give a task back to its role."""
    task, instance = _held(session, task_id, lock_version)
    return _assign(session, engine, task, instance, None, "task_released", actor)


def delegate(
    session: Session,
    engine: Engine,
    task_id: str,
    *,
    actor: Actor,
    lock_version: int | None,
    to: str,
) -> Task:
    """Lay a task on somebody else; who may be chosen is the domain's to say."""
    task, instance = _held(session, task_id, lock_version)
    return _assign(session, engine, task, instance, to, "task_delegated", actor)


def complete(
    session: Session,
    engine: Engine,
    task_id: str,
    answers: dict[str, Any],
    *,
    actor: Actor,
    lock_version: int | None,
) -> Completion:
    """Check the answers, state their facts, and let the case go on: all of it or nothing.

    Raises Stale when somebody was there first, Invalid with the fields that are wrong.
    """
    require_storable(answers)
    session.info["command"] = _command(task_id, answers, actor)
    execution = Execution.of(session, engine, lock_of_task(session, task_id), actor)
    task = next((found for found in execution.tasks.values() if found.id == task_id), None)
    if task is None or lock_version not in (None, task.lock_version):
        raise Stale
    kept = _accepted(execution, task, execution.run.data_of(task.spiff_id), answers)
    execution.completing = task.id
    projection.end([task], execution)
    execution.say()  # a server writes it while the case goes on here
    execution.details[RecordKind.COMPLETED, task.spiff_id] = {"answers": kept}
    execution.run.complete(task.spiff_id, kept)
    execution.save()
    return Completion(instance_id=execution.instance.id, next_task_ids=_next(execution, actor))


def complete_again(session: Session, engine: Engine, command: Mapping[str, Any]) -> None:
    """Do what a command that failed was to do, in the name of who gave it."""
    if get(session, command["task_id"]).status != TaskStatus.OPEN:
        return
    actor = Actor(id=command["actor"], on_behalf_of=command["on_behalf_of"])
    answers = command["answers"]
    complete(session, engine, command["task_id"], answers, actor=actor, lock_version=None)


def is_over(session: Session, command: Mapping[str, Any]) -> bool:
    """Whether somebody has completed the task since, or it has been called off."""
    return get(session, command["task_id"]).status != TaskStatus.OPEN


def save_draft(
    session: Session, engine: Engine, task_id: str, answers: dict[str, Any], *, actor: Actor
) -> None:
    """Keep a half-filled form; nothing of it is checked, run or logged."""
    require_storable(answers)
    # Held, since what is saved while the task is being completed would lie there for ever.
    _held(session, task_id, None)
    draft = TaskDraft(
        task_id=task_id, answers=answers, saved_by=actor.id, saved_at=engine.clock.now()
    )
    session.merge(draft)


def draft(session: Session, task_id: str) -> dict[str, Any]:
    """What was kept of the half-filled form, {} when nothing was."""
    found = session.get(TaskDraft, task_id)
    return found.answers if found else {}


def _held(session: Session, task_id: str, lock_version: int | None) -> tuple[Task, Held]:
    """An open task as the caller saw it, its instance locked since its chain is written to."""
    instance = lock_of_task(session, task_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    if task.status != TaskStatus.OPEN or lock_version not in (None, task.lock_version):
        raise Stale
    return task, instance


def _assign(
    session: Session,
    engine: Engine,
    task: Task,
    instance: Held,
    assignee: str | None,
    kind: str,
    actor: Actor,
) -> Task:
    if task.assignee == assignee:
        return task
    detail = {"task_id": task.id, "from": task.assignee, "to": assignee}
    task.assignee = assignee
    task.claimed_at = engine.clock.now() if assignee else None
    task.lock_version += 1
    session.flush()
    history.append(
        session,
        engine,
        kind=kind,
        actor=actor,
        instance=instance,
        process_key=task.process_key,
        element=task.element,
        name=task.name,
        detail=detail,
    )
    return task


def _accepted(
    execution: Execution, task: TaskRow, data: Mapping[str, Any], answers: dict[str, Any]
) -> dict[str, Any]:
    """The answers once form and operation have taken them, with what the operation adds."""
    scope = execution.context.scope(data, task.element)
    schema = execution.engine.form(
        execution.session, execution.instance.process_version_id, task.form
    )
    if schema is not None:
        host = execution.engine.host

        def options(source: str) -> list[str]:
            return [option.value for option in host.options(execution.session, source, scope)]

        errors = forms.validate(schema, answers, options)
        if errors:
            raise Invalid([replace(error, element=task.element) for error in errors])
        answers = forms.filled(schema, answers)
    specs = execution.engine.specs_of(execution.session, execution.instance.process_version_id)
    operation = specs.elements[task.process_key, task.element].operation
    if not operation:
        return answers
    result = execution.context.run_operation(operation, data, task.element, answers)
    return {**answers, **(result or {})}


def _next(execution: Execution, actor: Actor) -> list[str]:
    mine = [task for task in execution.tasks.values() if task.assignee == actor.id]
    return [task.id for task in sorted(mine, key=lambda task: (task.due_at, task.created_at))]


def _command(task_id: str, answers: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return {
        "name": COMPLETE,
        "task_id": task_id,
        "answers": answers,
        "actor": actor.id,
        "on_behalf_of": actor.on_behalf_of,
    }
