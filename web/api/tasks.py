"""The inbox and what is done with a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from engine import inbox, tasks
from engine.errors import NotFound
from engine.host import Actor
from engine.tables import NO_DEADLINE, Task
from processes import access
from web import transactions
from web.api import schemas, visibility
from web.current import engine, now, user
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Blueprint("api_tasks", __name__, url_prefix="/api/v1/tasks")


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.TaskQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.TaskOut))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """What is mine and what my roles may take; `assignee=me` gives only the first."""
    reader = visibility.reader()
    page = inbox.page(
        transactions.reading(),
        assignees=reader.assignees,
        candidates=() if query["assignee"] == "me" else reader.candidates,
        overdue_before=now() if query["overdue"] else None,
        due_before=query["due_before"],
        process=query["process"],
        business_key=query["case"],
        role=query["role"],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    words = (query["q"] or "").casefold()
    return {
        "items": [_brief(task) for task in page.items if words in task.name.casefold()],
        "next": page.next,
    }


@blueprint.get("/<task_id>")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.TaskDetailOut)
def show(task_id: str) -> dict[str, Any]:
    session = transactions.reading()
    task = visibility.task(tasks.get(session, task_id))
    info = tasks.info(session, engine(), task)
    return {
        **_brief(task),
        "form": tasks.form(session, engine(), task),
        "draft": tasks.draft(session, task_id),
        "rule": info.rule,
        "help": info.help or info.documentation,
    }


@blueprint.post("/<task_id>/claim")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.LockVersion)
@blueprint.response(200, schemas.TaskOut)
def claim(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    return _change(
        task_id,
        lambda session, who: tasks.claim(session, engine(), task_id, actor=who, **sent),
    )


@blueprint.post("/<task_id>/release")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.LockVersion)
@blueprint.response(200, schemas.TaskOut)
def release(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    return _change(
        task_id,
        lambda session, who: tasks.release(session, engine(), task_id, actor=who, **sent),
    )


@blueprint.post("/<task_id>/delegate")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.DelegateIn)
@blueprint.response(200, schemas.TaskOut)
def delegate(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    return _change(
        task_id,
        lambda session, who: tasks.delegate(session, engine(), task_id, actor=who, **sent),
    )


@blueprint.post("/<task_id>/draft")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.AnswersIn)
@blueprint.response(200, schemas.TaskOut)
def draft(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    return _change(
        task_id,
        lambda session, who: tasks.save_draft(session, engine(), task_id, sent["data"], actor=who),
    )


@blueprint.post("/<task_id>/complete")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.CompleteIn)
@blueprint.response(200, schemas.CompletedOut)
def complete(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    def work(session: Session) -> dict[str, Any]:
        who = _allowed(session, task_id)
        done = tasks.complete(
            session,
            engine(),
            task_id,
            sent["data"],
            actor=who,
            lock_version=sent["lock_version"],
        )
        following = done.next_task_ids[:1]
        return {
            "instance_id": done.instance_id,
            "next": _brief(tasks.get(session, following[0])) if following else None,
        }

    return transactions.perform(work)


def _change(task_id: str, act: Callable[[Session, Actor], object]) -> dict[str, Any]:
    def work(session: Session) -> dict[str, Any]:
        act(session, _allowed(session, task_id))
        return _brief(tasks.get(session, task_id))

    return transactions.perform(work)


def _allowed(session: Session, task_id: str) -> Actor:
    task = tasks.get(session, task_id)
    reader = access.reader(session, user().id, now())
    if not access.may_see_task(session, reader, task):
        raise NotFound(_("Uppgiften finns inte."))
    return access.may_act(session, user().id, task, now())


def _brief(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "instance_id": task.instance_id,
        "process": task.process_key,
        "element": task.element,
        "name": task.name,
        "case": task.business_key,
        "role": task.role,
        "candidate": task.candidate_label,
        "assignee": task.assignee,
        "due_at": None if task.due_at == NO_DEADLINE else task.due_at,
        "status": task.status,
        "lock_version": task.lock_version,
        "created_at": task.created_at,
    }
