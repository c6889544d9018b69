"""Where branches meet: what runs at the same time is waited for."""

from __future__ import annotations

from collections.abc import Collection

from engine.gate.model import Node, Process, Scope
from engine.gate.rule import Findings, warning
from engine.gate.tokens import JOINING
from engine.texts import gettext as _


def unjoined(process: Process) -> Findings:
    """Branches that run at the same time and meet without a join: the rest is done twice."""
    for scope in process.scopes:
        for split in scope.nodes.values():
            if split.runs_at_once:
                node = _met_unjoined(scope, split)
                if node:
                    yield warning(
                        process,
                        node.id,
                        "implicit_join",
                        _(
                            "Grenar som pågår samtidigt efter %(split)s möts i %(node)s, som då "
                            "görs en gång per gren. Sätt ett vägval av samma slag före för att "
                            "vänta in dem.",
                            split=split.label,
                            node=node.label,
                        ),
                    )


def _met_unjoined(scope: Scope, split: Node) -> Node | None:
    """The first node that two branches reach by different flows; ends may be met in."""
    entered: dict[str, set[str]] = {}
    for branch in split.outgoing:
        for key in _reached(scope, [branch.target], past=[split.id], waiting=JOINING):
            entered.setdefault(key, set()).add(branch.id)
    for key, branches in entered.items():
        node = scope.nodes[key]
        alone = [flow for flow in node.incoming if len(entered.get(flow.source, ())) < 2]
        if len(branches) > 1 and len(node.incoming) > 1 and alone and node.type != "endEvent":
            return node
    return None


def _reached(
    scope: Scope,
    starts: list[str],
    *,
    past: Collection[str],
    waiting: frozenset[str] = frozenset(),
) -> set[str]:
    """What is reached from `starts` without going past `past` or a join of the kinds `waiting`."""
    found: set[str] = set()
    ahead = list(starts)
    while ahead:
        key = ahead.pop()
        node = scope.nodes.get(key)
        if node is None or key in found or key in past:
            continue
        if node.type in waiting and len(node.incoming) > 1:
            continue
        found.add(key)
        ahead.extend(flow.target for flow in node.outgoing)
        ahead.extend(event.id for event in node.boundaries)
    return found
