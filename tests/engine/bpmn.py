"""Small diagrams as text: what a test needs to see, no more."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
)


def diagram(key: str, *elements: str, messages: tuple[str, ...] = ()) -> str:
    """A file with one process; `messages` are those it throws or waits for."""
    declared = "".join(f'<bpmn:message id="m_{name}" name="{name}"/>' for name in messages)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} '
        f'id="d_{key}" targetNamespace="http://example.se">'
        f'<bpmn:process id="{key}" name="{key.title()}" isExecutable="true">{"".join(elements)}'
        f"</bpmn:process>{declared}</bpmn:definitions>"
    )


def node(
    kind: str, id_: str, inside: str = "", name: str = "", attach: str = "", **props: str
) -> str:
    attributes = f"id={quoteattr(id_)} name={quoteattr(name or id_)}{attach}"
    return f"<bpmn:{kind} {attributes}>{_properties(props)}{inside}</bpmn:{kind}>"


def start(id_: str = "start") -> str:
    return node("startEvent", id_)


def end(id_: str = "slut", inside: str = "") -> str:
    return node("endEvent", id_, inside)


def task(id_: str, role: str = "Handläggare", **props: str) -> str:
    return node("userTask", id_, role=role, **props)


def flow(source: str, target: str, condition: str = "") -> str:
    inside = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="f_{source}_{target}" {ends}>{inside}</bpmn:sequenceFlow>'


def chain(*ids: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(ids))


def timer(id_: str, text: str, kind: str = "timeDuration") -> str:
    return node("intermediateCatchEvent", id_, _timer(id_, text, kind))


def boundary_timer(
    id_: str, task_id: str, text: str, *, kind: str = "timeDuration", cancel: bool = True
) -> str:
    return node("boundaryEvent", id_, _timer(id_, text, kind), attach=_attached(task_id, cancel))


def boundary_message(
    id_: str, task_id: str, message: str, nyckel: str, *, cancel: bool = True
) -> str:
    attach = _attached(task_id, cancel)
    return node("boundaryEvent", id_, message_event(id_, message), attach=attach, nyckel=nyckel)


def catch(id_: str, message: str, nyckel: str) -> str:
    return node("intermediateCatchEvent", id_, message_event(id_, message), nyckel=nyckel)


def throw(id_: str, message: str, nyckel: str, innehall: str = "{}") -> str:
    return node(
        "intermediateThrowEvent", id_, message_event(id_, message), nyckel=nyckel, innehall=innehall
    )


def script(id_: str, text: str) -> str:
    return node("scriptTask", id_, f"<bpmn:script>{escape(text)}</bpmn:script>")


def service(id_: str, operation: str, **properties: str) -> str:
    return node("serviceTask", id_, operation=operation, **properties)


def fork(id_: str) -> str:
    return node("parallelGateway", id_)


def _timer(id_: str, text: str, kind: str) -> str:
    return (
        f'<bpmn:timerEventDefinition id="t_{id_}"><bpmn:{kind} xsi:type="bpmn:tFormalExpression">'
        f"{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def message_event(id_: str, message: str) -> str:
    return f'<bpmn:messageEventDefinition id="me_{id_}" messageRef="m_{message}"/>'


def _attached(task_id: str, cancel: bool) -> str:
    return f' attachedToRef="{task_id}" cancelActivity="{str(cancel).lower()}"'


def _properties(props: dict[str, str]) -> str:
    if not props:
        return ""
    listed = "".join(
        f"<spiffworkflow:property name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in props.items()
    )
    return (
        "<bpmn:extensionElements><spiffworkflow:properties>"
        f"{listed}</spiffworkflow:properties></bpmn:extensionElements>"
    )
