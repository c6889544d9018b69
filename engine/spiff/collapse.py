"""Forgetting what is behind.

SpiffWorkflow keeps every finished task, so a looping case grows without end. What has happened is
in the log; to go on, a run needs only where it stands, what came just before, and where its
branches parted.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task, TaskState

from engine.spiff.joins import EndJoin, merged


def collapse(top: Any) -> None:
    """Drop finished called processes and tasks that nothing can ask for any more."""
    hosts = dict(top.tasks)
    for task_id, called in list(top.subprocesses.items()):  # outer ones stand first
        host = hosts.get(task_id)
        if host is None or host.has_state(TaskState.FINISHED_MASK):
            del top.subprocesses[task_id]
        else:
            hosts.update(called.tasks)
    for tree in [top, *top.subprocesses.values()]:
        _collapse_tree(tree)
        _unite_ended(tree)


def _collapse_tree(tree: Any) -> None:
    tasks: dict[Any, Task] = tree.tasks
    keep = _kept(tree)
    if len(keep) == len(tasks):
        return
    parents = {task_id: _nearest(tasks, keep, task_id) for task_id in keep}
    tree.tasks = {task_id: task for task_id, task in tasks.items() if task_id in keep}
    for task in tree.tasks.values():
        task._children = []
    for task_id, task in tree.tasks.items():
        task._parent = parents[task_id]
        if task._parent is not None:
            tree.tasks[task._parent]._children.append(task_id)


def _unite_ended(tree: Any) -> None:
    """Branches that have ended one after the other are one: a listener would leave thousands."""
    before: Task | None = None
    for task in list(tree.tasks.values()):
        if not isinstance(task.task_spec, EndJoin) or not task.has_state(TaskState.WAITING):
            continue
        if before is not None and before._parent == task._parent:
            task.data = merged([before, task])
            tree._remove_task(before.id)
        before = task


def _kept(tree: Any) -> set[Any]:
    tasks = tree.tasks
    keep = {tree.task_tree.id}
    for task in tasks.values():
        if task._state & (TaskState.NOT_FINISHED_MASK | TaskState.ERROR):
            keep.add(task.id)
            # Who came before is asked for, except at the end of a process.
            if task._parent is not None and not isinstance(task.task_spec, EndJoin):
                keep.add(task._parent)
            if isinstance(task.task_spec, Join) and task.task_spec.split_task:
                split = task.find_ancestor(task.task_spec.split_task)
                if split is not None:
                    keep.add(split.id)
    return keep | _partings(tasks, keep)


def _partings(tasks: dict[Any, Task], keep: set[Any]) -> set[Any]:
    """Where the paths from the root to `keep` part: merging asks what was known there."""
    passed: set[Any] = set()
    partings: set[Any] = set()
    for start in keep:
        at = start
        while at is not None and at not in passed:
            passed.add(at)
            at = tasks[at]._parent
        if at is not None:
            partings.add(at)
    return partings


def _nearest(tasks: dict[Any, Task], keep: set[Any], task_id: Any) -> Any:
    at = tasks[task_id]._parent
    while at is not None and at not in keep:
        at = tasks[at]._parent
    return at
