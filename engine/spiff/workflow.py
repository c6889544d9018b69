"""The workflow object as this engine runs it: no depth limit, timers when told to, a budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.task import Task, TaskState

from engine.errors import EngineError
from engine.spiff.collapse import collapse
from engine.spiff.failures import element_of, suspect
from engine.spiff.journal import Journal
from engine.spiff.script_engine import ScriptEngine
from engine.spiff.values import RunContext, RunFailed, Sent
from engine.texts import gettext as _

STEP_BUDGET = 20_000  # steps in one command, after which it is a loop that never rests
_COLLAPSE_EVERY = 200
_BOUNDLESS = 10**9


class _Tree:
    """What a case and the processes it calls share."""

    tasks: dict[Any, Task]

    def get_tasks_iterator(self: Any, first_task: Task | None = None, **kwargs: Any) -> Any:
        # The stock limit of 1 000 steps stops a long loop without a word.
        kwargs.setdefault("max_depth", _BOUNDLESS)
        return BpmnTaskIterator(first_task or self.task_tree, **kwargs)

    def update_waiting_tasks(self) -> None:
        """Who waits for other tasks looks again; events are told when theirs happens."""
        for task in list(self.tasks.values()):
            waits = task._state == TaskState.WAITING and not isinstance(
                task.task_spec, CatchingEvent
            )
            if waits and task.id in self.tasks:
                task.task_spec._update(task)

    def _task_removed_notify(self: Any, task: Task) -> None:
        self.top_workflow.event_manager.remove_task(task)

    def collect_log_extras(self, dct: dict[str, Any] | None = None) -> dict[str, Any]:
        return dct or {}  # the stock one lists every task


class CalledWorkflow(_Tree, BpmnSubWorkflow):
    pass


class CaseWorkflow(_Tree, BpmnWorkflow):
    def __init__(self, spec: Any, called: Any, context: RunContext, **kwargs: Any) -> None:
        self.context = context
        self.journal = Journal()
        self.outbox: list[Sent] = []
        self.clock: datetime | None = None  # when a timer's job says what time it is
        self._budget = STEP_BUDGET
        super().__init__(spec, called, script_engine=ScriptEngine(context), **kwargs)

    @property
    def now(self) -> datetime:
        return self.clock or self.context.now

    def create_subprocess(self, my_task: Task, spec_name: str) -> CalledWorkflow:
        called = CalledWorkflow(
            self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self
        )
        self.subprocesses[my_task.id] = called
        return called

    def trees(self) -> Iterator[Any]:
        """This workflow and the processes that run inside it, outermost first."""
        yield self
        yield from self.get_active_subprocesses()

    def all_tasks(self) -> Iterator[Task]:
        for tree in self.trees():
            yield from tree.tasks.values()

    def settle(self) -> None:
        """Run until all that is left waits for somebody, or for a timer's job."""
        while self._step():
            pass

    def let_go_off(self, timer: Task) -> None:
        """Let one timer look whether it is due."""
        self.attempt(timer, timer.task_spec._update)
        if timer.internal_data.get("event_fired") and timer.has_state(TaskState.WAITING):
            self.attempt(timer, timer.task_spec._update)  # a cycle that is used up

    def attempt(self, task: Task, act: Any) -> None:
        """`act(task)`, its failure laid on the right element."""
        try:
            act(task)
        except RunFailed:
            raise
        except Exception as error:
            info = suspect(error, task)
            name = info.name if info else ""
            raise RunFailed(info.id if info else "", name, error) from error

    def _step(self) -> bool:
        """Let everything that needs nobody run once, innermost first.

        A signal leaves when nothing else can go on: nobody keeps it for a branch that comes to
        its catch in the same step, and which branch that is would be a matter of drawing.
        """
        ran = False
        signal: Task | None = None
        for tree in sorted(self.trees(), key=lambda tree: tree.depth, reverse=True):
            for task in list(tree.tasks.values()):
                if not (_is_ready(task) and task.id in tree.tasks):
                    continue
                if _throws_signal(task):
                    signal = signal or task
                    continue
                self._spend(task)
                self.attempt(task, Task.run)
                ran = True
        if ran or signal is None:
            return ran
        self._spend(signal)
        self.attempt(signal, Task.run)
        return True

    def _spend(self, task: Task) -> None:
        self._budget -= 1
        if self._budget % _COLLAPSE_EVERY == 0:
            collapse(self)
        if self._budget < 0:
            info = element_of(task)
            error = EngineError(_("Flödet gick %(steps)s steg utan att stanna.", steps=STEP_BUDGET))
            raise RunFailed(info.id if info else "", info.name if info else "", error)


def _throws_signal(task: Task) -> bool:
    spec = task.task_spec
    return isinstance(spec, ThrowingEvent) and isinstance(
        spec.event_definition, SignalEventDefinition
    )


def _is_ready(task: Task) -> bool:
    return bool(task._state == TaskState.READY and not task.task_spec.manual)
