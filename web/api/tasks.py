"""The inbox and what is done with a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from engine import inbox, tasks
from engine.errors import NotAllowed, Stale
from engine.host import Actor
from engine.paging import Page
from engine.tables import NO_DEADLINE, Task, TaskStatus
from processes import access, cases
from web import transactions
from web.api import lists, opened, schemas, visibility
from web.api.blueprints import Calls, tagged
from web.current import engine, now
from web.permissions import Permission, permission
from web.tasks import handover

T = TypeVar("T")

blueprint = Calls("tasks", "/tasks", about="The inbox, and what is done with a task.")

MOST_PAGES = 40  # read for one answer when words are looked for


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.TaskQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.Task))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """The inbox, soonest due first.

    What lies on the caller and what the caller's roles may take, those that the caller stands in
    for included; `assignee=me` leaves out what is to take.
    """
    session = transactions.reading()
    found: list[Task] = []
    following = query["cursor"]
    for _turn in range(MOST_PAGES):
        page = _page(session, query, limit=query["limit"] - len(found), cursor=following)
        found += [task for task in page.items if _is_wanted(session, task, query["q"])]
        following = page.next
        if following is None or len(found) == query["limit"]:
            break
    return lists.answer([brief(task) for task in found], following)


@blueprint.get("/<task_id>")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.TaskDetail)
def show(task_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One task: what is asked, and for who may work on it what the form opens with."""
    session = transactions.reading()
    task = visibility.task(session, task_id)
    info = tasks.info(session, engine(), task)
    mine = task.status == TaskStatus.OPEN and _may_act(task)
    return tagged(
        {
            **brief(task),
            "deadline": task.deadline,
            "rule": info.rule,
            "help": info.help or info.documentation,
            "may_act": mine,
            **opened.form(session, task, shown=mine),
        }
    )


@blueprint.post("/<task_id>/claim")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.LockVersion)
@blueprint.response(200, schemas.Task)
def claim(sent: dict[str, Any], task_id: str) -> Any:
    """Take a role's task on oneself."""
    return _change(
        task_id,
        lambda session, who: tasks.claim(session, engine(), task_id, actor=who, **sent),
    )


@blueprint.post("/<task_id>/release")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.LockVersion)
@blueprint.response(200, schemas.Task)
def release(sent: dict[str, Any], task_id: str) -> Any:
    """Give a task back to its role."""

    def work(session: Session, who: Actor) -> None:
        handover.require_leave(tasks.get(session, task_id))
        tasks.release(session, engine(), task_id, actor=who, **sent)

    return _change(task_id, work)


@blueprint.post("/<task_id>/delegate")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Delegation)
@blueprint.response(200, schemas.Task)
def delegate(sent: dict[str, Any], task_id: str) -> Any:
    """Lay a task on somebody else."""

    def work(session: Session, who: Actor) -> None:
        to = handover.colleague(session, tasks.get(session, task_id), sent["to"]).id
        version = sent["lock_version"]
        tasks.delegate(session, engine(), task_id, actor=who, lock_version=version, to=to)

    return _change(task_id, work)


@blueprint.post("/<task_id>/draft")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Answers)
@blueprint.response(200, schemas.Task)
def draft(sent: dict[str, Any], task_id: str) -> Any:
    """Keep a half-filled form; nothing of it is checked."""

    def work(session: Session, who: Actor) -> None:
        if sent["lock_version"] not in (None, tasks.get(session, task_id).lock_version):
            raise Stale
        tasks.save_draft(session, engine(), task_id, sent["data"], actor=who)

    return _change(task_id, work)


@blueprint.post("/<task_id>/complete")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Completion)
@blueprint.response(200, schemas.Completed)
def complete(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Answer what is asked and let the case go on, all of it or nothing.

    Answers with the caller's next task in the same instance, if there is one.
    """

    def work(session: Session) -> dict[str, Any]:
        who = _allowed(session, task_id)
        version = sent["lock_version"]
        done = tasks.complete(
            session, engine(), task_id, sent["data"], actor=who, lock_version=version
        )
        following = done.next_task_ids[:1]
        return {
            "instance_id": done.instance_id,
            "next": brief(tasks.get(session, following[0])) if following else None,
        }

    return _perform(work)


def brief(task: Task) -> dict[str, Any]:
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


def _page(session: Session, query: dict[str, Any], **part: Any) -> Page[Task]:
    reader, assignee = visibility.reader(), query["assignee"]
    assignees = reader.assignees
    if assignee not in (None, "me"):
        assignees = tuple(one for one in assignees if one == assignee)
    return inbox.page(
        session,
        assignees=assignees,
        candidates=reader.candidates if assignee is None else (),
        overdue_before=now() if query["overdue"] else None,
        due_before=query["due_before"],
        process=query["process"],
        business_key=visibility.key_of(session, query["case"]) if query["case"] else None,
        role=query["role"],
        **part,
    )


def _is_wanted(session: Session, task: Task, words: str) -> bool:
    if not access.may_see_task(session, visibility.reader(), task):
        return False
    wanted = words.casefold().split()
    if not wanted:
        return True
    key = task.business_key or ""
    text = f"{task.name} {key} {cases.headings(session, [key]).get(key, '')}".casefold()
    return all(word in text for word in wanted)


def _change(
    task_id: str, act: Callable[[Session, Actor], object]
) -> tuple[dict[str, Any], dict[str, str]]:
    def work(session: Session) -> dict[str, Any]:
        act(session, _allowed(session, task_id))
        return brief(tasks.get(session, task_id))

    return tagged(_perform(work))


def _perform(work: Callable[[Session], T]) -> T:
    """Who calls, and what they may see, is looked up before anybody has to wait for them."""
    visibility.reader()
    return transactions.perform(work)


def _allowed(session: Session, task_id: str) -> Actor:
    return access.may_act(visibility.reader(), visibility.task(session, task_id))


def _may_act(task: Task) -> bool:
    try:
        access.may_act(visibility.reader(), task)
    except NotAllowed:
        return False
    return True
