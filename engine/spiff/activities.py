"""Activities: operations, called processes and subprocesses."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.spiff.specs import defaults as stock
from SpiffWorkflow.task import Task, TaskState

from engine.errors import EngineError
from engine.host import OperationKind
from engine.spiff.failures import blaming
from engine.texts import gettext as _


class OperationTask(stock.SpiffBpmnTask):
    """A service task: an inside operation runs at once, an outside one is waited for."""

    def _run_hook(self, my_task: Task) -> bool | None:
        context, name = my_task.workflow.top_workflow.context, self.info.operation
        operation = context.operation(name)
        if operation is None:
            raise EngineError(_("Det finns ingen åtgärd ”%(name)s”.", name=name))
        if operation.kind is OperationKind.OUTSIDE:
            return None  # STARTED, until `finish`
        result = context.run_operation(name, my_task.data, self.bpmn_id)
        self.keep(my_task, result)
        return True

    def finish(self, my_task: Task, result: Any) -> None:
        self.keep(my_task, result)
        my_task.complete()

    def keep(self, my_task: Task, result: Any) -> None:
        if result is not None:
            my_task.data[self.bpmn_id] = dict(result)


class SubProcess(stock.SubWorkflowTask):
    """An embedded subprocess works on its caller's data. Values are never changed in place, so
    that copying the names is enough."""

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        subworkflow.task_tree.data.update(my_task.data)

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        my_task.data = dict(subworkflow.last_task.data)


class Transaction(SubProcess, stock.TransactionSubprocess):
    pass


class CallActivity(stock.CallActivity):
    """A called process sees what its ioSpecification lists, or everything if there is none."""

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        inputs = _listed(subworkflow, "data_inputs")
        given = my_task.data
        if inputs:
            given = {name: self._required(name, given, called=False) for name in inputs}
        subworkflow.task_tree.data.update(given)

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        # The last task, not the one named End: a terminate end event never gets that far.
        result, outputs = subworkflow.last_task.data, _listed(subworkflow, "data_outputs")
        if outputs:
            result = {name: self._required(name, result, called=True) for name in outputs}
            result = {**my_task.data, **result}
        my_task.data = dict(result)

    def _required(self, name: str, data: dict[str, Any], *, called: bool) -> Any:
        if name in data:
            return data[name]
        with blaming(self.info):
            if called:
                raise EngineError(_("Den anropade processen gav inget värde för ”%(n)s”.", n=name))
            raise EngineError(_("Den anropade processen kräver ”%(n)s”, som saknas.", n=name))


def is_outside_call(task: Task) -> bool:
    return isinstance(task.task_spec, OperationTask) and bool(task.has_state(TaskState.STARTED))


def _listed(subworkflow: Any, direction: str) -> list[str]:
    specification = subworkflow.spec.io_specification
    return [ref.bpmn_id for ref in getattr(specification, direction)] if specification else []
