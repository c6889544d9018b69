"""What is thrown is caught: signals and errors go no further than the instance they arise in."""

from __future__ import annotations

from engine.gate.model import Node, Process
from engine.gate.rule import Findings, World, error, warning
from engine.texts import gettext as _

Seen = frozenset[str]


def signals(process: Process, world: World) -> Findings:
    """A signal is thrown and caught by what runs together."""
    if not signals_of(process):
        return
    there = together(process, world)
    thrown = {name for part in there for node, name in signals_of(part) if not node.catches}
    caught = {name for part in there for node, name in signals_of(part) if node.catches}
    for node, name in signals_of(process):
        if node.catches and name not in thrown:
            # Whoever calls a process that is deployed already may be the one that throws.
            tell = warning if process.id in world.context.processes else error
            yield tell(
                process,
                node.id,
                "signal_not_thrown",
                _(
                    "%(node)s väntar på signalen %(name)s, som ingen i samma ärende skickar. "
                    "Mellan ärenden används meddelanden.",
                    node=node.label,
                    name=name,
                ),
            )
        elif not node.catches and name not in caught:
            yield warning(
                process,
                node.id,
                "signal_not_caught",
                _(
                    "Ingen i samma ärende väntar på signalen %(name)s. Mellan ärenden används "
                    "meddelanden.",
                    name=name,
                ),
            )


def errors(process: Process, world: World) -> Findings:
    """An error that nobody takes would stop the case."""
    for node in process.nodes:
        if node.type == "endEvent" and node.trigger == "error":
            code = reference(process, node)
            if code and not _is_taken(process, node, code, world, frozenset()):
                yield error(
                    process,
                    node.id,
                    "error_not_caught",
                    _(
                        "Ingen tar hand om felet från %(node)s. Fäst en felhändelse på kanten av "
                        "delprocessen eller anropet runt den, eller avsluta på vanligt sätt.",
                        node=node.label,
                    ),
                )


def together(process: Process, world: World) -> list[Process]:
    """The process, all it calls, and whatever of the files it can run inside."""
    found = {part.id: part for part in world.bundle.with_called(process.id)}
    for key in world.bundle.processes:
        closure = world.bundle.with_called(key)
        if process in closure:
            found.update((part.id, part) for part in closure)
    return list(found.values())


def signals_of(process: Process) -> list[tuple[Node, str]]:
    return [
        (node, name)
        for node in process.nodes
        if node.trigger == "signal" and (name := reference(process, node))
    ]


def reference(process: Process, node: Node) -> str:
    """What the event's signal or error goes by; "" when it refers to nothing."""
    key = node.definitions[0].get(f"{node.trigger}Ref", "")
    declared = process.diagram.roots.get(key)
    if declared is None:
        return ""
    return declared.get("errorCode", "") or declared.get("name", "")


def _is_taken(process: Process, node: Node, code: str, world: World, seen: Seen) -> bool:
    """Whether a boundary event somewhere around `node` catches the error."""
    around = node.scope.owner
    while around is not None:
        if _catches(process, around, code):
            return True
        around = around.scope.owner
    if process.id in seen:
        return False
    calls = [
        (caller, call)
        for caller in world.bundle.processes.values()
        for call in caller.nodes
        if call.called == process.id
    ]
    if not calls:  # a caller that is deployed already may be the one that takes it
        return process.id in world.context.processes
    return any(
        _catches(caller, call, code) or _is_taken(caller, call, code, world, seen | {process.id})
        for caller, call in calls
    )


def _catches(process: Process, host: Node, code: str) -> bool:
    return any(
        event.trigger == "error" and reference(process, event) in ("", code)
        for event in host.boundaries
    )
