"""Steps done several times: the shape that keeps every answer and always ends."""

from __future__ import annotations

from collections.abc import Iterator

from engine import expressions
from engine.errors import EngineError
from engine.gate.finding import Finding
from engine.gate.model import ACTIVITIES, HUMAN_TASKS, Node, Process, Scope, local, tag, text_of
from engine.gate.rule import Findings, World, error, warning
from engine.spiff.loops import MOST_INSTANCES
from engine.texts import gettext as _


def multi_instance(process: Process, world: World) -> Findings:
    for node in process.nodes:
        if node.loop is not None and local(node.loop).startswith("multi"):
            yield from _over_what(process, node)
            yield from _results(process, node, world)


def _over_what(process: Process, node: Node) -> Findings:
    assert node.loop is not None
    count, items = text_of(node.loop, "loopCardinality"), text_of(node.loop, "loopDataInputRef")
    if bool(count) == bool(items):
        yield error(
            process,
            node.id,
            "loop_input",
            _(
                "%(node)s görs flera gånger, men för vad? Ange en lista (loopDataInputRef) eller "
                "ett antal (loopCardinality), en av dem.",
                node=node.label,
            ),
        )
    if count and _is_number(count) and not _is_reasonable(count):
        yield _too_many(process, node, count)
    for name in ("behavior", "noneBehaviorEventRef", "oneBehaviorEventRef"):
        if node.loop.get(name) not in (None, "All"):
            yield error(
                process,
                node.id,
                "loop_behavior",
                _("Händelser från upprepningen av %(node)s kastas inte. Ta bort %(name)s.",
                  node=node.label, name=name),
            )  # fmt: skip


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_reasonable(text: str) -> bool:
    return len(text) < 9 and 0 < int(text) <= MOST_INSTANCES


def _too_many(process: Process, node: Node, count: str) -> Finding:
    return error(
        process,
        node.id,
        "loop_count",
        _(
            "%(node)s ska göras %(count)s gånger. Det får vara 1 till %(most)s.",
            node=node.label,
            count=count,
            most=MOST_INSTANCES,
        ),
    )


def _results(process: Process, node: Node, world: World) -> Findings:
    """What each instance gives is collected, and is something that it gives."""
    assert node.loop is not None
    collected = text_of(node.loop, "loopDataOutputRef")
    item = node.loop.find(tag("outputDataItem"))
    if not collected and item is None:
        yield warning(
            process,
            node.id,
            "loop_output",
            _(
                "%(node)s görs flera gånger, och bara det sista svaret blir kvar. Ska flödet läsa "
                "dem: ange en lista att samla i (loopDataOutputRef) och vad som läggs i den "
                "(outputDataItem).",
                node=node.label,
            ),
        )
    elif not collected or item is None:
        yield error(
            process,
            node.id,
            "loop_output",
            _(
                "%(node)s samlar inte sina svar. Ange både en lista att samla i "
                "(loopDataOutputRef) och vad som läggs i den (outputDataItem).",
                node=node.label,
            ),
        )
    else:
        yield from _item(process, node, item.get("id", ""), world)


def _item(process: Process, node: Node, name: str, world: World) -> Findings:
    # A human task's answers are taken whole where none of them has the name.
    if node.type not in HUMAN_TASKS and name not in _set_inside(node, name, world):
        yield error(
            process,
            node.id,
            "loop_item",
            _(
                "Inget steg i %(node)s ger %(name)s ett värde. Ange det som ska samlas, till "
                "exempel id för en uppgift eller ett namn som ett skript sätter på varje väg.",
                node=node.label,
                name=name or "outputDataItem",
            ),
        )


def _set_inside(node: Node, item: str, world: World) -> set[str]:
    """Names that a run through `node` can leave in the data."""
    if node.called and node.called not in world.bundle.processes:
        return {item}  # it can't be looked into from here
    nodes = [node]
    declared: set[str] = set()
    if node.inner:
        nodes += _within(node.inner)
    for part in world.bundle.with_called(node.called) if node.called else ():
        nodes += part.nodes
        data = part.xml.iter(tag("dataInput"), tag("dataOutput"), tag("dataObject"))
        declared |= {found.get("id", "") for found in data}
    assert node.loop is not None
    declared |= {found.get("id", "") for found in node.loop.iterfind(tag("inputDataItem"))}
    return declared | _names(nodes)


def _within(scope: Scope) -> Iterator[Node]:
    for node in scope.nodes.values():
        yield node
        if node.inner:
            yield from _within(node.inner)


def _names(nodes: list[Node]) -> set[str]:
    names: set[str] = set()
    for node in nodes:
        if node.type in ACTIVITIES or node.message_ref is not None:
            names.add(node.id)
        names |= _assigned(text_of(node.xml, "script") or "")
        collected = None if node.loop is None else text_of(node.loop, "loopDataOutputRef")
        if collected:
            names.add(collected)
    return names


def _assigned(script: str) -> frozenset[str]:
    try:
        return expressions.assigned_in(script)
    except EngineError:
        return frozenset()  # said already, where scripts are read


def standard(process: Process) -> Findings:
    """A loop says when it ends."""
    for node in process.nodes:
        if node.loop is None or not local(node.loop).startswith("standard"):
            continue
        maximum = node.loop.get("loopMaximum", "")
        if not text_of(node.loop, "loopCondition") and not maximum:
            yield error(
                process,
                node.id,
                "loop_end",
                _("%(node)s upprepas utan slut. Ange ett villkor eller ett högsta antal.",
                  node=node.label),
            )  # fmt: skip
        elif maximum and _is_number(maximum) and not _is_reasonable(maximum):
            yield _too_many(process, node, maximum)
        elif maximum and not _is_number(maximum):
            yield error(
                process,
                node.id,
                "loop_maximum",
                _("Högsta antalet för %(node)s ska vara ett heltal.", node=node.label),
            )
