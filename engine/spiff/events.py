"""Messages, errors and escalations as this engine means them.

A message never meets its catcher inside SpiffWorkflow: what is thrown goes to the outbox, what is
caught is handed to exactly one waiting task. (SpiffWorkflow lets the first message of any case
match, and binds the case to it.)
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.spiff.specs import event_definitions as stock
from SpiffWorkflow.task import Task, TaskState

from engine import expressions
from engine.errors import EngineError
from engine.spiff.boundaries import interrupt
from engine.spiff.failures import blaming
from engine.spiff.journal import forget
from engine.spiff.values import ElementInfo, RecordKind, Sent
from engine.texts import gettext as _


class Message(stock.MessageEventDefinition):
    info: ElementInfo  # of the element it stands on

    def begin(self, task: Task) -> dict[str, Any]:
        """The key it waits for, to be kept with the task."""
        return {"key": self._key(task)}

    def update_task(self, task: Task) -> None:
        if "key" not in task.internal_data:
            task.internal_data.update(self.begin(task))

    def catch(self, task: Task, event: BpmnEvent | None = None) -> None:
        task.internal_data["payload"] = dict(event.payload or {}) if event else {}
        task.internal_data["event_fired"] = True
        task.workflow.top_workflow.journal.note(RecordKind.MESSAGE_RECEIVED, task)

    def update_task_data(self, task: Task) -> None:
        self.keep(task, task.internal_data.get("payload", {}))

    def keep(self, task: Task, payload: dict[str, Any]) -> None:
        task.data[self.info.id] = payload
        if self.message_var:
            task.data[self.message_var] = payload

    def reset(self, task: Task) -> None:
        forget(task, "key", "payload", "event_fired")

    def throw(self, task: Task) -> None:
        top = task.workflow.top_workflow
        top.outbox.append(
            Sent(
                process_key=self.info.process_key,
                element=self.info.id,
                name=self.name,
                key=self._key(task),
                payload=self._payload(task),
            )
        )

    def _key(self, task: Task) -> list[Any]:
        if not self.info.nyckel:
            return []
        value = _evaluate(self.info.nyckel, task, self.info)
        return list(value) if isinstance(value, list | tuple) else [value]

    def _payload(self, task: Task) -> dict[str, Any]:
        text = self.info.innehall or self.expression
        if not text:
            return {}
        value = _evaluate(text, task, self.info)
        if not isinstance(value, dict):
            with blaming(self.info):
                raise EngineError(
                    _("Meddelandets innehåll ska vara namn och värden, inte %(v)s.", v=value)
                )
        return value


class _Outwards:
    """Errors and escalations go to the nearest boundary event around them, nowhere else.

    SpiffWorkflow offers them to the whole instance, sibling subprocesses included, and lets what
    they interrupt go on as long as nobody is waited for.
    """

    def throw(self, task: Task) -> None:
        catcher = _catcher(task, self)
        if catcher is None:
            self.uncaught(task)
            return
        catcher.task_spec.catch(catcher, BpmnEvent(self))
        catcher.task_spec._update(catcher)
        if catcher.task_spec.cancel_activity:
            task._set_state(TaskState.COMPLETED)
            interrupt(catcher)

    def uncaught(self, task: Task) -> None:
        pass


class Error(_Outwards, stock.ErrorEventDefinition):
    def uncaught(self, task: Task) -> None:
        with blaming(task.task_spec.info):
            raise EngineError(_("Inget tar hand om felet ”%(name)s”.", name=self.code or self.name))


class Escalation(_Outwards, stock.EscalationEventDefinition):
    """BPMN lets an escalation that nobody takes pass."""


class Cancel(_Outwards, EventDefinition):
    """Calls off the transaction it stands in.

    SpiffWorkflow's calls off every transaction beside it too, and knows none that is done several
    times.
    """

    def uncaught(self, task: Task) -> None:
        with blaming(task.task_spec.info):
            raise EngineError(_("Ingen händelse på transaktionens kant tar emot att den avbryts."))


def _catcher(task: Task, thrown: Any) -> Task | None:
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        for boundary in _boundaries(host):
            definition = boundary.task_spec.event_definition
            if boundary.has_state(TaskState.WAITING) and definition == thrown:
                return boundary
        workflow = host.workflow
    return None


def _boundaries(host: Task) -> list[Task]:
    holder = host.parent
    if isinstance(holder.task_spec, LoopTask):
        holder = holder.parent
    if not isinstance(holder.task_spec, BoundaryEventSplit):
        return []
    return [task for task in holder.children if isinstance(task.task_spec, BoundaryEvent)]


def _evaluate(text: str, task: Task, info: ElementInfo) -> Any:
    context = task.workflow.top_workflow.context
    with blaming(info):
        return expressions.evaluate(text, context.names(task.data, info.id), context.functions)
