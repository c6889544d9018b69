"""The shape of the flow: where it begins, that everything is reached, and that it ends."""

from __future__ import annotations

from engine.gate.model import ACTIVITIES, Node, Process, Scope
from engine.gate.rule import Findings, error, warning
from engine.texts import gettext as _

MAX_FLOWS = 900
MAX_NODES = 300  # reading a diagram is recursive; a chain of about 490 nodes breaks it


def is_too_large(process: Process) -> bool:
    flows = sum(len(scope.flows) for scope in process.scopes)
    return len(process.nodes) > MAX_NODES or flows > MAX_FLOWS


def size(process: Process) -> Findings:
    if is_too_large(process):
        yield error(
            process,
            process.id,
            "too_many_nodes",
            _(
                "Processen har %(nodes)s element. Den får ha högst %(limit)s, och högst %(flows)s "
                "flöden. Flytta delar av den till egna processer som anropas.",
                nodes=len(process.nodes),
                limit=MAX_NODES,
                flows=MAX_FLOWS,
            ),
        )


def flows(process: Process) -> Findings:
    """Every flow leads from one element to another on the same level."""
    everywhere = {node.id for node in process.nodes}
    for scope in process.scopes:
        for flow in scope.flows:
            for end in (flow.source, flow.target):
                if end in scope.nodes:
                    continue
                if end in everywhere:
                    message = _(
                        "Flödet går in i eller ut ur en delprocess vid %(end)s. Dra det till "
                        "delprocessens kant i stället.",
                        end=end,
                    )
                else:
                    message = _(
                        "Flödet pekar på %(end)s, som inte finns. Dra om eller ta bort flödet.",
                        end=end or "?",
                    )
                yield error(process, flow.id or scope.id, "dangling_flow", message)


def doubled(process: Process) -> Findings:
    """Two flows between the same elements would count as one where they are waited for."""
    for scope in process.scopes:
        seen: set[tuple[str, str]] = set()
        for flow in scope.flows:
            ends = (flow.source, flow.target)
            if ends in seen and flow.source in scope.nodes and flow.target in scope.nodes:
                yield error(
                    process,
                    flow.id or scope.id,
                    "double_flow",
                    _(
                        "Två flöden går från %(source)s till %(target)s. Behåll det ena; är det "
                        "två villkor, skriv dem som ett, med or emellan.",
                        source=scope.nodes[flow.source].label,
                        target=scope.nodes[flow.target].label,
                    ),
                )
            seen.add(ends)


def beginnings(process: Process) -> Findings:
    for scope in process.scopes:
        if scope.owner is not None and (scope.owner.type == "adHocSubProcess" or not scope.nodes):
            if not scope.nodes:
                yield error(
                    process,
                    scope.id,
                    "empty",
                    _("Delprocessen är tom. Rita dess steg eller gör den till en uppgift."),
                )
            continue
        yield from _starts(process, scope)
        yield from _ends(process, scope)


def _starts(process: Process, scope: Scope) -> Findings:
    starts = scope.of_type("startEvent")
    plain = [node for node in starts if not node.definitions]
    where = _("Delprocessen") if scope.owner else _("Processen")
    if not starts:
        yield error(
            process,
            scope.id,
            "no_start",
            _("%(where)s saknar starthändelse. Börja flödet med en.", where=where),
        )
    elif len(starts) > 1 and (plain or scope.owner):
        yield error(
            process,
            (plain or starts)[-1].id,
            "several_starts",
            _(
                "%(where)s har flera starthändelser. Behåll en. Ska den börja både av en person "
                "och av ett meddelande, låt meddelandet starta en egen process som anropar den.",
                where=where,
            ),
        )
    elif scope.owner and not plain:
        yield error(
            process,
            starts[0].id,
            "start_trigger",
            _(
                "En delprocess börjar när flödet når den. Ta bort utlösaren från "
                "starthändelsen, eller lägg en väntande händelse efter den."
            ),
        )


def _ends(process: Process, scope: Scope) -> Findings:
    if not scope.of_type("endEvent"):
        yield error(
            process,
            scope.id,
            "no_end",
            _("Det finns ingen sluthändelse. Avsluta flödet med en."),
        )


def connections(process: Process) -> Findings:
    """Nothing starts in the middle, nothing stops without an end."""
    for node in process.nodes:
        if node.stands_beside or (node.scope.owner and node.scope.owner.type == "adHocSubProcess"):
            continue
        if node.type == "endEvent":
            if node.outgoing:
                yield error(
                    process,
                    node.id,
                    "end_goes_on",
                    _("Flöden kan inte lämna en sluthändelse. Ta bort dem."),
                )
        elif not node.outgoing:
            yield error(
                process,
                node.id,
                "dead_end",
                _(
                    "Efter %(node)s kommer ingenting. Dra ett flöde till nästa steg eller till "
                    "en sluthändelse.",
                    node=node.label,
                ),
            )
        if node.type in ("startEvent", "boundaryEvent") and node.incoming:
            yield error(
                process,
                node.id,
                "enters_start",
                _("Flöden kan inte leda till %(node)s. Dra dem till ett steg.", node=node.label),
            )


def reachable(process: Process) -> Findings:
    for scope in process.scopes:
        if not scope.of_type("startEvent"):
            continue
        reached = _reached(scope, scope.of_type("startEvent"))
        for node in scope.nodes.values():
            if node.id not in reached and not node.stands_beside:
                yield error(
                    process,
                    node.id,
                    "unreachable",
                    _(
                        "Inget flöde från starten når %(node)s. Koppla in det eller ta bort det.",
                        node=node.label,
                    ),
                )


def _reached(scope: Scope, beginnings: list[Node]) -> set[str]:
    found: set[str] = set()
    ahead = list(beginnings)
    while ahead:
        node = ahead.pop()
        if node.id in found:
            continue
        found.add(node.id)
        ahead.extend(
            scope.nodes[flow.target] for flow in node.outgoing if flow.target in scope.nodes
        )
        ahead.extend(node.boundaries)
    return found


def splits(process: Process) -> Findings:
    """Several flows out of a step: all are taken. Was that what was meant? A gateway says so."""
    for node in process.nodes:
        if node.splits_by_itself and node.type != "endEvent":
            conditions = [flow for flow in node.outgoing if flow.condition is not None]
            yield warning(
                process,
                node.id,
                "implicit_split",
                _(
                    "Flera flöden lämnar %(node)s, och alla vars villkor stämmer tas samtidigt. "
                    "Visa det med ”Vägval: en eller flera vägar”, eller ta ”Vägval: en väg”.",
                    node=node.label,
                )
                if conditions
                else _(
                    "Flera flöden lämnar %(node)s, och alla tas samtidigt. Visa det med ”Vägval: "
                    "alla vägar samtidigt”, eller ta ”Vägval: en väg” om bara ett ska tas.",
                    node=node.label,
                ),
            )


def references(process: Process) -> Findings:
    """Lanes and boundary events point at elements that are there."""
    everywhere = {node.id for node in process.nodes}
    for key, lane in process.lanes.items():
        if key not in everywhere:
            yield warning(
                process,
                process.id,
                "dangling_lane",
                _("Banan %(lane)s räknar upp %(key)s, som inte finns.", lane=lane, key=key),
            )
    for node in process.nodes:
        if node.type == "boundaryEvent" and (
            node.attached_to not in node.scope.nodes
            or node.scope.nodes[node.attached_to].type not in ACTIVITIES
        ):
            yield error(
                process,
                node.id,
                "dangling_boundary",
                _(
                    "%(node)s sitter inte fast på något steg. Dra den till en kant.",
                    node=node.label,
                ),
            )
