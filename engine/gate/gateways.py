"""Gateways: a way onward always exists, and exactly the one that was meant."""

from __future__ import annotations

from engine.gate.model import ACTIVITIES, EVENTS, Node, Process, text_of
from engine.gate.rule import Findings, error, warning
from engine.spiff import iso8601
from engine.texts import gettext as _

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
AWAITED = frozenset({"intermediateCatchEvent", "receiveTask"})


def choices(process: Process) -> Findings:
    """Every flow out of a choice has a condition, but the default, and there is one."""
    for node in process.nodes:
        if not _chooses(node):
            continue
        if node.default and node.default not in {flow.id for flow in node.outgoing}:
            yield error(
                process,
                node.id,
                "dangling_default",
                _("Standardvägen från %(node)s finns inte. Välj den på nytt.", node=node.label),
            )
        elif len(node.outgoing) > 1:
            yield from _choice(process, node)


def _chooses(node: Node) -> bool:
    """A gateway that does, or an activity with conditions on the flows that leave it."""
    return node.type in CHOOSING or (
        node.type in ACTIVITIES
        and len(node.outgoing) > 1
        and any(flow.condition is not None for flow in node.outgoing)
    )


def _choice(process: Process, node: Node) -> Findings:
    if not node.default:
        yield error(
            process,
            node.id,
            "no_default",
            _(
                "%(node)s saknar standardväg. Välj vilket flöde som tas när inget villkor "
                "stämmer, annars kan ärendet bli stående här.",
                node=node.label,
            ),
        )
    for flow in node.outgoing:
        if flow.id == node.default and flow.condition:
            yield warning(
                process,
                flow.id,
                "default_condition",
                _("Standardvägen har ett villkor, som inte används. Ta bort villkoret."),
            )
        elif flow.id != node.default and not flow.condition:
            yield error(
                process,
                flow.id,
                "no_condition",
                _(
                    "Flödet från %(node)s till %(target)s saknar villkor. Skriv när det tas.",
                    node=node.label,
                    target=_target(node, flow.target),
                ),
            )


def _target(node: Node, key: str) -> str:
    target = node.scope.nodes.get(key)
    return target.label if target else key


def stray_conditions(process: Process) -> Findings:
    """Conditions where nobody asks: they would be passed over in silence."""
    for node in process.nodes:
        if _chooses(node):
            continue
        if node.default and node.type in ACTIVITIES | EVENTS:
            yield error(
                process,
                node.id,
                "stray_default",
                _("%(node)s har en standardväg. Val görs i ett vägval.", node=node.label),
            )
        for flow in node.outgoing:
            if flow.condition is not None:
                yield error(
                    process,
                    flow.id,
                    "stray_condition",
                    _(
                        "Villkoret på flödet från %(node)s används inte. Sätt ”Vägval: en väg” "
                        "efter steget och villkoret på dess flöde.",
                        node=node.label,
                    ),
                )


def races(process: Process) -> Findings:
    """An event-based gateway waits for several events."""
    for node in process.nodes:
        if node.type != "eventBasedGateway":
            continue
        if len(node.outgoing) < 2:
            yield error(
                process,
                node.id,
                "no_race",
                _("%(node)s ska välja mellan minst två händelser.", node=node.label),
            )
        yield from _race(process, node)


def _overtaken(process: Process, node: Node, timers: list[Node]) -> Findings:
    """Of several fixed durations only the shortest can come first."""
    fixed = [(length, timer) for timer in timers if (length := _length(timer)) is not None]
    fixed.sort(key=lambda each: each[0])
    for _days, timer in fixed[1:]:
        yield error(
            process,
            timer.id,
            "overtaken",
            _(
                "%(timer)s kommer aldrig först efter %(node)s: %(first)s är kortare. Ta bort den "
                "ena.",
                timer=timer.label,
                node=node.label,
                first=fixed[0][1].label,
            ),
        )


def _length(timer: Node) -> float | None:
    """How many days it lasts, when that is drawn; None when it hangs on something."""
    drawn = text_of(timer.definitions[0], "timeDuration") or ""
    text = timer.properties.get("deadline") or drawn
    length = iso8601.duration(text.strip("\"'"))
    return None if length is None else length.days_in_all


def _race(process: Process, node: Node) -> Findings:
    awaited = [
        node.scope.nodes[flow.target] for flow in node.outgoing if flow.target in node.scope.nodes
    ]
    for target in awaited:
        if target.type not in AWAITED or len(target.incoming) > 1 or target.boundaries:
            yield error(
                process,
                target.id,
                "not_awaited",
                _(
                    "Efter %(node)s får det bara komma väntande händelser och "
                    "mottagningsuppgifter, som inget annat flöde leder till.",
                    node=node.label,
                ),
            )
    timers = [target for target in awaited if target.trigger == "timer"]
    yield from _overtaken(process, node, timers)
