"""What BPMN lets be drawn short, drawn out before SpiffWorkflow reads it; every id is kept.

SpiffWorkflow ends a branch where a link is thrown, and knows no step that is left by several
flows. What is added here is drawn nowhere, so nobody is told of it.
"""

from __future__ import annotations

from lxml import etree

from engine.spiff.elements import EVENTS, SUBPROCESSES, TASKS
from engine.spiff.schema import BPMN

FLOW = f"{{{BPMN}}}sequenceFlow"
STEPS = TASKS | EVENTS | SUBPROCESSES


def draw_out(root: etree._Element) -> None:
    """Change the diagram itself."""
    for process in root.iter(f"{{{BPMN}}}process"):
        for level in [process, *(process.iter(*(f"{{{BPMN}}}{name}" for name in SUBPROCESSES)))]:
            _follow_links(level)
            _split(level)


def _follow_links(level: etree._Element) -> None:
    """A flow from where each link is thrown to where it is caught."""
    definition = f"{{{BPMN}}}linkEventDefinition"
    catches = {
        link.get("name"): event.get("id", "")
        for event in level.iterchildren(f"{{{BPMN}}}intermediateCatchEvent")
        for link in event.iterchildren(definition)
    }
    for event in list(level.iterchildren(f"{{{BPMN}}}intermediateThrowEvent")):
        for link in event.iterchildren(definition):
            if link.get("name") in catches:
                _add_flow(level, event.get("id", ""), catches[link.get("name")], "link")


def _split(level: etree._Element) -> None:
    """A gateway after each step that several flows leave."""
    leaving: dict[str, list[etree._Element]] = {}
    for flow in level.iterchildren(FLOW):
        leaving.setdefault(flow.get("sourceRef", ""), []).append(flow)
    for step in list(level):
        flows = leaving.get(step.get("id", ""), [])
        if len(flows) > 1 and etree.QName(step).localname in STEPS:
            _add_gateway(level, step, flows)


def _add_gateway(level: etree._Element, step: etree._Element, flows: list[etree._Element]) -> None:
    chooses = any(flow.find(f"{{{BPMN}}}conditionExpression") is not None for flow in flows)
    kind = "inclusiveGateway" if chooses else "parallelGateway"
    gateway = etree.SubElement(level, f"{{{BPMN}}}{kind}")
    gateway.set("id", f"{step.get('id')}.split")
    if "default" in step.attrib:
        gateway.set("default", step.attrib.pop("default"))
    for flow in flows:
        flow.set("sourceRef", gateway.get("id", ""))
    _add_flow(level, step.get("id", ""), gateway.get("id", ""), "onward")


def _add_flow(level: etree._Element, source: str, target: str, kind: str) -> None:
    flow = etree.SubElement(level, FLOW, sourceRef=source, targetRef=target)
    flow.set("id", f"{source}.{kind}")
