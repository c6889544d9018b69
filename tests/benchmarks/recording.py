"""A case as the product runs it, written down for bare SpiffWorkflow to play."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from SpiffWorkflow.task import Task, TaskState

from engine.spiff import Run
from engine.spiff.journal import Journal
from engine.spiff.script_engine import ScriptEngine
from tests.benchmarks.flows import Flow, Step

BY_ITSELF = frozenset({"scriptTask", "serviceTask", "businessRuleTask", "sendTask"})


class Recorder:
    """Listens to every run of one process."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.data: Mapping[str, Any] = {}
        self.steps: list[Step] = []
        self._run: Run | None = None

    def flow(self, name: str, files: Mapping[str, str]) -> Flow:
        """What was recorded; its first step is the start."""
        return Flow(
            name=name,
            key=self.key,
            files=files,
            data=self.data,
            start=self.steps[0],
            steps=self.steps[1:],
            replayed=True,
        )

    @contextmanager
    def listening(self) -> Iterator[None]:
        with (
            mock.patch.object(Run, "start", classmethod(self._start(Run.start.__func__))),
            mock.patch.object(Run, "complete", self._act("complete", Run.complete)),
            mock.patch.object(Run, "deliver", self._act("deliver", Run.deliver)),
            mock.patch.object(Run, "fire", self._act("fire", Run.fire)),
            mock.patch.object(
                ScriptEngine, "evaluate_on", self._evaluate(ScriptEngine.evaluate_on)
            ),
            mock.patch.object(Journal, "changed", self._changed(Journal.changed)),
        ):
            yield

    def _start(self, real: Callable[..., Run]) -> Callable[..., Run]:
        def start(cls: type[Run], specs: Any, data: Mapping[str, Any], context: Any) -> Run:
            if specs.key == self.key:
                self.data = dict(data)
                self.steps.append(Step(do="fire", element=""))
            return real(cls, specs, data, context)

        return start

    def _act(self, do: Any, real: Callable[..., None]) -> Callable[..., None]:
        def act(run: Run, spiff_id: str, payload: Any) -> None:
            if run._specs.key == self.key:
                task = run._find(spiff_id.partition("/")[0])
                element = task.task_spec.bpmn_id
                told = dict(payload) if isinstance(payload, Mapping) else {}
                self.steps.append(Step(do=do, element=element, payload=told))
            real(run, spiff_id, payload)

        return act

    def _evaluate(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def evaluate_on(engine: Any, data: Any, expression: str, task: Task) -> Any:
            value = real(engine, data, expression, task)
            if _key_of(task) == self.key:
                self.steps[-1].values.setdefault(expression, []).append(value)
            return value

        return evaluate_on

    def _changed(self, real: Callable[..., None]) -> Callable[..., None]:
        def changed(journal: Journal, task: Task, state: int) -> None:
            info = getattr(task.task_spec, "info", None)
            done = state == TaskState.COMPLETED and info is not None and info.type in BY_ITSELF
            if done and _key_of(task) == self.key:
                known = task.parent.data
                new = {k: v for k, v in task.data.items() if k not in known or known[k] != v}
                self.steps[-1].results.setdefault(info.id, []).append(new)
            real(journal, task, state)

        return changed


def _key_of(task: Task) -> str:
    """Of the process that the case is an instance of, however deep the task stands."""
    return str(task.workflow.top_workflow.spec.name)
