"""A bundle of diagrams as a graph: what every rule reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from engine.gate.reading import BPMN, Source

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"

TASKS = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
HUMAN_TASKS = frozenset({"task", "manualTask", "userTask"})
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
    }
)
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS


def tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def is_bpmn(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).namespace == BPMN


def text_of(element: etree._Element, path: str) -> str | None:
    """The text of the first BPMN descendant at `path` ("a/b"), stripped; None if not there."""
    found = element.find("/".join(tag(step) for step in path.split("/")))
    return None if found is None else "".join(map(str, found.itertext())).strip()


def properties_of(element: etree._Element) -> dict[str, str]:
    """`spiffworkflow:properties` of one element."""
    path = f"{tag('extensionElements')}/{{{SPIFF}}}properties/{{{SPIFF}}}property"
    return {
        found.get("name", ""): found.get("value", "").strip() for found in element.iterfind(path)
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None
    xml: etree._Element


@dataclass(kw_only=True, eq=False)
class Node:
    """One activity, gateway or event. `inner` is what a subprocess holds."""

    id: str
    type: str
    name: str
    xml: etree._Element
    scope: Scope
    properties: Mapping[str, str]
    inner: Scope | None = None
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)

    @property
    def label(self) -> str:
        """How a person finds it in the diagram."""
        return f"”{self.name}”" if self.name else self.id

    @property
    def attached_to(self) -> str:
        return self.xml.get("attachedToRef", "")

    @property
    def stands_beside(self) -> bool:
        """Whether no flow leads to it by right: an event subprocess, a compensation handler."""
        marks = ("triggeredByEvent", "isForCompensation")
        return any(self.xml.get(mark) == "true" for mark in marks)

    @property
    def splits_by_itself(self) -> bool:
        """Whether it is left by several flows without a gateway to say which."""
        return self.type in ACTIVITIES | EVENTS and len(self.outgoing) > 1

    @property
    def runs_at_once(self) -> bool:
        """Whether what follows may be under way at the same time."""
        at_once = self.type in ("parallelGateway", "inclusiveGateway")
        return self.splits_by_itself or (at_once and len(self.outgoing) > 1)

    @property
    def link(self) -> str | None:
        """What its link goes by: None when it is none."""
        return self.definitions[0].get("name", "").strip() if self.trigger == "link" else None

    @property
    def interrupting(self) -> bool:
        return self.xml.get("cancelActivity", "true") == "true"

    @property
    def default(self) -> str:
        return self.xml.get("default", "")

    @cached_property
    def definitions(self) -> list[etree._Element]:
        """Its event definitions, `eventDefinitionRef` included."""
        return [child for child in self.xml if is_bpmn(child) and "ventDefinition" in local(child)]

    @cached_property
    def trigger(self) -> str:
        """ "timer", "message" … for an event with one definition, else ""."""
        if len(self.definitions) != 1:
            return ""
        return local(self.definitions[0]).removesuffix("EventDefinition")

    @cached_property
    def loop(self) -> etree._Element | None:
        """Its multi-instance or loop characteristics."""
        for name in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
            found = self.xml.find(tag(name))
            if found is not None:
                return found
        return None

    @property
    def called(self) -> str:
        return self.xml.get("calledElement", "") if self.type == "callActivity" else ""

    @cached_property
    def decision(self) -> str:
        path = f"{tag('extensionElements')}/{{{SPIFF}}}calledDecisionId"
        return (self.xml.findtext(path) or "").strip()

    @cached_property
    def message_ref(self) -> str | None:
        """What its message is referred to as: None when it has to do with no message."""
        if self.type in ("sendTask", "receiveTask"):
            inner = self.definitions[0].get("messageRef") if self.definitions else None
            return self.xml.get("messageRef") or inner or ""
        return self.definitions[0].get("messageRef", "") if self.trigger == "message" else None

    @property
    def catches(self) -> bool:
        return self.type in {
            "receiveTask",
            "startEvent",
            "boundaryEvent",
            "intermediateCatchEvent",
        }


@dataclass(kw_only=True, eq=False)
class Scope:
    """A process or a subprocess: the nodes and flows on one level."""

    id: str
    xml: etree._Element
    owner: Node | None = None  # the subprocess, None for a process
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def of_type(self, *types: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.type in types]


@dataclass(kw_only=True, eq=False)
class Process:
    id: str
    name: str
    file: str
    xml: etree._Element
    diagram: Diagram
    top: Scope
    lanes: Mapping[str, str]  # node id: name of its innermost lane

    @cached_property
    def scopes(self) -> list[Scope]:
        return list(_scopes(self.top))

    @cached_property
    def nodes(self) -> list[Node]:
        return [node for scope in self.scopes for node in scope.nodes.values()]

    @property
    def executable(self) -> bool:
        return self.xml.get("isExecutable", "true") == "true"

    @property
    def called(self) -> list[str]:
        return [node.called for node in self.nodes if node.called]

    @property
    def decisions(self) -> list[str]:
        return [node.decision for node in self.nodes if node.decision]

    @property
    def forms(self) -> list[str]:
        return [node.properties["form"] for node in self.nodes if node.properties.get("form")]

    def message_name(self, node: Node) -> str:
        return self.diagram.messages.get(node.message_ref or "", "")


@dataclass(kw_only=True, eq=False)
class Diagram:
    """One BPMN file."""

    file: str
    xml: etree._Element
    processes: list[Process] = field(default_factory=list)

    @cached_property
    def running(self) -> list[Process]:
        """The executable ones; all when none is, since one of them must have been meant."""
        executable = [process for process in self.processes if process.executable]
        return executable or [process for process in self.processes if process.top.nodes]

    @cached_property
    def roots(self) -> Mapping[str, etree._Element]:
        """What stands beside the processes and is referred to: messages, signals, errors …"""
        return {found.get("id", ""): found for found in self.xml if is_bpmn(found)}

    @cached_property
    def messages(self) -> Mapping[str, str]:
        """Message names by id."""
        return {
            key: found.get("name", "")
            for key, found in self.roots.items()
            if local(found) == "message"
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Bundle:
    """All that is checked together."""

    diagrams: list[Diagram] = field(default_factory=list)
    decisions: list[Source] = field(default_factory=list)
    forms: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)  # as they came, by file name

    @cached_property
    def processes(self) -> dict[str, Process]:
        """The processes that run, by key."""
        return {process.id: process for diagram in self.diagrams for process in diagram.running}

    @cached_property
    def decision_ids(self) -> dict[str, Source]:
        return {
            found.get("id", ""): source
            for source in self.decisions
            for found in source.xml.iterfind("{*}decision")
        }

    def with_called(self, key: str) -> list[Process]:
        """The process `key` and, transitively, all it calls, as far as they are here."""
        found: dict[str, Process] = {}
        ahead = [key]
        while ahead:
            process = self.processes.get(ahead.pop())
            if process and process.id not in found:
                found[process.id] = process
                ahead.extend(process.called)
        return list(found.values())


def _scopes(scope: Scope) -> Iterator[Scope]:
    yield scope
    for node in scope.nodes.values():
        if node.inner:
            yield from _scopes(node.inner)
