"""Boundary events, and what becomes of the activity they stand on."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task, TaskState

_stock_join_update = BoundaryEventJoin._update_hook


class Boundary(BoundaryEvent):
    """One that lets its activity go on listens again; SpiffWorkflow's is deaf after the first.

    At once: the next may be thrown before what follows this one has run.
    """

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        if not self.cancel_activity and self._may_happen_again() and not _is_over(my_task.parent):
            again = my_task.parent._add_child(self, TaskState.FUTURE)
            again._set_state(TaskState.WAITING)
            self._update(again)

    def _may_happen_again(self) -> bool:
        # Timers know themselves how often.
        return not isinstance(self.event_definition, TimerEventDefinition)


def update_join(self: BoundaryEventJoin, my_task: Task) -> bool:
    """The join of a boundary event that doesn't interrupt has nothing to wait for."""
    event = my_task.parent.task_spec
    if isinstance(event, BoundaryEvent) and not event.cancel_activity:
        my_task._set_state(TaskState.CANCELLED)
        return False
    return bool(_stock_join_update(self, my_task))


def join_fires(self: BoundaryEventJoin, my_task: Task) -> tuple[bool, list[Task]]:
    """Whether the activity is over, and what that calls off.

    Of the split's children only those drawn there count: where finished tasks have been
    forgotten, others may have come to hang on it.
    """
    split = my_task.find_ancestor(self.split_task)
    activity, events = _parts(split)
    interrupted = any(
        event.task_spec.cancel_activity and event.has_state(TaskState.READY | TaskState.COMPLETED)
        for event in events
    )
    if not interrupted and not _is_over(split):
        return False, []
    waiting = [event for event in events if event.has_state(TaskState.WAITING)]
    return True, waiting + (activity if interrupted else [])


def interrupt(event: Task) -> None:
    """Call off at once what a boundary event interrupts."""
    for activity in _parts(event.parent)[0]:
        activity.cancel()


def _parts(split: Task) -> tuple[list[Task], list[Task]]:
    """The activity (one task, or none when it is forgotten) and its boundary events."""
    parts = [task for task in split.children if task.task_spec in split.task_spec.outputs]
    events = [task for task in parts if isinstance(task.task_spec, BoundaryEvent)]
    return [task for task in parts if task not in events], events


def _is_over(split: Task) -> bool:
    return all(task.has_state(TaskState.FINISHED_MASK) for task in _parts(split)[0])
