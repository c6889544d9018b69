"""Multi-instances and loops.

SpiffWorkflow connects the children to their parent when the first is made, so one that was saved
never ends in a process started anew; it refuses a result list that exists already, so no loop may
pass it twice; it asks the completion condition before it has the results; and it merges lists of
children deep. `connect` is called when specs are built; the rest is mended here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    LoopTask,
    MultiInstanceTask,
)
from SpiffWorkflow.spiff.specs import defaults as stock
from SpiffWorkflow.task import Task, TaskState

from engine.errors import EngineError
from engine.spiff.failures import blaming
from engine.spiff.joins import apply_changes
from engine.spiff.values import ElementInfo
from engine.texts import gettext as _

MOST_INSTANCES = 1_000  # of one step; each is a task in somebody's inbox or a process of its own


def connect(loop: LoopTask) -> None:
    """Let the children of `loop` tell it when they are done."""
    child = loop._wf_spec.task_specs[loop.task_spec]
    child.completed_event.connect(loop.merge_child)


class _Several(MultiInstanceTask):
    """What parallel and sequential ones share."""

    info: ElementInfo

    def begin(self, my_task: Task) -> list[Any]:
        """The items, one per child; the result list starts empty each time."""
        with blaming(self.info):
            items = self._items(my_task)
        my_task.internal_data["done"] = 0
        if self.data_output is not None:
            my_task.data[self.data_output.bpmn_id] = []
        return items

    def _items(self, my_task: Task) -> list[Any]:
        evaluate = my_task.workflow.script_engine.evaluate
        if self.data_input is None:
            return list(range(_count(evaluate(my_task, self.cardinality))))
        items = _listed(evaluate(my_task, self.data_input.bpmn_id))
        _count(len(items))
        return items

    def create_child(self, my_task: Task, item: Any, key_or_index: Any = None) -> None:
        child = my_task._add_child(self._child_spec(), TaskState.WAITING)
        child.triggered = True
        if self.input_item is not None:
            child.data[self.input_item.bpmn_id] = item
        child.task_spec._update(child)

    def keep_result(self, my_task: Task, child: Task) -> None:
        if self.data_output is not None and self.output_item is not None:
            name = self.data_output.bpmn_id
            my_task.data[name] = [*my_task.data[name], self._result(child)]
        elif self.data_output is None:
            changed = dict(child.data)
            if self.input_item is not None:
                changed.pop(self.input_item.bpmn_id, None)
            apply_changes(my_task.data, my_task.parent.data, changed)
        my_task.internal_data["done"] += 1

    def is_enough(self, my_task: Task, child: Task) -> bool:
        """The completion condition sees the results so far and the last child's own data."""
        if self.condition is None:
            return False
        kept = dict(child.data)
        if self.data_output is not None:
            kept[self.data_output.bpmn_id] = my_task.data[self.data_output.bpmn_id]
        engine = my_task.workflow.script_engine
        return bool(engine.evaluate_on(kept, self.condition, child))

    def _result(self, child: Task) -> Any:
        """The output item: a name the child set, or in the answers of a human task."""
        name = self.output_item.bpmn_id
        if name in child.data:
            return child.data[name]
        answers = child.data.get(self.bpmn_id)
        if isinstance(answers, Mapping):
            return answers.get(name, answers)
        raise EngineError(_("Resultatet ”%(name)s” saknas när en av flera är klar.", name=name))

    def _child_spec(self) -> Any:
        return self._wf_spec.task_specs[self.task_spec]


class Parallel(_Several, stock.ParallelMultiInstanceTask):
    def _update_hook(self, my_task: Task) -> bool:
        stock.SpiffBpmnTask._update_hook(self, my_task)
        items = self.begin(my_task)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        for item in items:
            self.create_child(my_task, item)
        return False

    def add(self, my_task: Task, item: Any) -> None:
        """One more while it runs; the list it came from grows with it."""
        name = self.data_input.bpmn_id if self.data_input is not None else None
        if name in my_task.data:
            my_task.data[name] = [*_listed(my_task.data[name]), item]
        self.create_child(my_task, item)

    def merge_child(self, workflow: Any, child: Task) -> None:
        my_task = child.parent
        if not my_task.has_state(TaskState.STARTED):
            return
        self.keep_result(my_task, child)
        others = [c for c in my_task.children if c.triggered and c is not child]
        if self.is_enough(my_task, child):
            for other in others:
                other.cancel()
            my_task._set_state(TaskState.READY)
        elif all(other.has_state(TaskState.FINISHED_MASK) for other in others):
            my_task._set_state(TaskState.READY)


class Sequential(_Several, stock.SequentialMultiInstanceTask):
    def _update_hook(self, my_task: Task) -> bool:
        stock.SpiffBpmnTask._update_hook(self, my_task)
        my_task.internal_data["left"] = self.begin(my_task)
        if not my_task.internal_data["left"]:
            return True
        my_task._set_state(TaskState.STARTED)
        self._next(my_task)
        return False

    def add(self, my_task: Task, item: Any) -> None:
        my_task.internal_data["left"] = [*my_task.internal_data["left"], item]

    def merge_child(self, workflow: Any, child: Task) -> None:
        my_task = child.parent
        if not my_task.has_state(TaskState.STARTED):
            return
        self.keep_result(my_task, child)
        if self.is_enough(my_task, child) or not my_task.internal_data["left"]:
            my_task._set_state(TaskState.READY)
        else:
            self._next(my_task)

    def _next(self, my_task: Task) -> None:
        item, *my_task.internal_data["left"] = my_task.internal_data["left"]
        self.create_child(my_task, item)


class Loop(stock.StandardLoopTask):
    """The same task again, each round seeing what the last left."""

    def _update_hook(self, my_task: Task) -> bool:
        stock.SpiffBpmnTask._update_hook(self, my_task)
        my_task.internal_data["done"] = 0
        if self.test_before and self.loop_complete(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self.create_child(my_task)
        return False

    def create_child(self, my_task: Task) -> None:
        spec = self._wf_spec.task_specs[self.task_spec]
        child = my_task._add_child(spec, TaskState.WAITING)
        child.triggered = True
        spec._update(child)

    def merge_child(self, workflow: Any, child: Task) -> None:
        my_task = child.parent
        my_task.data = dict(child.data)
        my_task.internal_data["done"] += 1
        if self.loop_complete(my_task):
            my_task._set_state(TaskState.READY)
        else:
            self.create_child(my_task)

    def loop_complete(self, my_task: Task) -> bool:
        if self.maximum is not None and my_task.internal_data["done"] >= self.maximum:
            return True
        if self.condition is None:
            return False
        return not my_task.workflow.script_engine.evaluate(my_task, self.condition)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_INSTANCES:
        raise EngineError(
            _(
                "Antalet gånger ska vara ett heltal, högst %(most)s, inte %(value)s.",
                most=MOST_INSTANCES,
                value=str(value)[:80],
            )
        )
    return value


def _listed(items: Any) -> list[Any]:
    if isinstance(items, Mapping):
        return list(items.values())
    if isinstance(items, Sequence) and not isinstance(items, str):
        return list(items)
    raise EngineError(_("En lista väntades att gå igenom, inte %(items)s.", items=str(items)[:80]))
