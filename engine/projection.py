"""The rows that mirror where a run waits: tasks, timers, message waits, outside calls.

The run is the truth. After each command only what differs from before it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import held, history, jobs, messages, retrying
from engine.held import TASK_COLUMNS, TaskRow
from engine.spiff import (
    MessagePoint,
    Moved,
    OpenTask,
    OutsideCall,
    Run,
    Sent,
    TimerWait,
    blaming,
    instants,
)
from engine.statements import Statement, inserting, mirror, say_all, updating
from engine.tables import (
    NO_DEADLINE,
    JobKind,
    JobStatus,
    MessageWait,
    Task,
    TaskDraft,
    TaskStatus,
    new_id,
)

if TYPE_CHECKING:
    from engine.execution import Execution


class Waiting(NamedTuple):
    """What a run waits for besides people, by the run's own ids."""

    timers: Mapping[str, TimerWait]
    messages: Mapping[str, MessagePoint]
    calls: Mapping[str, OutsideCall]

    @classmethod
    def nothing(cls) -> Waiting:
        return cls({}, {}, {})

    @classmethod
    def of(cls, run: Run) -> Waiting:
        return cls(
            timers={timer.spiff_id: timer for timer in run.timers()},
            messages={point.spiff_id: point for point in run.waits()},
            calls={call.spiff_id: call for call in run.calls()},
        )


_ROWS = Task.metadata.tables["task"]
_DRAFTS = TaskDraft.metadata.tables["task_draft"]
_MOVE = updating(_ROWS, "due_at")
_APPEAR = inserting(_ROWS)
_END = updating(_ROWS, "status", "lock_version", "completed_at", "completed_by")
_WAITS = MessageWait.metadata.tables["message_wait"]
_WAIT = inserting(_WAITS)
_DROP_WAIT = Statement(
    sa.delete(_WAITS).where(
        _WAITS.c.instance_id == sa.bindparam("of"), _WAITS.c.spiff_id == sa.bindparam("where")
    )
)
_DROP_DRAFT = Statement(sa.delete(_DRAFTS).where(_DRAFTS.c.task_id == sa.bindparam("of")))


def open_tasks(session: Session, instance_id: str) -> dict[str, TaskRow]:
    """By the run's own ids, of an instance whose lock is held; with its log's end, for later."""
    found = held.standing(session, instance_id)
    history.remember(session, instance_id, found.log_end)
    return found.tasks


def write(execution: Execution) -> None:
    """Bring the instance's rows up to where its run stands now."""
    after = Waiting.of(execution.run)
    _write_tasks(execution)
    _write_jobs(execution, execution.before, after)
    _write_waits(execution, execution.before.messages, after.messages)
    for sent in execution.run.sent():
        _send(execution, sent)


def move_deadlines(execution: Execution) -> list[Moved]:
    """Reckon the open tasks' deadlines anew, from when each task appeared."""
    moved = []
    for found in execution.run.open_tasks():
        task = execution.tasks.get(found.spiff_id)
        if task is None or not task.deadline:
            continue
        due_at = _due_at(execution, found, start=task.created_at)
        if due_at != task.due_at:
            moved.append(
                Moved(
                    spiff_id=found.spiff_id,
                    process_key=task.process_key,
                    element=task.element,
                    old=task.due_at,
                    new=due_at,
                )
            )
            execution.tasks[task.spiff_id] = task._replace(due_at=due_at)
            execution.tell(_MOVE, {"id_": task.id, "due_at": due_at})
            mirror(execution.session, Task, task.id, {"due_at": due_at})
    return moved


def _write_tasks(execution: Execution) -> None:
    found = {task.spiff_id: task for task in execution.run.open_tasks()}
    gone = [task for spiff_id, task in execution.tasks.items() if spiff_id not in found]
    if gone:
        end(gone, execution)
    new = [task for spiff_id, task in found.items() if spiff_id not in execution.tasks]
    if new:
        _appear(new, execution)


def end(gone: Sequence[TaskRow], execution: Execution) -> None:
    """Tasks that nobody is to do any more; of these what is being completed is done."""
    rows = []
    for task in gone:
        del execution.tasks[task.spiff_id]
        own = task.id == execution.completing
        values = {
            "status": TaskStatus.COMPLETED if own else TaskStatus.CANCELLED,
            "lock_version": task.lock_version + 1,
            "completed_at": execution.context.now,
            "completed_by": execution.actor.id if own else None,
        }
        rows.append({"id_": task.id, **values})
        mirror(execution.session, Task, task.id, values)
    execution.tell(_END, rows)
    execution.tell(_DROP_DRAFT, [{"of": task.id} for task in gone if task.has_draft])


def _appear(new: Sequence[OpenTask], execution: Execution) -> None:
    rows = []
    for found in new:
        # Nobody who acts here asked for that task: what is refused is the diagram's fault.
        with blaming(found.info):
            rows.append(_row(execution, found))
    execution.tell(_APPEAR, rows)
    for row in rows:
        seen = TaskRow(*[row[name] for name in TASK_COLUMNS])
        execution.tasks[seen.spiff_id] = seen


def _row(execution: Execution, found: OpenTask) -> dict[str, Any]:
    context, info, instance = execution.context, found.info, execution.instance
    scope = context.scope(found.data, info.id)
    candidate = context.host.candidate(execution.session, found.role, scope)
    return {
        "id": new_id(),
        "instance_id": instance.id,
        "spiff_id": found.spiff_id,
        "process_key": info.process_key,
        "element": info.id,
        "name": info.name or info.id,
        "business_key": instance.business_key,
        "role": found.role,
        "candidate": candidate.key,
        "candidate_label": candidate.label,
        "assignee": candidate.assignee,
        "claimed_at": None,
        "due_at": _due_at(execution, found, start=context.now),
        "deadline": info.deadline,
        "form": info.form,
        "status": TaskStatus.OPEN,
        "lock_version": 1,
        "created_at": context.now,
        "created_by": execution.actor.id,
        "completed_at": None,
        "completed_by": None,
    }


def _due_at(execution: Execution, found: OpenTask, *, start: datetime) -> datetime:
    if not found.info.deadline:
        return NO_DEADLINE
    return instants.due(found.info.deadline, execution.context, found.data, found.info.id, start)


def _write_jobs(execution: Execution, before: Waiting, after: Waiting) -> None:
    session, instance_id, fired = execution.session, execution.instance.id, execution.fired()
    # The job that is being run is brought to its end by who runs it.
    own = {execution.job.spiff_id} if execution.job else set()
    gone = (before.timers.keys() | before.calls.keys()) - after.timers.keys() - after.calls.keys()
    now = execution.context.now
    jobs.end(session, instance_id, fired - own, JobStatus.DONE, now)
    jobs.end(session, instance_id, gone - fired - own, JobStatus.CANCELLED, now)
    for spiff_id, timer in after.timers.items():
        known = before.timers.get(spiff_id)
        if known is None or spiff_id in fired:
            _add_timer(execution, timer)
        elif known.due_at != timer.due_at:
            jobs.move(session, execution.engine, instance_id, spiff_id, timer.due_at)
    for spiff_id, call in after.calls.items():
        if spiff_id not in before.calls:
            _add_call(execution, call)


def _add_timer(execution: Execution, timer: TimerWait) -> None:
    jobs.add(
        execution.session,
        execution.engine,
        kind=JobKind.TIMER,
        due_at=timer.due_at,
        instance_id=execution.instance.id,
        spiff_id=timer.spiff_id,
        element=timer.element,
        payload={"process_key": timer.process_key},
    )


def _add_call(execution: Execution, call: OutsideCall) -> None:
    jobs.add(
        execution.session,
        execution.engine,
        kind=JobKind.OPERATION,
        name=call.operation,
        instance_id=execution.instance.id,
        spiff_id=call.spiff_id,
        element=call.element,
        payload={"process_key": call.process_key, "data": dict(call.data)},
        again=retrying.read(call.retries, call.backoff),
    )


def _write_waits(
    execution: Execution, before: Mapping[str, MessagePoint], after: Mapping[str, MessagePoint]
) -> None:
    session, instance = execution.session, execution.instance
    gone = [spiff_id for spiff_id in before if spiff_id not in after]
    execution.tell(_DROP_WAIT, [{"of": instance.id, "where": spiff_id} for spiff_id in gone])
    new: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "instance_id": instance.id,
            "spiff_id": point.spiff_id,
            "process_key": point.process_key,
            "element": point.element,
            "name": point.name,
            "key": messages.key_text(point.key),
            "since": execution.context.now,
        }
        for spiff_id, point in after.items()
        if spiff_id not in before
    ]
    execution.tell(_WAIT, new)
    for wait in new:
        messages.wake_kept(session, execution.engine, wait["name"], wait["key"])


def forget(session: Session, instance_id: str, now: datetime) -> None:
    """End the jobs and waits of an instance, whatever its run would say of them."""
    unfinished = jobs.unfinished(session, instance_id)
    jobs.end(session, instance_id, unfinished, JobStatus.CANCELLED, now)
    waits = session.scalars(
        sa.select(MessageWait.spiff_id).where(MessageWait.instance_id == instance_id)
    )
    say_all(session, [(_DROP_WAIT, [{"of": instance_id, "where": wait} for wait in waits])])


def _send(execution: Execution, sent: Sent) -> None:
    messages.send(
        execution.session,
        execution.engine,
        sent.name,
        sent.key,
        sent.payload,
        actor=execution.actor,
        sender_instance_id=execution.instance.id,
    )
    execution.log(
        "message_sent", sent.process_key, sent.element, {"message": sent.name, "key": sent.key}
    )
