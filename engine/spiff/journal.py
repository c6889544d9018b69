"""What happens to elements, recorded as it happens.

Afterwards it can't be known: `last_state_change` gives the same stamp to a third of them.
"""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.task import Task, TaskState

from engine.spiff.joins import TokenJoin
from engine.spiff.values import ElementInfo, ElementRecord, RecordKind

HERE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_ENDINGS = {
    TaskState.COMPLETED: RecordKind.COMPLETED,
    TaskState.CANCELLED: RecordKind.CANCELLED,
    TaskState.ERROR: RecordKind.FAILED,
}


class Journal:
    """Each task is entered once and ended once; boundary events show only when they fire."""

    def __init__(self) -> None:
        self.records: list[ElementRecord] = []

    def changed(self, task: Task, state: int) -> None:
        info: ElementInfo | None = getattr(task.task_spec, "info", None)
        if info is None:
            return
        if state & HERE:
            self._enter(task, state)
        elif state in _ENDINGS and self._counts(task, state):
            self.note(_ENDINGS[state], task)

    def note(self, kind: RecordKind, task: Task, arm: ElementInfo | None = None) -> None:
        """`arm`: the event that was taken, when `task` stands at an event-based gateway."""
        info = arm or task.task_spec.info
        self.records.append(
            ElementRecord(
                kind=kind,
                process_key=info.process_key,
                element=info.id,
                name=info.name,
                spiff_id=wait_id(task, arm.id if arm else ""),
            )
        )

    def _enter(self, task: Task, state: int) -> None:
        if not is_known(task) and recall(task, state):
            self.note(RecordKind.ENTERED, task)

    def _counts(self, task: Task, state: int) -> bool:
        if isinstance(task.task_spec, BoundaryEvent):
            return bool(state == TaskState.COMPLETED)
        return is_known(task)


def wait_id(task: Task, arm: str = "") -> str:
    """How the rest of the engine names a task; the arms of an event-based gateway share one."""
    return f"{task.id.hex}/{arm}" if arm else str(task.id.hex)


def forget(task: Task, *names: str) -> None:
    for name in names:
        task.internal_data.pop(name, None)


def is_known(task: Task) -> bool:
    """Whether the journal has an entry of `task` that is still to be ended."""
    return bool(getattr(task, "_entered", False))


def recall(task: Task, state: int) -> bool:
    """Remember that `task` has been entered, if `state` means so."""
    # Who waits at a join has not passed it; the token that makes it whole enters.
    waits = state == TaskState.WAITING and isinstance(task.task_spec, TokenJoin)
    task._entered = not waits and not isinstance(task.task_spec, BoundaryEvent)
    return bool(task._entered)
