"""Only what the engine honours: the rest would be skipped in silence, so it is refused."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.gate.finding import Finding
from engine.gate.model import FLOW_NODES, SPIFF, Node, Process, is_bpmn, local
from engine.gate.rule import Findings, error, warning
from engine.texts import gettext as _

# Drawn or declared beside the flow; nothing in them runs.
PASSIVE = frozenset(
    {
        "association",
        "auditing",
        "dataObject",
        "dataObjectReference",
        "documentation",
        "extensionElements",
        "group",
        "ioSpecification",
        "laneSet",
        "monitoring",
        "property",
        "sequenceFlow",
        "textAnnotation",
    }
)
PARTS_OF_NODES = frozenset(
    {
        "categoryValueRef",
        "conditionExpression",
        "dataInputAssociation",
        "dataOutputAssociation",
        "documentation",
        "extensionElements",
        "incoming",
        "ioSpecification",
        "multiInstanceLoopCharacteristics",
        "outgoing",
        "property",
        "script",
        "standardLoopCharacteristics",
    }
)
REFUSED = frozenset({"adHocSubProcess", "complexGateway"})
REFUSED_MARKS = ("triggeredByEvent", "isForCompensation", "instantiate")


def _instead() -> dict[str, str]:
    """What to draw instead of what can't run."""
    return {
        "adHocSubProcess": _("Rita ordningen med flöden, eller parallella grenar."),
        "complexGateway": _("Använd ett annat slags vägval."),
        "dataStoreReference": _("Beskriv lagret i en anteckning; uppgifter läses som fakta."),
        "correlationSubscription": _("Skriv egenskapen nyckel på det element som väntar."),
    }


def supported(process: Process) -> Findings:
    """Every element of the process is one that runs, or one that only is drawn."""
    for scope in process.scopes:
        for child in scope.xml:
            if is_bpmn(child) and local(child) not in FLOW_NODES | PASSIVE | PARTS_OF_NODES:
                yield _refused(process, child.get("id", "") or scope.id, local(child))
    for node in process.nodes:
        if node.type in REFUSED:
            yield _refused(process, node.id, node.type)
        yield from _odd_node(process, node)


def _refused(process: Process, element: str, kind: str) -> Finding:
    instead = _instead().get(kind, _("Ta bort elementet eller rita det på annat sätt."))
    return error(
        process,
        element,
        "unsupported",
        _("%(kind)s kan inte köras här. %(instead)s", kind=_name(kind), instead=instead),
    )


def _name(kind: str) -> str:
    return {
        "adHocSubProcess": _("Ad hoc-delprocessen"),
        "complexGateway": _("Komplext vägval"),
        "dataStoreReference": _("Datalagret"),
    }.get(kind, kind)


def _odd_node(process: Process, node: Node) -> Findings:
    if node.xml.get("triggeredByEvent") == "true":
        yield error(
            process,
            node.id,
            "event_subprocess",
            _event_subprocess(node),
        )
    if node.xml.get("isForCompensation") == "true":
        yield error(
            process,
            node.id,
            "compensation",
            _("Kompensation kan inte köras här. Rita återställningen som ett eget flöde."),
        )
    if node.xml.get("instantiate") == "true":
        yield error(
            process,
            node.id,
            "instantiate",
            _("%(node)s kan inte starta processen. Börja med en starthändelse.", node=node.label),
        )


def _event_subprocess(node: Node) -> str:
    """What to draw instead: the same event, on the edge of what it is to watch over."""
    starts = node.inner.of_type("startEvent") if node.inner else []
    goes_on = any(start.xml.get("isInterrupting") == "false" for start in starts)
    around = node.scope.owner
    instead = _("en händelse som inte avbryter") if goes_on else _("en händelse som avbryter")
    if around is not None:
        return _(
            "%(node)s är en händelsestyrd delprocess och kan inte köras här. Fäst i stället "
            "%(instead)s på kanten av %(around)s och låt stegen komma efter den.",
            node=node.label,
            instead=instead,
            around=around.label,
        )
    return _(
        "%(node)s är en händelsestyrd delprocess och kan inte köras här. Lägg det som pågår "
        "medan den väntar i en vanlig delprocess, fäst %(instead)s på dess kant och låt stegen "
        "komma efter den.",
        node=node.label,
        instead=instead,
    )


def foreign(process: Process) -> Findings:
    """What other tools have written for their own engines is left alone, but said."""
    for node in process.nodes:
        names = sorted({local(found) for found in _foreign_parts(node.xml)})
        if names:
            yield warning(
                process,
                node.id,
                "foreign",
                _(
                    "%(node)s har uppgifter från ett annat verktyg (%(names)s). De används inte "
                    "här; skriv det som behövs i panelen Handläggning.",
                    node=node.label,
                    names=", ".join(names[:5]),
                ),
            )


def _foreign_parts(xml: etree._Element) -> Iterator[etree._Element]:
    for child in xml:
        if isinstance(child.tag, str) and is_bpmn(child) and local(child) == "extensionElements":
            yield from (
                part
                for part in child
                if isinstance(part.tag, str) and etree.QName(part).namespace != SPIFF
            )
