"""A run that is saved with SpiffWorkflow's own serializer: everything kept, nothing forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import (
    BpmnSubWorkflowConverter,
    BpmnWorkflowConverter,
)
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG

from engine.spiff import Run, SpecSet
from engine.spiff.journal import HERE, recall
from engine.spiff.values import RunContext
from engine.spiff.workflow import CalledWorkflow, CaseWorkflow


def save(run: Run) -> str:
    saved: str = _serializer(None).serialize_json(run._workflow)
    return saved


def load(specs: SpecSet, state: str, context: RunContext) -> Run:
    workflow = _serializer((specs, context)).deserialize_json(state)
    for task in workflow.all_tasks():
        if task._state & HERE:
            recall(task, task._state)  # what the journal keeps beside SpiffWorkflow's own
    return Run(specs, workflow)


def _serializer(given: tuple[SpecSet, RunContext] | None) -> Any:
    """The stock converters, for the engine's workflow classes and without their specs."""

    class CaseConverter(BpmnWorkflowConverter):  # type: ignore[misc]
        def to_dict(self, workflow: CaseWorkflow) -> dict[str, Any]:
            saved: dict[str, Any] = super(BpmnWorkflowConverter, self).to_dict(workflow)
            return {**saved, "subprocesses": self.mapping_to_dict(workflow.subprocesses)}

        def from_dict(self, saved: dict[str, Any]) -> CaseWorkflow:
            assert given is not None
            specs, context = given
            workflow = CaseWorkflow(specs.main, specs.called, context, deserializing=True)
            workflow.tasks = self.mapping_from_dict(saved["tasks"], UUID, workflow=workflow)
            workflow.task_tree = workflow.tasks[UUID(saved["root"])]
            self.set_default_attributes(workflow, saved)
            order = [UUID(task_id) for task_id in saved["subprocesses"]]
            self.subprocesses_from_dict(saved["subprocesses"], workflow)
            # The order in which what needs nobody is run.
            workflow.subprocesses = {key: workflow.subprocesses[key] for key in order}
            return workflow

    config = {
        **SPIFF_CONFIG,
        CaseWorkflow: CaseConverter,
        CalledWorkflow: BpmnSubWorkflowConverter,
    }
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))
