"""Timers: due when `engine.spiff.instants` says, by the clock of the run.

The stock ones evaluate Python, take their own time from the machine and know no summer time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.task import Task, TaskState

from engine.spiff import instants, iso8601
from engine.spiff.failures import blaming
from engine.spiff.journal import forget
from engine.spiff.values import ElementInfo, RecordKind


class Once(TimerEventDefinition):
    """A date or a duration; also a cycle where a second firing could not happen."""

    info: ElementInfo  # of the element it stands on

    def begin(self, task: Task) -> dict[str, Any]:
        """When it is due, to be kept with the task: `due`, and `since` to reckon it anew."""
        since = task.workflow.top_workflow.now
        return {"due": self._due(task, since).isoformat(), "since": since.isoformat()}

    def moved(self, task: Task, state: dict[str, Any]) -> datetime | None:
        """When it is due as the facts are now, if that isn't what `state` says."""
        if not instants.moves(self.text):
            return None
        now_due = self._due(task, datetime.fromisoformat(state["since"]))
        return None if now_due == datetime.fromisoformat(state["due"]) else now_due

    @property
    def text(self) -> str:
        return self.info.deadline or self.expression or ""

    def has_fired(self, task: Task) -> bool:
        state = task.internal_data
        if state.get("event_fired"):
            return True
        if "due" not in state:
            state.update(self.begin(task))
        if datetime.fromisoformat(state["due"]) <= task.workflow.top_workflow.now:
            state["event_fired"] = True
            task.workflow.top_workflow.journal.note(RecordKind.TIMER_FIRED, task)
        return bool(state.get("event_fired"))

    def reset(self, task: Task) -> None:
        forget(task, "due", "since", "event_fired")

    def _due(self, task: Task, since: datetime) -> datetime:
        context = task.workflow.top_workflow.context
        with blaming(self.info):
            cycle = instants.cycle(self.text, context, task.data, self.info.id)
            text = (cycle.at or cycle.every) if cycle else self.text
            return instants.due(text, context, task.data, self.info.id, since).astimezone(UTC)


class Repeated(CycleTimerEventDefinition):
    """A cycle on a boundary event that lets its task go on: a token at each firing."""

    info: ElementInfo

    @property
    def text(self) -> str:
        return self.info.deadline or self.expression or ""

    def update_task(self, task: Task) -> None:
        state, top = task.internal_data, task.workflow.top_workflow
        if "due" not in state:
            state.update(self._begin(task, top.now))
        if state["left"] and datetime.fromisoformat(state["due"]) <= top.now:
            self._advance(task, state, top.now)
            top.journal.note(RecordKind.TIMER_FIRED, task)
            self._branch(task)
        if state["left"] == 0:
            state["event_fired"] = True

    def reset(self, task: Task) -> None:
        forget(task, "due", "left", "every", "event_fired")

    def _begin(self, task: Task, now: datetime) -> dict[str, Any]:
        context = task.workflow.top_workflow.context
        with blaming(self.info):
            cycle = instants.cycle(self.text, context, task.data, self.info.id)
            if cycle is None:  # one instant: fires once
                first = instants.due(self.text, context, task.data, self.info.id, now)
                return {"due": first.isoformat(), "left": 1, "every": ""}
            first = instants.due(cycle.at or cycle.every, context, task.data, self.info.id, now)
        return {"due": first.isoformat(), "left": cycle.times, "every": cycle.every}

    def _advance(self, task: Task, state: dict[str, Any], now: datetime) -> None:
        """To the next firing. Those an endless cycle missed while nobody ran it are one."""
        state["left"] -= state["left"] > 0
        if state["left"] == 0:
            return
        context = task.workflow.top_workflow.context
        due = datetime.fromisoformat(state["due"])
        with blaming(self.info):
            while True:
                start = due
                due = instants.due(state["every"], context, task.data, self.info.id, start)
                iso8601.require_apart(start, due)
                if due > now or state["left"] > 0:
                    break
        state["due"] = due.isoformat()

    def _branch(self, task: Task) -> None:
        for output in task.task_spec.outputs:
            if not isinstance(output, BoundaryEventJoin):
                child = task._add_child(output, TaskState.FUTURE)
                child.task_spec._update(child)
