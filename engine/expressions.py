"""What process owners may write instead of programs: a small safe subset of Python.

Names, attributes of mappings, literals, comparison, logic, arithmetic, subscripts and calls of
named functions; a script is lines of `name = expression`. The text is parsed once and compiled
by `engine.expression_compiler`, which knows no other syntax.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from engine.expression_compiler import Closure, Scope, compile_node, require_decent, short
from engine.expression_functions import BUILTINS
from engine.expression_limits import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NODES,
    MAX_SCRIPT_LENGTH,
    MAX_SCRIPT_NODES,
    ExpressionError,
    plain,
    require_json,
)
from engine.layered_names import LayeredNames
from engine.texts import gettext as _

__all__ = [
    "BUILTINS",
    "ExpressionError",
    "assigned_in",
    "check",
    "check_script",
    "evaluate",
    "names_in",
    "paths_in",
    "require_readable",
    "run_script",
]
_SOURCE = "expression"  # what Python takes the text to be a file called


def check(text: str, functions: Collection[str]) -> str | None:
    """What is wrong with `text` as an expression, in Swedish, or None."""
    try:
        _compiled(text)
    except ExpressionError as error:
        return str(error)
    return _unknown_function(_parse(text, "eval"), functions)


def check_script(text: str, functions: Collection[str]) -> str | None:
    """What is wrong with `text` as lines of `name = expression`, in Swedish, or None."""
    try:
        lines = _compiled_script(text)
    except ExpressionError as error:
        return str(error)
    for name, _closure in lines:
        if name in functions or name in BUILTINS:
            return _("%(name)s är en funktion. Välj ett annat namn för resultatet.", name=name)
    return _unknown_function(_parse(text, "exec"), functions)


def names_in(text: str) -> frozenset[str]:
    """The names `text` (expression or script) reads from data and facts; functions left out."""
    return frozenset(path[0] for path in paths_in(text))


def paths_in(text: str) -> frozenset[tuple[str, ...]]:
    """The longest dotted reads in `text`: `a.b.c == d` gives (a, b, c) and (d,)."""
    try:
        tree = _parse(text, "eval")
    except ExpressionError:
        tree = _parse(text, "exec")
    return frozenset(_paths(tree))


def assigned_in(text: str) -> frozenset[str]:
    """The names a script gives values to."""
    return frozenset(name for name, _closure in _compiled_script(text))


def evaluate(
    text: str, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> Any:
    """The value of `text`. Mappings and sequences come back as fresh dicts and lists.

    `names` may be lazy: only `in` and `[]` are used. Functions and data never shadow each other:
    a name that is called is a function, any other is data.
    """
    return plain(_compiled(text)(Scope(names=names, functions=functions)))


def run_script(
    text: str, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> dict[str, Any]:
    """Run lines of `name = expression` in order; later ones see the earlier. JSON types only."""
    assigned: dict[str, Any] = {}
    scope = Scope(names=LayeredNames(assigned, names), functions=functions)
    for name, closure in _compiled_script(text):
        value = plain(closure(scope))
        require_json(value, name)
        assigned[name] = value
    return assigned


# Reading the text


def require_readable(text: str, limit: int = MAX_LENGTH) -> None:
    if len(text) > limit:
        raise ExpressionError(_("Längre än %(limit)s tecken. Dela upp det.", limit=limit))


def hush() -> None:
    """What Python warns its own writers of is nothing to those who read our log."""
    warnings.filterwarnings("ignore", category=SyntaxWarning, module=_SOURCE)
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=_SOURCE)


hush()


def _parse(text: str, mode: str) -> ast.AST:
    require_readable(text, MAX_LENGTH if mode == "eval" else MAX_SCRIPT_LENGTH)
    if not text.strip():
        raise ExpressionError(_("Uttrycket är tomt. Skriv vad som ska räknas ut."))
    try:
        # An expression may be broken into lines as it suits the reader of the diagram.
        source = " ".join(text.split("\n")) if mode == "eval" else text
        tree = ast.parse(source.strip(), _SOURCE, mode)
    except SyntaxError as error:
        raise ExpressionError(_unreadable(text, error)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError(_("Går inte att läsa: %(text)s", text=short(text))) from None
    _require_small(tree)
    return tree


def _unreadable(text: str, error: SyntaxError) -> str:
    lines = text.strip().splitlines()
    line = lines[min(max((error.lineno or 1) - 1, 0), len(lines) - 1)]
    if "=" in line and "Maybe you meant '=='" in error.msg:
        return _("Ett likhetstecken ger ett värde. Skriv == för att jämföra: %(text)s", text=line)
    return _(
        "Går inte att läsa som ett uttryck: %(text)s. Text ska stå inom citattecken, jämförelser "
        "skrivs == != < >, och ord binds ihop med and, or och not.",
        text=short(line),
    )


def _require_small(tree: ast.AST) -> None:
    most = MAX_SCRIPT_NODES if isinstance(tree, ast.Module) else MAX_NODES
    level, count, depth = [tree], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > most or depth > MAX_DEPTH:
            raise ExpressionError(_("Uttrycket är för stort. Dela upp det i flera steg."))
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _unknown_function(tree: ast.AST, functions: Collection[str]) -> str | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name not in functions and name not in BUILTINS:
                known = ", ".join(sorted({*functions, *BUILTINS}))
                return _(
                    "Det finns ingen funktion %(name)s. De som finns är %(known)s.",
                    name=name,
                    known=known,
                )
    return None


def _paths(node: ast.AST) -> Iterator[tuple[str, ...]]:
    match node:
        case ast.Name(ctx=ast.Load()):
            yield (node.id,)
        case ast.Attribute():
            path = _dotted(node)
            yield from [path] if path else _paths(node.value)
        case ast.Call(func=ast.Name()):
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _paths(argument)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _paths(child)


def _dotted(node: ast.expr) -> tuple[str, ...] | None:
    match node:
        case ast.Name():
            return (node.id,)
        case ast.Attribute():
            start = _dotted(node.value)
            return (*start, node.attr) if start else None
    return None


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Closure:
    tree = _parse(text, "eval")
    assert isinstance(tree, ast.Expression)
    return compile_node(tree.body)


@lru_cache(maxsize=1024)
def _compiled_script(text: str) -> tuple[tuple[str, Closure], ...]:
    tree = _parse(text, "exec")
    assert isinstance(tree, ast.Module)
    return tuple(_compile_line(statement) for statement in tree.body)


def _compile_line(statement: ast.stmt) -> tuple[str, Closure]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            require_decent(name)
            return name, compile_node(statement.value)
    raise ExpressionError(
        _("Rad %(line)s: varje rad ska vara namn = uttryck.", line=statement.lineno)
    )
