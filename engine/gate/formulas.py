"""Everything written as an expression can be read, and calls only what there is."""

from __future__ import annotations

from collections.abc import Iterator

from engine import expressions
from engine.errors import EngineError
from engine.gate.model import HUMAN_TASKS, SPIFF, Node, Process, local, tag, text_of
from engine.gate.rule import Findings, World, error, warning, what_there_is
from engine.texts import gettext as _

SCRIPT_FORMATS = frozenset({"", "python", "text/python", "application/x-python", "text/x-python"})


def readable(process: Process, world: World) -> Findings:
    for element, text in _expressions(process):
        problem = expressions.check(text, world.context.functions.keys())
        if problem:
            yield error(process, element, "expression", problem)
    for node, text in _scripts(process):
        problem = expressions.check_script(text, world.context.functions.keys())
        if problem:
            yield error(process, node.id, "script", problem)


def scripts(process: Process) -> Findings:
    for node in process.nodes:
        if node.type != "scriptTask":
            continue
        if not text_of(node.xml, "script"):
            yield error(
                process,
                node.id,
                "no_script",
                _("%(node)s är tom. Skriv rader på formen namn = uttryck.", node=node.label),
            )
        elif node.xml.get("scriptFormat", "").strip().lower() not in SCRIPT_FORMATS:
            yield error(
                process,
                node.id,
                "script_format",
                _(
                    "%(node)s är skriven i %(format)s. Skriv om den som rader på formen "
                    "namn = uttryck och töm skriptformatet.",
                    node=node.label,
                    format=node.xml.get("scriptFormat"),
                ),
            )


def answers(process: Process, world: World) -> Findings:
    """`fordela_arende.handlaggare` is a field of that task's form."""
    asked = {
        node.id: node
        for found in world.bundle.with_called(process.id)
        for node in found.nodes
        if node.type in HUMAN_TASKS and node.properties.get("form") in world.bundle.forms
    }
    for element, text in _all(process):
        for path in sorted(_paths(text)):
            if len(path) > 1 and path[0] in asked:
                yield from _answer(process, element, asked[path[0]], path[1], world)


def _answer(process: Process, element: str, task: Node, name: str, world: World) -> Findings:
    known = world.bundle.forms[task.properties["form"]].get("properties")
    if not isinstance(known, dict) or name in known:
        return
    # What the task's operation adds to the answers isn't known here.
    tell = warning if task.properties.get("operation") else error
    yield tell(
        process,
        element,
        "unknown_answer",
        _(
            "Formuläret i %(task)s frågar inte efter %(field)s. %(known)s",
            task=task.label,
            field=name,
            known=what_there_is(name, known),
        ),
    )


def shadowing(process: Process, world: World) -> Findings:
    """A task's answers are read by its id, which must not be the name of a fact."""
    for node in process.nodes:
        if node.id in world.context.fact_names:
            yield error(
                process,
                node.id,
                "shadows_fact",
                _(
                    "%(id)s är namnet på fakta som uttryck läser. Ge elementet ett annat id.",
                    id=node.id,
                ),
            )
    for node, text in _scripts(process):
        if not expressions.check_script(text, world.context.functions.keys()):
            for name in sorted(expressions.assigned_in(text) & world.context.fact_names):
                yield error(
                    process,
                    node.id,
                    "shadows_fact",
                    _(
                        "%(name)s är fakta och ändras inte av ett skript. Välj ett annat namn.",
                        name=name,
                    ),
                )


def foreign_syntax(process: Process) -> Findings:
    """`${…}` of other tools says more when it is named than as a syntax error."""
    for element, text in _all(process):
        if text.startswith(("${", "#{", "=")) and not text.startswith("=="):
            yield warning(
                process,
                element,
                "foreign_expression",
                _("Uttryck skrivs utan ${ } och utan inledande likhetstecken."),
            )


def _paths(text: str) -> frozenset[tuple[str, ...]]:
    try:
        return expressions.paths_in(text)
    except EngineError:
        return frozenset()


def _all(process: Process) -> Iterator[tuple[str, str]]:
    yield from _expressions(process)
    for node, text in _scripts(process):
        yield node.id, text


def _expressions(process: Process) -> Iterator[tuple[str, str]]:
    """Element and text of every expression but those of timers, which may be words too."""
    for scope in process.scopes:
        for flow in scope.flows:
            if flow.condition is not None:
                yield flow.id, flow.condition
    for node in process.nodes:
        for name in ("nyckel", "innehall"):
            if node.properties.get(name):
                yield node.id, node.properties[name]
        yield from ((node.id, text) for text in _node_expressions(node))


def _node_expressions(node: Node) -> Iterator[str]:
    if node.loop is not None:
        for name in (
            "loopCardinality",
            "loopDataInputRef",
            "completionCondition",
            "loopCondition",
        ):
            text = text_of(node.loop, name)
            if text is not None:
                yield text
    for found in node.xml.iterfind(f"{tag('extensionElements')}/{{{SPIFF}}}messagePayload"):
        if (found.text or "").strip():
            yield (found.text or "").strip()


def _scripts(process: Process) -> Iterator[tuple[Node, str]]:
    for node in process.nodes:
        text = text_of(node.xml, "script")
        if text and node.type == "scriptTask":
            yield node, text
        for part in node.xml.iterfind(f"{tag('extensionElements')}/*"):
            code = (part.text or "").strip()
            if code and isinstance(part.tag, str) and local(part) in ("preScript", "postScript"):
                yield node, code
