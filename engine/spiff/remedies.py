"""What is mended in SpiffWorkflow's own classes, for good, when this package is imported.

Only what can't be reached through a class of our own. Nothing here holds state: what a run needs
hangs on its workflow, so specs and these methods are safe to share between threads.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task, TaskState

_stock_cancel = Task.cancel
_stock_join_update = BoundaryEventJoin._update_hook


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


def _update_boundary_join(self: BoundaryEventJoin, my_task: Task) -> bool:
    """The join of a boundary event that doesn't interrupt has nothing to wait for."""
    event = my_task.parent.task_spec
    if isinstance(event, BoundaryEvent) and not event.cancel_activity:
        my_task._set_state(TaskState.CANCELLED)
        return False
    return bool(_stock_join_update(self, my_task))


def _boundary_join_fires(self: BoundaryEventJoin, my_task: Task) -> tuple[bool, list[Task]]:
    """Whether the activity is over, and what that calls off.

    Of the split's children only those drawn there count: where finished tasks have been
    forgotten, others may have come to hang on it.
    """
    split = my_task.find_ancestor(self.split_task)
    parts = [task for task in split.children if task.task_spec in split.task_spec.outputs]
    events = [task for task in parts if isinstance(task.task_spec, BoundaryEvent)]
    activity = [task for task in parts if task not in events]
    interrupted = any(
        event.task_spec.cancel_activity and event.has_state(TaskState.READY | TaskState.COMPLETED)
        for event in events
    )
    if not interrupted and not all(task.has_state(TaskState.FINISHED_MASK) for task in activity):
        return False, []
    waiting = [event for event in events if event.has_state(TaskState.WAITING)]
    return True, waiting + (activity if interrupted else [])


def apply() -> None:
    Task._set_state = _set_state
    Task.cancel = _cancel
    Task.complete = _complete
    Task._inherit_data = _inherit_data
    TaskSpec._predict = _predict
    EventSplit._run_hook = _split
    BoundaryEventJoin._update_hook = _update_boundary_join
    BoundaryEventJoin._check_threshold_structured = _boundary_join_fires
