"""Events: which kinds run where, and what each of them needs."""

from __future__ import annotations

from lxml import etree

from engine.gate.model import EVENTS, Node, Process, local
from engine.gate.rule import Findings, error
from engine.texts import gettext as _

# What SpiffWorkflow runs as BPMN says, measured; "" is an event with no trigger.
SUPPORTED = {
    "startEvent": {"", "message"},
    "endEvent": {"", "message", "signal", "error", "escalation", "terminate", "cancel"},
    "intermediateCatchEvent": {"message", "timer", "signal"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation"},
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
        "link": _("Dra flödet hela vägen i stället för att hoppa med en länk."),
        "compensate": _("Rita återställningen som ett eget flöde."),
        "conditional": _(
            "Ingen ser när uppgifter ändras så att ett villkor blir sant. Vänta på ett meddelande "
            "eller en tid, och pröva villkoret i ett vägval efteråt."
        ),
        "": _("Välj vad händelsen väntar på: meddelande, tid eller signal."),
    }.get(node.trigger, _("Välj en annan sorts händelse."))


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
                    trigger=node.trigger or _("utan utlösare"),
                    instead=_instead(node),
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
