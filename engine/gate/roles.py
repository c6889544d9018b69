"""Who does it: every human task lands in an inbox."""

from __future__ import annotations

from engine.gate.model import HUMAN_TASKS, Node, Process
from engine.gate.rule import Findings, World, error, what_there_is
from engine.texts import gettext as _


def role_of(process: Process, node: Node) -> str:
    """The property, else the lane, else the same of the subprocess around it; "" for none."""
    at: Node | None = node
    while at is not None:
        found = at.properties.get("role") or process.lanes.get(at.id)
        if found:
            return found
        at = at.scope.owner
    return ""


def assigned(process: Process, world: World) -> Findings:
    for node in process.nodes:
        if node.type not in HUMAN_TASKS:
            continue
        role = role_of(process, node)
        if not role and not _given_by_callers(process, world, set()):
            yield error(
                process,
                node.id,
                "no_role",
                _(
                    "%(node)s har ingen roll. Lägg uppgiften i en bana eller välj roll i panelen "
                    "Handläggning.",
                    node=node.label,
                ),
            )
        elif role and role not in world.context.roles:
            yield error(
                process,
                node.id,
                "unknown_role",
                _(
                    "Rollen %(role)s finns inte. %(known)s",
                    role=role,
                    known=what_there_is(role, world.context.roles),
                ),
            )


def _given_by_callers(process: Process, world: World, seen: set[str]) -> bool:
    """A called process without lanes has the role of the step that calls it."""
    if process.id in seen:
        return False
    seen.add(process.id)
    calls = [
        (caller, node)
        for caller in world.bundle.processes.values()
        for node in caller.nodes
        if node.called == process.id
    ]
    return bool(calls) and all(
        role_of(caller, node) or _given_by_callers(caller, world, seen) for caller, node in calls
    )
