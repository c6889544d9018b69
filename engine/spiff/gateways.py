"""Gateways that choose: by conditions, or by what happens first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway, ExclusiveGateway
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task, TaskState

from engine.spiff.events import Message
from engine.spiff.journal import forget
from engine.spiff.timers import Once
from engine.spiff.values import RecordKind
from engine.texts import gettext as _


class XorGateway(ExclusiveGateway):
    def _run_hook(self, my_task: Task) -> bool:
        my_task._sync_children([self._chosen(my_task)], TaskState.FUTURE)
        return True

    def _chosen(self, my_task: Task) -> TaskSpec:
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):
                return self._wf_spec.task_specs[name]
        if self.default_task_spec is None:
            raise WorkflowTaskException(
                _("Inget av villkoren är uppfyllt, och inget flöde är standard."), task=my_task
            )
        return self._wf_spec.task_specs[self.default_task_spec]


class Arms(EventDefinition):
    """Waits for the first of several events.

    SpiffWorkflow's own lets all timers share one due date.
    """

    def has_fired(self, task: Task) -> bool:
        state = task.internal_data
        if "arms" not in state:
            state["arms"] = {name: _begin(arm, task) for name, arm in _arms(task).items()}
        if "chosen" not in state:
            self._take_due_timer(task, state)
        return "chosen" in state

    def catches(self, task: Task, event: BpmnEvent) -> bool:
        return any(arm == event.event_definition for arm in _arms(task).values())

    def catch(self, task: Task, event: BpmnEvent | None = None) -> None:
        for name, arm in _arms(task).items():
            if event is not None and arm == event.event_definition:
                task.internal_data.setdefault("chosen", name)

    def reset(self, task: Task) -> None:
        forget(task, "arms", "chosen", "payload")

    def _take_due_timer(self, task: Task, state: dict[str, Any]) -> None:
        due = sorted(
            (datetime.fromisoformat(arm["due"]), name)
            for name, arm in state["arms"].items()
            if "due" in arm
        )
        if due and due[0][0] <= task.workflow.top_workflow.now:
            name = due[0][1]
            state["chosen"] = name
            info = _arms(task)[name].info
            task.workflow.top_workflow.journal.note(RecordKind.TIMER_FIRED, task, info)


class EventGateway(EventBasedGateway):
    def __init__(self, wf_spec: Any, bpmn_id: str, event_definition: Any, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, Arms(), **kwargs)
        self.arms: dict[str, Any] = {}

    def connect(self, child: TaskSpec) -> None:
        """The event is caught here; the element drawn for it is then only passed."""
        TaskSpec.connect(self, child)
        self.arms[child.name] = child.event_definition
        child.event_definition = NoneEventDefinition()

    def deliver(self, task: Task, arm: str, payload: dict[str, Any]) -> None:
        task.internal_data.update(chosen=arm, payload=payload)
        info = self.arms[arm].info
        task.workflow.top_workflow.journal.note(RecordKind.MESSAGE_RECEIVED, task, info)
        self._update(task)

    def _run_hook(self, my_task: Task) -> bool:
        chosen = my_task.internal_data["chosen"]
        arm = self.arms[chosen]
        if isinstance(arm, Message):
            arm.keep(my_task, my_task.internal_data.get("payload", {}))
        self.event_definition.reset(my_task)
        my_task._sync_children([self._wf_spec.task_specs[chosen]], TaskState.FUTURE)
        return True

    def _predict_hook(self, my_task: Task) -> None:
        """Which way it goes is known when it has happened."""


def _arms(task: Task) -> dict[str, Any]:
    arms: dict[str, Any] = task.task_spec.arms
    return arms


def _begin(arm: Any, task: Task) -> dict[str, Any]:
    return arm.begin(task) if isinstance(arm, Once | Message) else {}
