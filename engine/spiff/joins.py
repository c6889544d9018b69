"""Where branches meet.

SpiffWorkflow merges the branches deep and in finishing order, so that a branch which never
touched a fact puts back how it was when the branches parted; it counts tokens of earlier rounds
of a loop again; and it looks no deeper than 1 000 steps. Here tokens wait until their join fires,
each is used once, and what they carry is merged against the point where they parted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task, TaskState

from engine.texts import gettext as _

MOVING = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class TokenJoin(UnstructuredJoin):
    """A join at which every token that has come waits as a task of its own."""

    def _update_hook(self, my_task: Task) -> bool:
        if not my_task.has_state(TaskState.WAITING):
            my_task._inherit_data()
        if any(task.has_state(TaskState.READY) for task in self._tokens(my_task)):
            fires = False  # one is about to pass; it takes those it needs first
        else:
            fires = self.may_fire(my_task)
        if not fires:
            my_task._set_state(TaskState.WAITING)
        return fires

    def _run_hook(self, my_task: Task) -> bool:
        used = self.used(my_task)
        tokens = {token.id for token in used} | {my_task.id}
        my_task.data = merged([t for t in my_task.workflow.tasks.values() if t.id in tokens])
        for token in used:
            token._set_state(TaskState.CANCELLED)
            token._drop_children()
        return True

    def may_fire(self, my_task: Task) -> bool:
        raise NotImplementedError

    def used(self, my_task: Task) -> list[Task]:
        """The other tokens that pass together with `my_task`: all that wait."""
        return self._waiting(my_task)

    def _tokens(self, my_task: Task) -> Iterator[Task]:
        for task in list(my_task.workflow.tasks.values()):
            if task.task_spec is self and task is not my_task:
                yield task

    def _waiting(self, my_task: Task) -> list[Task]:
        return [task for task in self._tokens(my_task) if task.has_state(TaskState.WAITING)]


class AndGateway(TokenJoin, ParallelGateway):
    """Fires when a token has come along each incoming flow, and uses one of each."""

    def may_fire(self, my_task: Task) -> bool:
        arrived = {token.parent.task_spec.name for token in self._waiting(my_task)}
        return set(self._inputs) <= {*arrived, my_task.parent.task_spec.name}

    def used(self, my_task: Task) -> list[Task]:
        first: dict[str, Task] = {}
        for token in self._waiting(my_task):
            first.setdefault(token.parent.task_spec.name, token)
        first.pop(my_task.parent.task_spec.name, None)
        return list(first.values())


class OrGateway(TokenJoin, InclusiveGateway):
    """Fires when no token elsewhere is still to come along a flow that none has come along.

    As BPMN has it, one that may also come along a flow that has been used isn't waited for: in a
    round everything can come everywhere, and two such gateways would wait for each other.
    """

    def may_fire(self, my_task: Task) -> bool:
        arrived = {token.parent.task_spec.name for token in self._waiting(my_task)}
        arrived.add(my_task.parent.task_spec.name)
        missing = set(self._inputs) - arrived
        if not missing:
            return True
        moving = {
            task.task_spec
            for task in my_task.workflow.tasks.values()
            if task.task_spec is not self and task.has_state(MOVING)
        }
        reaches = [_reach(spec, self) for spec in moving]
        return not any(missing & reach and not arrived & reach for reach in reaches)

    def _run_hook(self, my_task: Task) -> bool:
        TokenJoin._run_hook(self, my_task)
        matches, defaults = self._get_matching_outputs(my_task)
        if not (matches or defaults):
            raise WorkflowTaskException(_("Inget av villkoren är uppfyllt."), task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        return True


class EndJoin(TokenJoin, _EndJoin):
    """The end of a process: fires when nothing else in it is under way."""

    def may_fire(self, my_task: Task) -> bool:
        return not any(
            task.has_state(TaskState.NOT_FINISHED_MASK)
            for task in my_task.workflow.tasks.values()
            if task.task_spec is not self
        )

    def _run_hook(self, my_task: Task) -> bool:
        TokenJoin._run_hook(self, my_task)
        my_task.workflow.data.update(my_task.data)
        return True


def merged(tokens: list[Task]) -> dict[str, Any]:
    """What `tokens`, the last come last, know together.

    Whole top-level values, three ways: against the point where two parted, what either changed
    holds, and the later change wins.
    """
    if len(tokens) == 1:
        return dict(tokens[0].data)
    base, branches = _parted(tokens)
    data = dict(base.data)
    for branch in branches:
        apply_changes(data, base.data, merged(branch))
    return data


def apply_changes(data: dict[str, Any], base: dict[str, Any], branch: dict[str, Any]) -> None:
    """Carry over to `data` what `branch` has changed since `base`."""
    for name, value in branch.items():
        if name not in base or base[name] != value:
            data[name] = value
    for name in base:
        if name not in branch:
            data.pop(name, None)


def _parted(tokens: list[Task]) -> tuple[Task, list[list[Task]]]:
    """The task where `tokens` parted, and they in groups by branch, the last come last."""
    paths = [list(reversed([token, *ancestors(token)])) for token in tokens]
    depth = 0
    while len({path[depth].id for path in paths}) == 1:
        depth += 1
    base = paths[0][depth - 1]
    branches: dict[Any, list[Task]] = {}
    for token, path in zip(tokens, paths, strict=True):
        branch = branches.pop(path[depth].id, [])
        branches[path[depth].id] = [*branch, token]
    return base, list(branches.values())


def ancestors(task: Task) -> Iterator[Task]:
    while (task := task.parent) is not None:
        yield task


def _reach(start: TaskSpec, stop: TaskSpec) -> set[str]:
    """Names of the specs that a token in `start` may come to without passing `stop`."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        spec = ahead.pop()
        if spec is not stop and spec.name not in seen:
            seen.add(spec.name)
            ahead.extend(spec.outputs)
    return seen
