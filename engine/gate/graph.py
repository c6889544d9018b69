"""From a file to its graph, made once; nothing is assumed of it but that it is XML."""

from __future__ import annotations

from lxml import etree

from engine.gate.model import (
    FLOW_NODES,
    SUBPROCESSES,
    Diagram,
    Flow,
    Node,
    Process,
    Scope,
    is_bpmn,
    local,
    properties_of,
    tag,
    text_of,
)
from engine.gate.reading import Source


def diagram_of(source: Source) -> Diagram:
    """Read the graph out of a BPMN file; nothing is assumed of it but that it is XML."""
    diagram = Diagram(file=source.file, xml=source.xml)
    for found in source.xml.iterfind(tag("process")):
        key = found.get("id", "")
        diagram.processes.append(
            Process(
                id=key,
                name=found.get("name", "") or key,
                file=source.file,
                xml=found,
                diagram=diagram,
                top=_scope(found, None),
                lanes=_lanes(found),
            )
        )
    return diagram


def _scope(xml: etree._Element, owner: Node | None) -> Scope:
    scope = Scope(id=xml.get("id", ""), xml=xml, owner=owner)
    for child in xml:
        if not is_bpmn(child):
            continue
        if local(child) == "sequenceFlow":
            scope.flows.append(_flow(child))
        elif local(child) in FLOW_NODES:
            node = _node(child, scope)
            scope.nodes[node.id] = node
    scope.flows += _jumps(scope)
    _connect(scope)
    return scope


def _flow(xml: etree._Element) -> Flow:
    return Flow(
        id=xml.get("id", ""),
        source=xml.get("sourceRef", ""),
        target=xml.get("targetRef", ""),
        condition=text_of(xml, "conditionExpression"),
        xml=xml,
    )


def _node(xml: etree._Element, scope: Scope) -> Node:
    node = Node(
        id=xml.get("id", ""),
        type=local(xml),
        name=" ".join(xml.get("name", "").split()),
        xml=xml,
        scope=scope,
        properties=properties_of(xml),
    )
    if node.type in SUBPROCESSES:
        node.inner = _scope(xml, node)
    return node


def _jumps(scope: Scope) -> list[Flow]:
    """A link goes on where it is caught, as if a flow were drawn."""
    catches = {node.link: node for node in scope.of_type("intermediateCatchEvent") if node.link}
    return [
        Flow(id=node.id, source=node.id, target=catches[node.link].id, condition=None, xml=node.xml)
        for node in scope.of_type("intermediateThrowEvent")
        if node.link in catches
    ]


def _connect(scope: Scope) -> None:
    for flow in scope.flows:
        if flow.source in scope.nodes:
            scope.nodes[flow.source].outgoing.append(flow)
        if flow.target in scope.nodes:
            scope.nodes[flow.target].incoming.append(flow)
    for node in scope.of_type("boundaryEvent"):
        if node.attached_to in scope.nodes:
            scope.nodes[node.attached_to].boundaries.append(node)


def _lanes(process: etree._Element) -> dict[str, str]:
    """Innermost last: document order lets a nested lane overwrite the one around it."""
    return {
        (reference.text or "").strip(): lane.get("name", "").strip()
        for lane in process.iter(tag("lane"))
        for reference in lane.iterfind(tag("flowNodeRef"))
    }
