"""Messages: each is named, each wait has a key, and none is caught by its own sender."""

from __future__ import annotations

import ast

from engine.gate.model import Node, Process
from engine.gate.rule import Findings, World, error, warning
from engine.texts import gettext as _


def named(process: Process) -> Findings:
    for node in process.nodes:
        if node.message_ref is not None and not process.message_name(node):
            yield error(
                process,
                node.id,
                "no_message",
                _(
                    "%(node)s saknar meddelande. Välj eller skapa ett med ett namn i panelen.",
                    node=node.label,
                ),
            )


def keyed(process: Process) -> Findings:
    """Without a key a message would reach any case, or none."""
    for node in process.nodes:
        if node.message_ref is None:
            continue
        key = node.properties.get("nyckel", "")
        if not key and node.catches and node.type != "startEvent":
            yield error(
                process,
                node.id,
                "no_key",
                _(
                    "%(node)s saknar nyckel. Skriv vad meddelandet ska stämma med, till exempel "
                    "[dnr].",
                    node=node.label,
                ),
            )
        elif not key and not node.catches:
            yield warning(
                process,
                node.id,
                "no_key",
                _(
                    "%(node)s skickar utan nyckel, så ingen som väntar med nyckel får det. Skriv "
                    "till exempel [dnr].",
                    node=node.label,
                ),
            )
        elif key and not _is_list(key):
            yield error(
                process,
                node.id,
                "key_not_list",
                _("Nyckeln ska vara en lista inom hakparentes, till exempel [dnr]."),
            )


def _is_list(text: str) -> bool:
    """Whether it is a list, or may give one: what is looked up isn't known here."""
    try:
        key = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True  # said already, where expressions are read
    return isinstance(key, ast.List | ast.Attribute | ast.Subscript | ast.Call | ast.IfExp)


def correlation(process: Process) -> Findings:
    """BPMN's own correlation is taken by the first message that comes, whatever its case."""
    for name, found in process.diagram.roots.items():
        if found.tag.endswith("}correlationProperty"):
            yield error(
                process,
                name,
                "correlation",
                _(
                    "Korrelation ritas inte som correlationProperty här. Ta bort den och skriv "
                    "egenskapen nyckel på den som skickar och den som väntar."
                ),
            )


def not_to_itself(process: Process, world: World) -> Findings:
    """What is thrown and caught in one bundle would never leave it, key or no key."""
    together = world.bundle.with_called(process.id)
    caught = {
        part.message_name(node)
        for part in together
        for node in part.nodes
        if node.message_ref is not None and node.catches
    }
    for part in together:
        for node in part.nodes:
            name = _thrown(part, node)
            if name and name in caught:
                yield error(
                    part,
                    node.id,
                    "own_message",
                    _(
                        "Meddelandet %(name)s både skickas och väntas på i %(process)s och det "
                        "den anropar. Ge dem olika namn, eller rita ett flöde i stället.",
                        name=name,
                        process=process.name,
                    ),
                )


def _thrown(process: Process, node: Node) -> str:
    return process.message_name(node) if node.message_ref and not node.catches else ""
