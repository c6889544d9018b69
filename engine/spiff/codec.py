"""A run as bytes, and back: what it needs to go on, in order, without its specs.

The rows stand parents first, and each holds what its data changes of its parent's; the order is
therefore part of the meaning, and the bytes are not to be kept as JSONB.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task, TaskState

from engine.errors import EngineError
from engine.spiff.collapse import collapse
from engine.spiff.journal import HERE, recall
from engine.spiff.specs import SpecSet
from engine.spiff.values import RunContext
from engine.spiff.workflow import CalledWorkflow, CaseWorkflow
from engine.texts import gettext as _

FORMAT = "arendegang/1"
_LIVE = HERE | TaskState.ERROR
_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class UnreadableState(EngineError):
    """The state is of another format, or of other diagrams than those at hand."""


def dump(workflow: CaseWorkflow) -> bytes:
    collapse(workflow)
    called = [
        {"host": task_id.hex, **_tree(tree)} for task_id, tree in workflow.subprocesses.items()
    ]
    state = {"format": FORMAT, **_tree(workflow), "called": called}
    try:
        return orjson.dumps(state, option=_STRICT)
    except TypeError as error:
        raise EngineError(
            _("Det finns värden som inte går att spara (%(error)s).", error=error)
        ) from error


def load(specs: SpecSet, state: bytes, context: RunContext) -> CaseWorkflow:
    saved = orjson.loads(state)
    if saved.get("format") != FORMAT:
        raise UnreadableState(_("Flödets sparade läge har ett format som inte känns igen."))
    workflow = CaseWorkflow(specs.main, specs.called, context, deserializing=True)
    try:
        _fill(workflow, saved)
        for part in saved["called"]:
            _attach(workflow, part)
    except KeyError as error:
        raise UnreadableState(
            _("Flödets sparade läge hör till andra diagram: %(what)s saknas.", what=error)
        ) from error
    return workflow


def misfits(old: SpecSet, new: SpecSet, state: bytes) -> list[str]:
    """Elements where the case stands that `new` doesn't have as they are in `old`."""
    saved = orjson.loads(state)
    found: list[str] = []
    inner: dict[str, tuple[Any, Any]] = {}  # host task to its called process, before and after
    for part in [saved, *saved["called"]]:
        before, after = inner.get(part.get("host", ""), (old.main, new.main))
        for row in part["tasks"]:
            task_id, _parent, task_state, name = _whole(row)[:4]
            if not task_state & _LIVE:
                continue
            was, becomes = before.task_specs[name], after and after.task_specs.get(name)
            if type(was) is not type(becomes):
                found.append(name.removesuffix(" [child]"))
            if isinstance(was, SubWorkflowTask):
                inner[task_id] = old.called[was.spec], new.called.get(was.spec)
    return found


def _tree(tree: Any) -> dict[str, Any]:
    position = {task_id: index for index, task_id in enumerate(tree.tasks)}
    saved: dict[str, Any] = {
        "tasks": [_row(task, tree.tasks, position) for task in tree.tasks.values()]
    }
    if tree.completed:
        saved["completed"] = tree.data
    elif tree.data:
        saved["objects"] = tree.data
    return saved


def _row(task: Task, tasks: Mapping[Any, Task], position: Mapping[Any, int]) -> list[Any]:
    """Only a task under way is ever asked for by id."""
    parent = tasks.get(task._parent)
    known = parent.data if parent is not None else {}
    changed = {n: v for n, v in task.data.items() if n not in known or known[n] != v}
    row = [
        task.id.hex if task._state & _LIVE else None,
        position.get(task._parent),
        int(task._state),
        task.task_spec.name,
        changed,
        [name for name in known if name not in task.data],
        task.internal_data if task._state & _LIVE else None,
        task.triggered,
    ]
    while row and not row[-1]:  # most are just their first five
        row.pop()
    return row


def _fill(tree: Any, saved: Mapping[str, Any]) -> None:
    specs = tree.spec.task_specs
    made: list[Task] = []
    for row in saved["tasks"]:
        task_id, parent_at, state, name, changed, gone, internal, triggered = _whole(row)
        parent = made[parent_at] if parent_at is not None else None
        # What is behind may be gone from diagrams the case has been moved to.
        spec = specs[name] if state & _LIVE else specs.get(name, tree.spec.start)
        task = Task(tree, spec, state=state, id=UUID(hex=task_id) if task_id else None)
        if parent is not None:
            task._parent = parent.id
            parent._children.append(task.id)
            task.data = {**parent.data, **changed}
            for lost in gone:
                task.data.pop(lost, None)
        else:
            task.data = changed
        task.internal_data, task.triggered = internal or {}, triggered
        if state & HERE:
            recall(task, state)
            if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
                tree.top_workflow.event_manager.add_task(task)
        made.append(task)
    tree.task_tree = made[0]
    tree.completed = "completed" in saved
    tree.data = saved.get("completed") or saved.get("objects") or {}


def _whole(row: list[Any]) -> list[Any]:
    empty: list[Any] = [None, None, 0, "", {}, [], {}, False]
    return row + empty[len(row) :]


def _attach(workflow: CaseWorkflow, part: Mapping[str, Any]) -> None:
    host_id = UUID(hex=part["host"])
    host = workflow.get_task_from_id(host_id)
    spec = workflow.subprocess_specs[host.task_spec.spec]
    called = CalledWorkflow(spec, host_id, workflow, deserializing=True)
    _fill(called, part)
    workflow.subprocesses[host_id] = called
    called.completed_event.connect(host.task_spec._on_subworkflow_completed, host)
