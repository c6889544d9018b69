"""Events: which kinds run where, and what each of them needs."""

from __future__ import annotations

from lxml import etree

from engine.gate.model import EVENTS, Node, Process, local, tag
from engine.gate.rule import Findings, error
from engine.texts import gettext as _

# What SpiffWorkflow runs as BPMN says, measured; "" is an event with no trigger.
SUPPORTED = {
    "startEvent": {"", "message"},
    "endEvent": {"", "message", "signal", "error", "escalation", "terminate", "cancel"},
    "intermediateCatchEvent": {"message", "timer", "signal", "link"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation", "link"},
    "boundaryEvent": {
        "message", "timer", "signal", "error", "escalation", "cancel",
    },
}  # fmt: skip
# Each refers to something declared at the root of the file.
REFERENCES = {"signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}


def _instead(node: Node) -> str:
    if node.type == "startEvent":
        return _(
            "Ett ärende startas av en person eller ett meddelande. Börja så, och låt en väntande "
            "händelse komma efter starten."
        )
    return {
        "compensate": _("Rita återställningen som ett eget flöde."),
        "conditional": _(
            "Ingen ser när uppgifter ändras så att ett villkor blir sant. Vänta på ett meddelande "
            "eller en tid, och pröva villkoret i ett vägval efteråt."
        ),
        "": _("Välj vad händelsen väntar på: meddelande, tid eller signal."),
    }.get(node.trigger, _("Välj en annan sorts händelse."))


def trigger_names() -> dict[str, str]:
    """What the editor calls them."""
    return {
        "": _("utan utlösare"),
        "timer": _("tid"),
        "message": _("meddelande"),
        "signal": _("signal"),
        "conditional": _("villkor"),
        "compensate": _("kompensation"),
        "link": _("länk"),
        "error": _("fel"),
        "escalation": _("eskalering"),
        "cancel": _("avbrott"),
        "terminate": _("avsluta allt"),
    }


def kinds(process: Process) -> Findings:
    for node in process.nodes:
        if node.type not in EVENTS:
            continue
        if any(local(found) == "eventDefinitionRef" for found in node.definitions):
            yield error(
                process,
                node.id,
                "event_reference",
                _("%(node)s lånar sin utlösare. Ange den på händelsen själv.", node=node.label),
            )
        elif len(node.definitions) > 1:
            yield error(
                process,
                node.id,
                "several_triggers",
                _(
                    "%(node)s har flera utlösare. Använd en händelse för varje, efter ”Vägval på "
                    "första händelse” eller på kanten av steget.",
                    node=node.label,
                ),
            )
        elif node.trigger not in SUPPORTED[node.type]:
            yield error(
                process,
                node.id,
                "unsupported_event",
                _(
                    "%(node)s är en händelse som inte kan köras här (%(trigger)s). %(instead)s",
                    node=node.label,
                    trigger=trigger_names().get(node.trigger, node.trigger),
                    instead=_instead(node),
                ),
            )


def links(process: Process) -> Findings:
    """Each link is caught once, on the level where it is thrown, and is no other flow's end."""
    for scope in process.scopes:
        linked = [node for node in scope.nodes.values() if node.link is not None]
        for node in linked:
            others = [each for each in linked if each.link == node.link and each is not node]
            caught = [each for each in (node, *others) if each.catches]
            passed = node.incoming if node.catches else node.outgoing
            drawn = [flow for flow in passed if flow.xml.tag == tag("sequenceFlow")]
            if not node.link or len(caught) != 1 or len(others) == 0 or drawn:
                yield error(
                    process,
                    node.id,
                    "link",
                    _(
                        "%(node)s är en länk som inte hänger ihop. En eller flera utgående länkar "
                        "och en inkommande ska ha samma namn på samma nivå, utan flöden emellan.",
                        node=node.label,
                    ),
                )


def placement(process: Process) -> Findings:
    """Cancel belongs to transactions; errors always interrupt."""
    for node in process.nodes:
        if node.trigger == "cancel" and not _in_transaction(node):
            yield error(
                process,
                node.id,
                "cancel_outside_transaction",
                _(
                    "%(node)s avbryter en transaktion men hör inte till någon. Använd ett fel "
                    "eller en eskalering.",
                    node=node.label,
                ),
            )
        if node.trigger == "cancel" and node.type == "endEvent" and _in_transaction(node):
            owner = node.scope.owner
            if owner and not any(event.trigger == "cancel" for event in owner.boundaries):
                yield error(
                    process,
                    node.id,
                    "cancel_not_caught",
                    _(
                        "När %(node)s avbryter %(owner)s tar ingen hand om det. Fäst en "
                        "avbrytande händelse av samma slag på kanten av %(owner)s.",
                        node=node.label,
                        owner=owner.label,
                    ),
                )
        always = node.trigger in ("error", "cancel") and node.type == "boundaryEvent"
        if always and not node.interrupting:
            yield error(
                process,
                node.id,
                "must_interrupt",
                _("%(node)s avbryter alltid sitt steg. Gör den avbrytande.", node=node.label),
            )


def _in_transaction(node: Node) -> bool:
    if node.type == "boundaryEvent":
        host = node.scope.nodes.get(node.attached_to)
        return host is not None and host.type == "transaction"
    return node.scope.owner is not None and node.scope.owner.type == "transaction"


def references(process: Process) -> Findings:
    for node in process.nodes:
        attribute = REFERENCES.get(node.trigger)
        if attribute is None:
            continue
        reference = node.definitions[0].get(attribute, "")
        declared = process.diagram.roots.get(reference)
        # A boundary event without a reference catches whatever comes.
        if not reference and node.type == "boundaryEvent" and node.trigger != "signal":
            continue
        if declared is None or local(declared) != node.trigger or not _named(declared):
            yield error(
                process,
                node.id,
                "dangling_reference",
                _(
                    "%(node)s pekar på något som inte finns (%(reference)s). Välj eller skapa "
                    "det i panelen.",
                    node=node.label,
                    reference=reference or attribute,
                ),
            )


def _named(declared: etree._Element) -> bool:
    kind = local(declared)
    return bool(declared.get("name") or declared.get(f"{kind}Code"))
