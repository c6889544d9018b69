"""Whose a task is."""

from __future__ import annotations

from SpiffWorkflow.task import Task


def role_of(task: Task) -> str:
    """The role of the element, or of what calls the process it stands in, outwards; "" if none.

    Within one file `ElementInfo.role` has looked already: property, lane, enclosing subprocess.
    """
    while task is not None:
        if task.task_spec.info is not None and task.task_spec.info.role:
            return str(task.task_spec.info.role)
        workflow = task.workflow
        if workflow.parent_task_id is None:
            return ""
        task = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
    return ""
