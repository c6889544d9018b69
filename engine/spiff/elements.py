"""What a diagram says of each element, read from its XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.spiff.schema import BPMN, SPIFF, safe_root
from engine.spiff.values import ElementInfo

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
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
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
FLOW_NODES = TASKS | EVENTS | GATEWAYS | SUBPROCESSES
HUMAN_TASKS = frozenset({"userTask", "manualTask", "task"})


def read_elements(source: str | etree._Element) -> list[ElementInfo]:
    """Every flow node of every process in the file, those in subprocesses included."""
    root = safe_root(source) if isinstance(source, str) else source
    lanes = _lanes(root)
    return [
        info
        for process in root.iter(f"{{{BPMN}}}process")
        for info in _nodes(process, process.get("id", ""), lanes, "")
    ]


def process_names(root: etree._Element) -> dict[str, str]:
    """The name of each process by its key; the key where it has none."""
    return {
        process.get("id") or "": process.get("name") or process.get("id") or ""
        for process in root.iter(f"{{{BPMN}}}process")
    }


def process_documentation(source: str | etree._Element, key: str) -> str:
    """What the process itself says that it is for."""
    root = safe_root(source) if isinstance(source, str) else source
    for process in root.iter(f"{{{BPMN}}}process"):
        if process.get("id") == key:
            return (process.findtext(f"{{{BPMN}}}documentation") or "").strip()
    return ""


def properties(node: etree._Element) -> dict[str, str]:
    """The `spiffworkflow:property` values of one element, empty ones left out."""
    path = f"{{{BPMN}}}extensionElements/{{{SPIFF}}}properties/{{{SPIFF}}}property"
    found = {p.get("name", ""): (p.get("value") or "").strip() for p in node.iterfind(path)}
    return {name: value for name, value in found.items() if value}


def _nodes(
    scope: etree._Element, process_key: str, lanes: Mapping[str, str], outer_role: str
) -> Iterator[ElementInfo]:
    for node in scope.iterchildren(f"{{{BPMN}}}*"):
        kind = etree.QName(node).localname
        if kind not in FLOW_NODES:
            continue
        info = _info(node, kind, process_key, lanes, outer_role)
        yield info
        if kind in SUBPROCESSES:
            yield from _nodes(node, process_key, lanes, info.role)


def _info(
    node: etree._Element,
    kind: str,
    process_key: str,
    lanes: Mapping[str, str],
    outer_role: str,
) -> ElementInfo:
    said = properties(node)
    own_id = node.get("id", "")
    documentation = node.findtext(f"{{{BPMN}}}documentation") or ""
    return ElementInfo(
        process_key=process_key,
        id=own_id,
        type=kind,
        name=(node.get("name") or "").strip(),
        role=said.get("role") or lanes.get(own_id) or outer_role,
        deadline=said.get("deadline", ""),
        form=said.get("form", ""),
        operation=said.get("operation", ""),
        rule=said.get("rule", ""),
        help=said.get("help", ""),
        nyckel=said.get("nyckel", ""),
        innehall=said.get("innehall", ""),
        retries=said.get("retries", ""),
        backoff=said.get("backoff", ""),
        documentation=documentation.strip(),
    )


def _lanes(root: etree._Element) -> dict[str, str]:
    """Element id to lane name; an inner lane comes later in the file and so wins."""
    return {
        (reference.text or "").strip(): name
        for lane in root.iter(f"{{{BPMN}}}lane")
        if (name := (lane.get("name") or "").strip())
        for reference in lane.iterchildren(f"{{{BPMN}}}flowNodeRef")
    }
