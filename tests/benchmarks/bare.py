"""Bare SpiffWorkflow: load, complete, run on, save, with its own serializer and no database.

A process of its own, since the engine mends SpiffWorkflow's classes for good when imported. Specs
are parsed once and left out of what is saved. It is told what to do on stdin, a line of JSON each,
and answers with a line of JSON.

It is given for nothing what the product works out: what conditions, scripts, decision tables and
operations came to in the recorded case. It keeps no log, inbox, timers or lock.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.task import Task, TaskState

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# Nothing is due while the case runs.
FAR_AWAY = '"2099-01-01T00:00:00+00:00"'


class SpeclessConverter(BpmnWorkflowConverter):  # type: ignore[misc]
    """The stock converter without the specs: they are the same in every state."""

    specs: tuple[Any, Mapping[str, Any]]

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        saved: dict[str, Any] = super(BpmnWorkflowConverter, self).to_dict(workflow)
        saved["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        saved["bpmn_events"] = self.registry.convert(workflow.bpmn_events)
        return saved

    def from_dict(self, saved: dict[str, Any]) -> BpmnWorkflow:
        workflow = self.target_class(*self.specs, deserializing=True)
        workflow.tasks = self.mapping_from_dict(saved["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks.get(UUID(saved["root"]))
        self.set_default_attributes(workflow, saved)
        self.subprocesses_from_dict(saved["subprocesses"], workflow)
        workflow.bpmn_events = self.registry.restore(saved["bpmn_events"])
        return workflow


class Recorded(TaskDataEnvironment):  # type: ignore[misc]
    """Answers every expression and script with what it came to when the case was recorded."""

    values: dict[str, list[Any]]
    results: dict[str, list[Any]]

    def begin(self, step: Mapping[str, Any]) -> None:
        self.values = {text: list(values) for text, values in step["values"].items()}
        self.results = {element: list(found) for element, found in step["results"].items()}

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:
        if expression == FAR_AWAY:
            return json.loads(FAR_AWAY)
        return _next(self.values, expression)

    def execute(self, script: str, context: Any, external_context: Any = None) -> bool:
        context.update(_next(self.results, script) or {})
        return True


def _next(found: dict[str, list[Any]], name: str) -> Any:
    values = found.get(name)
    if not values:
        return None
    return values.pop(0) if len(values) > 1 else values[0]


def _update_data(self: CallActivity, my_task: Task, subworkflow: Any) -> None:
    """The stock one finds no end in a process that a terminate end event ended."""
    specification = subworkflow.spec.io_specification
    outputs = specification.data_outputs if specification else []
    if not outputs:
        my_task.data = deepcopy(subworkflow.last_task.data)
    for name in (output.bpmn_id for output in outputs):
        my_task.data[name] = subworkflow.last_task.data.get(name)


# The one thing mended: without it the real case can't be run at all.
CallActivity.update_data = _update_data


class Player:
    def __init__(self, flow: Mapping[str, Any]) -> None:
        self.flow = flow
        self.recorded = Recorded() if flow["replayed"] else None
        self.engine = PythonScriptEngine(environment=self.recorded or TaskDataEnvironment())
        self.specs = _specs(flow)
        converter = type("Converter", (SpeclessConverter,), {"specs": self.specs})
        config = {**SPIFF_CONFIG, BpmnWorkflow: converter}
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))

    def play(self) -> dict[str, Any]:
        """One case from its start to its end; what each of its completions took."""
        began = time.perf_counter()
        state = self._start()
        started = time.perf_counter() - began
        seconds, cpu, sizes = [], [], []
        for step in self.flow["steps"]:
            if self.recorded:
                self.recorded.begin(step)
            began, cpu_began = time.perf_counter(), time.thread_time()
            state = self._step(state, step)
            if step["do"] != "deliver":  # a message comes by a job, not by a person
                seconds.append(time.perf_counter() - began)
                cpu.append(time.thread_time() - cpu_began)
                sizes.append(len(state))
        return {"start": started, "seconds": seconds, "cpu": cpu, "bytes": sizes}

    def _start(self) -> str:
        if self.recorded:
            self.recorded.begin(self.flow["start"])
        workflow = BpmnWorkflow(*self.specs, script_engine=self.engine)
        workflow.task_tree.data.update(self.flow["data"])
        workflow.do_engine_steps()
        return self._saved(workflow)

    def _step(self, state: str, step: Mapping[str, Any]) -> str:
        workflow = self.serializer.deserialize_json(state)
        workflow.script_engine = self.engine
        task = _find(workflow, step)
        if step["do"] == "complete":
            task.data[step["element"]] = step["payload"]
            task.run()
        else:
            event = BpmnEvent(task.task_spec.event_definition, payload=step["payload"])
            task.task_spec.catch(task, event)
            task.task_spec._update(task)
        workflow.do_engine_steps()
        return self._saved(workflow)

    def _saved(self, workflow: BpmnWorkflow) -> str:
        saved: str = self.serializer.serialize_json(workflow)
        return saved


def _find(workflow: BpmnWorkflow, step: Mapping[str, Any]) -> Task:
    wanted = TaskState.READY if step["do"] == "complete" else TaskState.WAITING
    for task in workflow.get_tasks(state=wanted):
        if task.task_spec.bpmn_id == step["element"]:
            return task
    standing = [
        (task.task_spec.name, TaskState.get_name(task.state))
        for task in workflow.get_tasks(state=TaskState.READY | TaskState.WAITING | TaskState.ERROR)
    ]
    raise SystemExit(f"bare SpiffWorkflow is not at {step['element']}: {standing}")


def _specs(flow: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    parser = SpiffBpmnParser()
    for name, text in flow["files"].items():
        if name.endswith(".bpmn"):
            root = etree.fromstring(text.encode())
            if flow["replayed"]:
                _make_stock(root)
            parser.add_bpmn_xml(root)
    return parser.get_spec(flow["key"]), parser.get_subprocess_specs(flow["key"])


def _make_stock(root: Any) -> None:
    """Our diagrams, as SpiffWorkflow alone can run them.

    Everything that runs by itself is a script whose text is its own id, by which its result was
    recorded; timers wait for an instant.
    """
    for node in list(root.iter("{*}calledDecisionId")):
        node.getparent().remove(node)
    for kind in ("serviceTask", "businessRuleTask", "sendTask"):
        for node in list(root.iter(BPMN + kind)):
            node.tag = BPMN + "scriptTask"
            etree.SubElement(node, BPMN + "script")
    for node in root.iter(BPMN + "scriptTask"):
        node.find(BPMN + "script").text = node.get("id")
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        for node in list(root.iter(BPMN + kind)):
            node.tag, node.text = BPMN + "timeDate", FAR_AWAY


def main() -> None:
    players: list[Player] = []
    for line in sys.stdin:
        told = json.loads(line)
        if told["do"] == "load":
            players.append(Player(told["flow"]))
            answer: Any = len(players) - 1
        else:
            answer = players[told["player"]].play()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
