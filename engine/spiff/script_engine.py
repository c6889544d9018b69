"""Every evaluation of SpiffWorkflow, led to the one audited evaluator: none meets eval or exec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.task import Task

from engine import expressions
from engine.spiff.failures import blaming, element_of
from engine.spiff.values import RunContext


class _NoPython:
    """Stands where SpiffWorkflow keeps its Python environment."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"SpiffWorkflow reached for {name} past the expression evaluator")


class ScriptEngine(PythonScriptEngine):
    def __init__(self, context: RunContext) -> None:
        self.context = context
        self.environment = _NoPython()

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        return self.evaluate_on(task.data, expression, task)

    def evaluate_on(self, data: Mapping[str, Any], expression: str, task: Task) -> Any:
        """As `evaluate`, but on other data than the task's own."""
        info = element_of(task)
        with blaming(info):
            names = self.context.names(data, info.id if info else "")
            return expressions.evaluate(expression, names, self.context.functions)

    def execute(self, task: Task, script: str | None, external_context: Any = None) -> bool:
        info = element_of(task)
        if script and script.strip():
            with blaming(info):
                names = self.context.names(task.data, info.id if info else "")
                task.data.update(expressions.run_script(script, names, self.context.functions))
        return True

    def call_service(self, task: Task, **kwargs: Any) -> NoReturn:
        raise AssertionError("service tasks run named operations")
