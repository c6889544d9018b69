"""One case as it runs: everything that can be asked of it and done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.task import Task, TaskState

from engine.errors import Stale
from engine.spiff import codec, roles
from engine.spiff.activities import is_outside_call
from engine.spiff.events import Message
from engine.spiff.gateways import EventGateway
from engine.spiff.joins import ancestors, merged
from engine.spiff.journal import HERE, wait_id
from engine.spiff.loops import Parallel, Sequential
from engine.spiff.specs import SpecSet
from engine.spiff.timers import Once, Repeated
from engine.spiff.values import (
    ElementInfo,
    ElementRecord,
    MessagePoint,
    Moved,
    OpenTask,
    OutsideCall,
    RunContext,
    Sent,
    TimerWait,
)
from engine.spiff.workflow import CaseWorkflow


class Run:
    """A running workflow in memory. After a RunFailed it is to be thrown away."""

    def __init__(self, specs: SpecSet, workflow: CaseWorkflow) -> None:
        self._specs = specs
        self._workflow = workflow

    @classmethod
    def start(cls, specs: SpecSet, data: Mapping[str, Any], context: RunContext) -> Run:
        """A new case, run until it waits."""
        workflow = CaseWorkflow(specs.main, specs.called, context)
        workflow.task_tree.data.update(data)
        workflow.settle()
        return cls(specs, workflow)

    @classmethod
    def load(cls, specs: SpecSet, state: bytes, context: RunContext) -> Run:
        return cls(specs, codec.load(specs, state, context))

    @classmethod
    def misfits(cls, old: SpecSet, new: SpecSet, state: bytes) -> list[str]:
        """Where a case stands that `new` doesn't have, or has as something else.

        With none, the case can be loaded with `new` and goes on there: its open tasks, timers
        and waits keep their ids and their data.
        """
        return codec.misfits(old, new, state)

    def dump(self) -> bytes:
        return codec.dump(self._workflow)

    # Where it stands

    @property
    def completed(self) -> bool:
        return bool(self._workflow.completed)

    @property
    def records(self) -> list[ElementRecord]:
        """What has happened since it was started or loaded, in order."""
        return self._workflow.journal.records

    def data(self) -> dict[str, Any]:
        """What the case knows: its branches' data put together as a join would."""
        if self._workflow.completed:
            return {k: v for k, v in self._workflow.data.items() if k != "data_objects"}
        fronts = [task for task in self._workflow.tasks.values() if task.has_state(HERE)]
        passed = {before.id for task in fronts for before in ancestors(task)}
        leaves = [task for task in fronts if task.id not in passed]
        return merged(leaves) if leaves else dict(self._workflow.task_tree.data)

    def open_tasks(self) -> list[OpenTask]:
        return [
            OpenTask(
                spiff_id=task.id.hex,
                info=task.task_spec.info,
                role=roles.role_of(task),
                data=task.data,
            )
            for task in self._workflow.all_tasks()
            if _is_open(task)
        ]

    def data_of(self, spiff_id: str) -> dict[str, Any]:
        """What an open task's branch knows. Raises Stale unless that task is open."""
        task = self._find(spiff_id)
        if not _is_open(task):
            raise Stale
        data: dict[str, Any] = task.data
        return data

    def timers(self) -> list[TimerWait]:
        return [
            TimerWait(
                spiff_id=wait_id(task, arm),
                process_key=definition.info.process_key,
                element=definition.info.id,
                due_at=datetime.fromisoformat(state["due"]),
                cycles=state.get("left"),
            )
            for task, arm, definition, state in self._waiting()
            if isinstance(definition, Once | Repeated) and state.get("left") != 0
        ]

    def waits(self) -> list[MessagePoint]:
        return [
            MessagePoint(
                spiff_id=wait_id(task, arm),
                process_key=definition.info.process_key,
                element=definition.info.id,
                name=definition.name,
                key=state["key"],
            )
            for task, arm, definition, state in self._waiting()
            if isinstance(definition, Message)
        ]

    def calls(self) -> list[OutsideCall]:
        return [
            OutsideCall(
                spiff_id=task.id.hex,
                process_key=task.task_spec.info.process_key,
                element=task.task_spec.info.id,
                operation=task.task_spec.info.operation,
                data=task.data,
                retries=task.task_spec.info.retries,
                backoff=task.task_spec.info.backoff,
            )
            for task in self._workflow.all_tasks()
            if is_outside_call(task)
        ]

    def sent(self) -> list[Sent]:
        """Messages thrown since last asked."""
        sent, self._workflow.outbox = self._workflow.outbox, []
        return sent

    # What can be done to it

    def complete(self, spiff_id: str, answers: Mapping[str, Any]) -> None:
        """Raises Stale unless that task is open."""
        task = self._find(spiff_id)
        if not _is_open(task):
            raise Stale
        task.data[task.task_spec.bpmn_id] = dict(answers)
        self._workflow.attempt(task, Task.run)
        self._workflow.settle()

    def fire(self, spiff_id: str, now: datetime) -> None:
        """Let one timer go off if it is due at `now`; Stale when it was called off.

        Only this one, so that a branch which fails stops no other. Of several that are due, the
        caller takes the one due first: it may call off the rest.
        """
        timer, _arm = self._waiting_at(spiff_id)
        self._workflow.clock = now
        self._workflow.let_go_off(timer)
        self._workflow.settle()

    def deliver(self, spiff_id: str, payload: Mapping[str, Any]) -> None:
        """Hand a message to the one task that waits for it; Stale if it no longer does."""
        task, arm = self._waiting_at(spiff_id)
        self._workflow.attempt(task, lambda task: _hand_over(task, arm, dict(payload)))
        self._workflow.settle()

    def finish_call(self, spiff_id: str, result: Mapping[str, Any] | None) -> None:
        """The outside operation is done; Stale if its result is no longer waited for."""
        task = self._find(spiff_id)
        if not is_outside_call(task):
            raise Stale
        self._workflow.attempt(task, lambda task: task.task_spec.finish(task, result))
        self._workflow.settle()

    def reschedule(self) -> list[Moved]:
        """Reckon every waiting timer anew; what has become due goes off with its job."""
        moved = []
        for task, arm, definition, state in list(self._waiting()):
            due = definition.moved(task, state) if isinstance(definition, Once) else None
            if due is not None:
                old, state["due"] = datetime.fromisoformat(state["due"]), due.isoformat()
                moved.append(_moved(wait_id(task, arm), definition.info, old, due))
        return moved

    def add_to_multi_instance(self, element: str, item: Any) -> None:
        """One more of several that are under way at `element`; Stale when none are."""
        for task in self._workflow.all_tasks():
            spec = task.task_spec
            several = isinstance(spec, Parallel | Sequential) and spec.bpmn_id == element
            if several and task.has_state(TaskState.STARTED):
                self._workflow.attempt(task, lambda task: task.task_spec.add(task, item))
                self._workflow.settle()
                return
        raise Stale

    def retry(self, element: str) -> None:
        """Run what failed at `element` once more, from the data it had; Stale if nothing did."""
        failed = [
            task
            for task in self._workflow.all_tasks()
            if task.has_state(TaskState.ERROR) and task.task_spec.bpmn_id == element
        ]
        if not failed:
            raise Stale
        for task in failed:
            self._workflow.attempt(task, lambda task: task.reset_branch(None))
        self._workflow.settle()

    def cancel(self) -> None:
        """Call everything off; nothing waits any more."""
        self._workflow.cancel()

    def _find(self, spiff_id: str) -> Task:
        task_id = UUID(hex=spiff_id)
        for tree in self._workflow.trees():
            if task_id in tree.tasks:
                return tree.tasks[task_id]
        raise Stale

    def _waiting_at(self, spiff_id: str) -> tuple[Task, str]:
        task_id, _, arm = spiff_id.partition("/")
        task = self._find(task_id)
        if not task.has_state(TaskState.WAITING):
            raise Stale
        return task, arm

    def _waiting(self) -> Iterator[tuple[Task, str, Any, dict[str, Any]]]:
        """Every event waited for: its task, the arm of an event-based gateway, and its state."""
        for task in self._workflow.event_manager.tasks.values():
            spec = task.task_spec
            if isinstance(spec, EventGateway):
                for arm, state in task.internal_data["arms"].items():
                    yield task, arm, spec.arms[arm], state
            else:
                yield task, "", spec.event_definition, task.internal_data


def _is_open(task: Task) -> bool:
    return bool(task.has_state(TaskState.READY) and task.task_spec.manual)


def _hand_over(task: Task, arm: str, payload: dict[str, Any]) -> None:
    spec = task.task_spec
    if arm:
        spec.deliver(task, arm, payload)
        return
    spec.catch(task, BpmnEvent(spec.event_definition, payload=payload))
    spec._update(task)


def _moved(spiff_id: str, info: ElementInfo, old: datetime, new: datetime) -> Moved:
    return Moved(spiff_id=spiff_id, process_key=info.process_key, element=info.id, old=old, new=new)
