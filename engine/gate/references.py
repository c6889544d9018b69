"""What a step points at is there: operation, form, decision, called process."""

from __future__ import annotations

from engine import retrying
from engine.errors import EngineError
from engine.gate.model import HUMAN_TASKS, SPIFF, Node, Process, tag
from engine.gate.rule import Findings, World, error, warning, what_there_is
from engine.host import OperationKind
from engine.texts import gettext as _


def operations(process: Process, world: World) -> Findings:
    for node in process.nodes:
        name = node.properties.get("operation", "")
        if node.type == "serviceTask":
            if (
                node.xml.find(f"{tag('extensionElements')}/{{{SPIFF}}}serviceTaskOperator")
                is not None
            ):
                yield error(
                    process,
                    node.id,
                    "operator",
                    _(
                        "%(node)s anger en operator. Ta bort den och välj en åtgärd i panelen.",
                        node=node.label,
                    ),
                )
            if not name:
                yield error(
                    process,
                    node.id,
                    "no_operation",
                    _(
                        "%(node)s saknar åtgärd. Välj en i panelen Handläggning, eller gör steget "
                        "till en uppgift för någon.",
                        node=node.label,
                    ),
                )
        if name:
            yield from _operation(process, node, name, world)
            yield from _retrying(process, node, world)


def _operation(process: Process, node: Node, name: str, world: World) -> Findings:
    operation = world.context.operations.get(name)
    if operation is None:
        yield error(
            process,
            node.id,
            "unknown_operation",
            _(
                "Åtgärden %(name)s finns inte. %(known)s",
                name=name,
                known=what_there_is(name, world.context.operations),
            ),
        )
    elif node.type in HUMAN_TASKS and operation.kind == OperationKind.OUTSIDE:
        yield error(
            process,
            node.id,
            "outside_operation",
            _(
                "Åtgärden %(name)s når utanför systemet och kan dröja. Lägg den i en egen "
                "tjänsteuppgift efter %(node)s.",
                name=name,
                node=node.label,
            ),
        )


def _retrying(process: Process, node: Node, world: World) -> Findings:
    retries, backoff = (node.properties.get(name, "") for name in ("retries", "backoff"))
    try:
        retrying.read(retries, backoff)
    except EngineError as refused:
        yield error(process, node.id, "retrying", str(refused))
    operation = world.context.operations.get(node.properties["operation"])
    inside = operation is not None and operation.kind == OperationKind.INSIDE
    if (retries or backoff) and node.type == "serviceTask" and inside:
        yield warning(
            process,
            node.id,
            "retrying_inside",
            _(
                "%(node)s försöks aldrig om: åtgärden görs i systemet självt. Ta bort nya försök "
                "och första pausen.",
                node=node.label,
            ),
        )


def forms(process: Process, world: World) -> Findings:
    for node in process.nodes:
        name = node.properties.get("form")
        if name and name not in world.bundle.forms and name not in world.context.forms:
            yield error(
                process,
                node.id,
                "unknown_form",
                _(
                    "Formuläret %(name)s finns inte. Ladda upp %(name)s.json tillsammans med "
                    "diagrammet, eller välj ett annat.",
                    name=name,
                ),
            )


def decisions(process: Process, world: World) -> Findings:
    for node in process.nodes:
        if node.type != "businessRuleTask":
            continue
        if not node.decision:
            yield error(
                process,
                node.id,
                "no_decision",
                _("%(node)s saknar beslutstabell. Välj en i panelen.", node=node.label),
            )
        elif (
            node.decision not in world.bundle.decision_ids
            and node.decision not in world.context.decisions
        ):
            yield error(
                process,
                node.id,
                "unknown_decision",
                _(
                    "Beslutstabellen %(name)s finns inte. Ladda upp dess .dmn tillsammans med "
                    "diagrammet, eller välj en annan.",
                    name=node.decision,
                ),
            )


def calls(process: Process, world: World) -> Findings:
    for node in process.nodes:
        if node.type != "callActivity":
            continue
        if not node.called:
            yield error(
                process,
                node.id,
                "no_process",
                _("%(node)s anropar ingen process. Välj vilken i panelen.", node=node.label),
            )
        elif node.called in world.bundle.processes:
            yield from _startable(process, node, world.bundle.processes[node.called])
        elif node.called not in world.context.processes:
            yield error(
                process,
                node.id,
                "unknown_process",
                _(
                    "Processen %(name)s finns inte. Ladda upp den tillsammans med diagrammet, "
                    "eller välj en annan.",
                    name=node.called,
                ),
            )


def _startable(process: Process, node: Node, called: Process) -> Findings:
    starts = called.top.of_type("startEvent")
    if starts and all(start.definitions for start in starts):
        yield error(
            process,
            node.id,
            "called_start",
            _(
                "%(called)s kan inte anropas: den börjar med att vänta. Ge den en starthändelse "
                "utan utlösare.",
                called=called.name,
            ),
        )
