"""Side branches from events that don't interrupt: they must not outlive what they hang on."""

from __future__ import annotations

from engine.gate.model import HUMAN_TASKS, Node, Process, Scope
from engine.gate.rule import Findings, World, error
from engine.texts import gettext as _

ENDS_ALL = frozenset({"terminate", "error", "cancel"})


def side_branches(process: Process, world: World) -> Findings:
    for scope in process.scopes:
        for event in scope.of_type("boundaryEvent"):
            if event.interrupting or _main_path_ends_all(scope):
                continue
            branch = _from(scope, event)
            human = next((node for node in branch if _is_human(node, world)), None)
            if human:
                yield error(
                    process,
                    human.id,
                    "lingering_task",
                    _(
                        "%(task)s ligger på en sidogren från %(event)s och blir kvar när huvud"
                        "flödet är klart. Lägg steget och sidogrenen i en delprocess där "
                        "huvudflödet slutar i en avslutande sluthändelse (terminate).",
                        task=human.label,
                        event=event.label,
                    ),
                )
            elif _loops(scope, branch):
                yield error(
                    process,
                    event.id,
                    "lingering_loop",
                    _(
                        "Sidogrenen från %(event)s går runt och tar aldrig slut. Lägg steget och "
                        "sidogrenen i en delprocess där huvudflödet slutar i en avslutande "
                        "sluthändelse (terminate).",
                        event=event.label,
                    ),
                )


def _main_path_ends_all(scope: Scope) -> bool:
    """Every end that the main path reaches takes the side branches with it."""
    ends = [node for node in _main_path(scope) if node.type == "endEvent"]
    return bool(ends) and all(end.trigger in ENDS_ALL for end in ends)


def _main_path(scope: Scope) -> list[Node]:
    return _walk(scope, scope.of_type("startEvent"))


def _from(scope: Scope, event: Node) -> list[Node]:
    return _walk(scope, [event])[1:]


def _walk(scope: Scope, beginnings: list[Node]) -> list[Node]:
    """Nodes in the order they are found, interrupting boundary events included."""
    found: dict[str, Node] = {}
    ahead = list(beginnings)
    while ahead:
        node = ahead.pop()
        if node.id in found:
            continue
        found[node.id] = node
        ahead += [scope.nodes[flow.target] for flow in node.outgoing if flow.target in scope.nodes]
        ahead += [event for event in node.boundaries if event.interrupting]
    return list(found.values())


def _is_human(node: Node, world: World) -> bool:
    if node.type in HUMAN_TASKS:
        return True
    if node.inner:
        return any(_is_human(inner, world) for inner in node.inner.nodes.values())
    called = world.bundle.with_called(node.called) if node.called else []
    return any(inner.type in HUMAN_TASKS for part in called for inner in part.nodes)


def _loops(scope: Scope, branch: list[Node]) -> bool:
    """Whether following the branch can come back to where it was: Kahn's algorithm."""
    inside = {node.id for node in branch}
    left = {node.id: sum(flow.source in inside for flow in node.incoming) for node in branch}
    free = [key for key, count in left.items() if count == 0]
    while free:
        key = free.pop()
        del left[key]
        for flow in scope.nodes[key].outgoing:
            if flow.target in left:
                left[flow.target] -= 1
                if left[flow.target] == 0:
                    free.append(flow.target)
    return bool(left)
