"""More of what small diagrams are drawn with."""

from __future__ import annotations

from tests.engine.bpmn import node


def several(
    items: str, item: str = "", *, into: str = "", result: str = "", sequential: bool = False,
    enough: str = "",
) -> str:  # fmt: skip
    inside = f"<bpmn:loopDataInputRef>{items}</bpmn:loopDataInputRef>"
    if into:
        inside += f"<bpmn:loopDataOutputRef>{into}</bpmn:loopDataOutputRef>"
    if item:
        inside += f'<bpmn:inputDataItem id="{item}" name="{item}"/>'
    if result:
        inside += f'<bpmn:outputDataItem id="{result}" name="{result}"/>'
    if enough:
        inside += (
            '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">'
            f"{enough}</bpmn:completionCondition>"
        )
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{inside}</bpmn:multiInstanceLoopCharacteristics>"
    )


def call(id_: str, key: str, inside: str = "", **props: str) -> str:
    return node("callActivity", id_, inside, attach=f' calledElement="{key}"', **props)


def sub(id_: str, *elements: str, **props: str) -> str:
    return node("subProcess", id_, "".join(elements), **props)


def xor(id_: str, default: str = "") -> str:
    return node("exclusiveGateway", id_, attach=f' default="{default}"' if default else "")


def inclusive(id_: str, default: str = "") -> str:
    return node("inclusiveGateway", id_, attach=f' default="{default}"' if default else "")


def terminate(id_: str = "stopp") -> str:
    return node("endEvent", id_, "<bpmn:terminateEventDefinition/>")


def boundary(id_: str, on: str, inside: str, *, cancel: bool = True) -> str:
    attach = f' attachedToRef="{on}" cancelActivity="{str(cancel).lower()}"'
    return node("boundaryEvent", id_, inside, attach=attach)


def io(inputs: list[str], outputs: list[str]) -> str:
    def listed(tag: str, names: list[str]) -> str:
        return "".join(f'<bpmn:{tag} id="{name}" name="{name}"/>' for name in names)

    def refs(tag: str, names: list[str]) -> str:
        return "".join(f"<bpmn:{tag}>{name}</bpmn:{tag}>" for name in names)

    return (
        f"<bpmn:ioSpecification>{listed('dataInput', inputs)}{listed('dataOutput', outputs)}"
        f"<bpmn:inputSet>{refs('dataInputRefs', inputs)}</bpmn:inputSet>"
        f"<bpmn:outputSet>{refs('dataOutputRefs', outputs)}</bpmn:outputSet></bpmn:ioSpecification>"
    )


def decision(hit_policy: str, *rows: tuple[str, str, str], default: str = "") -> str:
    """The table `vem`: inputs `typ` and `belopp`, output `beslutar`."""

    def entry(tag: str, id_: str, text: str) -> str:
        escaped = text.replace("<", "&lt;")
        return f'<{tag} id="{id_}"><text>{escaped}</text></{tag}>'

    rules = "".join(
        f'<rule id="r{n}">{entry("inputEntry", f"a{n}", a)}{entry("inputEntry", f"b{n}", b)}'
        f"{entry('outputEntry', f'c{n}', c)}</rule>"
        for n, (a, b, c) in enumerate(rows)
    )
    columns = "".join(
        f'<input id="i_{name}" label="{name}"><inputExpression id="e_{name}">'
        f"<text>{name}</text></inputExpression></input>"
        for name in ("typ", "belopp")
    )
    fallback = entry("defaultOutputEntry", "d1", default) if default else ""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        'namespace="x"><decision id="vem" name="Vem beslutar">'
        f'<decisionTable id="t" hitPolicy="{hit_policy}">{columns}'
        f'<output id="o1" name="beslutar">{fallback}</output>{rules}'
        "</decisionTable></decision></definitions>"
    )
