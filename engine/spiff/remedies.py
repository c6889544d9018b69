"""What is mended in SpiffWorkflow's own classes, for good, when this package is imported.

Only what can't be reached through a class of our own. Nothing here holds state: what a run needs
hangs on its workflow, so specs and these methods are safe to share between threads.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task, TaskState

from engine.spiff import boundaries

_stock_cancel = Task.cancel


def _set_state(self: Task, value: int) -> None:
    """The one place every change of state passes: the journal listens here."""
    if value != self._state:
        self._state = value
        self.workflow.top_workflow.journal.changed(self, value)


def _cancel(self: Task) -> None:
    """Cancel what is under way below before it is dropped.

    Else the called processes of a cancelled multi-instance live on without a parent.
    """
    if not self.has_state(TaskState.FINISHED_MASK):
        for child in self.children:
            if child.has_state(TaskState.DEFINITE_MASK):
                child.cancel()
    _stock_cancel(self)


def _inherit_data(self: Task) -> None:
    """Take over the parent's values, whole; what the task was given itself (an item) stands."""
    self.data = {**self.parent.data, **self.data}


def _complete(self: Task) -> None:
    """Make the tasks that follow when they follow.

    SpiffWorkflow predicts them far ahead, in every saved state and at every load.
    """
    if self.has_state(TaskState.FINISHED_MASK):
        return  # it has thrown what interrupts the level it stands in
    if not any(not child.triggered for child in self.children):
        self.task_spec._predict_hook(self)
    self._set_state(TaskState.COMPLETED)
    self.task_spec._on_complete(self)


def _predict(self: TaskSpec, my_task: Task, *args: Any, **kwargs: Any) -> None:
    """Nothing is predicted; see `_complete`."""


def _split(self: EventSplit, my_task: Task) -> bool:
    """Set the activity under way, and its boundary events to wait."""
    my_task._sync_children(self.outputs, TaskState.FUTURE)
    for child in my_task.children:
        if isinstance(child.task_spec, self.event_type):
            child._set_state(TaskState.WAITING)
    return True


def apply() -> None:
    Task._set_state = _set_state
    Task.cancel = _cancel
    Task.complete = _complete
    Task._inherit_data = _inherit_data
    TaskSpec._predict = _predict
    EventSplit._run_hook = _split
    BoundaryEventJoin._update_hook = boundaries.update_join
    BoundaryEventJoin._check_threshold_structured = boundaries.join_fires
