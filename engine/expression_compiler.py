"""From syntax tree to closures: every kind of node that may run stands in one table.

What isn't in `_COMPILERS` can't be evaluated, whatever Python makes of it. Nothing loops, so the
time an expression takes is bounded by its own length times the size of what it reads.
"""

from __future__ import annotations

import ast
import operator
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.expression_functions import BUILTINS
from engine.expression_limits import MAX_SECONDS, ExpressionError, bounded, require_bounded
from engine.texts import gettext as _


@dataclass(slots=True, kw_only=True)
class Scope:
    """What one evaluation may see, and until when it may last."""

    names: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    # This thread's own time, without what it takes to fetch facts: a slow disk is no reason to
    # stop a case, and who wrote the expression can't make it faster.
    until: float = field(default_factory=lambda: time.thread_time() + MAX_SECONDS)

    def fetched(self, known: Mapping[str, Any], name: str) -> Any:
        """What stands under `name`, which may have to be asked for; MISSING if nothing does."""
        began = time.thread_time()
        # Only `in` and [] are promised of what is handed over.
        value = known[name] if name in known else MISSING  # noqa: SIM401
        self.until += time.thread_time() - began
        return value

    def in_time(self) -> None:
        if time.thread_time() > self.until:
            raise ExpressionError(_("Uttrycket tog för lång tid. Förenkla det."))


Closure = Callable[[Scope], Any]
MISSING = object()


def short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def require_decent(name: str) -> None:
    if name.startswith("__"):
        raise ExpressionError(_("Namn får inte börja med två understreck: %(name)s.", name=name))


def compile_node(node: ast.expr) -> Closure:
    compiler = _COMPILERS.get(type(node))
    if compiler is None:
        raise ExpressionError(
            _(
                "%(text)s går inte att använda här. Uttryck består av namn, värden, jämförelser, "
                "and, or, not, räknesätt och funktioner.",
                text=short(ast.unparse(node)),
            )
        )
    return compiler(node)


def _constant(node: ast.Constant) -> Closure:
    value = node.value
    if value is not None and type(value) not in (bool, int, float, str):
        raise ExpressionError(_("%(text)s är inget värde som kan användas.", text=repr(value)))
    require_bounded(value)
    return lambda _scope: value


def _name(node: ast.Name) -> Closure:
    name = node.id
    require_decent(name)

    def read(scope: Scope) -> Any:
        value = scope.fetched(scope.names, name)
        if value is MISSING:
            raise ExpressionError(_("Det finns inget som heter %(name)s här.", name=name))
        return value

    return read


def _attribute(node: ast.Attribute) -> Closure:
    base, name, text = compile_node(node.value), node.attr, ast.unparse(node)
    require_decent(name)

    def read(scope: Scope) -> Any:
        holder = base(scope)
        value = scope.fetched(holder, name) if isinstance(holder, Mapping) else MISSING
        if value is MISSING:
            raise ExpressionError(_("%(text)s har inget värde här.", text=short(text)))
        return value

    return read


def _subscript(node: ast.Subscript) -> Closure:
    base, key, text = compile_node(node.value), compile_node(node.slice), ast.unparse(node)

    def read(scope: Scope) -> Any:
        value = base(scope)
        if not isinstance(value, Mapping | list | tuple | str):
            raise ExpressionError(_("%(text)s har inget värde här.", text=short(text)))
        try:
            return value[key(scope)]
        except (LookupError, TypeError):
            raise ExpressionError(_("%(text)s har inget värde här.", text=short(text))) from None

    return read


def _sequence(node: ast.List | ast.Tuple) -> Closure:
    items = [compile_node(item) for item in node.elts]
    return lambda scope: [item(scope) for item in items]


def _dict(node: ast.Dict) -> Closure:
    keys: list[str] = []
    for key in node.keys:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise ExpressionError(_("Nycklar inom { } ska vara text inom citattecken."))
        keys.append(key.value)
    values = [compile_node(value) for value in node.values]
    return lambda scope: {key: value(scope) for key, value in zip(keys, values, strict=True)}


def _bool_op(node: ast.BoolOp) -> Closure:
    operands = [compile_node(value) for value in node.values]
    stops_at = isinstance(node.op, ast.Or)

    def read(scope: Scope) -> Any:
        value: Any = None
        for operand in operands:
            value = operand(scope)
            if bool(value) is stops_at:
                break
        return value

    return read


def _unary_op(node: ast.UnaryOp) -> Closure:
    operand = compile_node(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda scope: not operand(scope)
    if not isinstance(node.op, ast.USub | ast.UAdd):
        raise _unusable(node)
    sign = -1 if isinstance(node.op, ast.USub) else 1

    def read(scope: Scope) -> Any:
        value = operand(scope)
        if not isinstance(value, int | float):
            raise ExpressionError(_("%(text)s är inget tal.", text=short(ast.unparse(node))))
        return sign * value

    return read


_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _bin_op(node: ast.BinOp) -> Closure:
    left, right, text = compile_node(node.left), compile_node(node.right), ast.unparse(node)
    work = _ARITHMETIC.get(type(node.op))
    if work is None:
        raise _unusable(node)
    joins = work is operator.add

    def read(scope: Scope) -> Any:
        one, other = left(scope), right(scope)
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        texts = isinstance(one, str) and isinstance(other, str)
        lists = isinstance(one, list | tuple) and isinstance(other, list | tuple)
        if not (numbers or (joins and (texts or lists))):
            # Multiplied texts grow without limit and % is a formatting language of its own.
            raise ExpressionError(_("%(text)s går inte att räkna ut.", text=short(text)))
        scope.in_time()
        try:
            value = [*one, *other] if lists else work(one, other)
        except ArithmeticError:
            raise ExpressionError(_("%(text)s går inte att räkna ut.", text=short(text))) from None
        require_bounded(value)
        return value

    return read


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


def _compare(node: ast.Compare) -> Closure:
    first, text = compile_node(node.left), ast.unparse(node)
    _require_meaning(node)
    steps = [
        (_COMPARISONS[type(op)], compile_node(operand))
        for op, operand in zip(node.ops, node.comparators, strict=True)
    ]

    def read(scope: Scope) -> Any:
        one = first(scope)
        for compares, operand in steps:
            other = operand(scope)
            scope.in_time()
            try:
                if not compares(one, other):
                    return False
            except TypeError:
                raise ExpressionError(
                    _("%(text)s går inte att jämföra.", text=short(text))
                ) from None
            one = other
        return True

    return read


def _require_meaning(node: ast.Compare) -> None:
    """`is` holds or not by how Python happens to keep texts and numbers, but for these three."""
    operands = [node.left, *node.comparators]
    for op, *pair in zip(node.ops, operands, operands[1:], strict=False):
        if isinstance(op, ast.Is | ast.IsNot) and not any(map(_is_single, pair)):
            raise ExpressionError(
                _("Skriv == eller != för att jämföra: %(text)s.", text=short(ast.unparse(node)))
            )


def _is_single(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def _if_exp(node: ast.IfExp) -> Closure:
    test, then, otherwise = (
        compile_node(node.test),
        compile_node(node.body),
        compile_node(node.orelse),
    )
    return lambda scope: then(scope) if test(scope) else otherwise(scope)


# What a function raises that was handed something it doesn't take.
_MISUSE = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError)


def _call(node: ast.Call) -> Closure:
    if not isinstance(node.func, ast.Name) or any(word.arg is None for word in node.keywords):
        raise _unusable(node)
    name, text = node.func.id, ast.unparse(node)
    require_decent(name)
    arguments = [compile_node(argument) for argument in node.args]
    keywords = {str(word.arg): compile_node(word.value) for word in node.keywords}

    def read(scope: Scope) -> Any:
        function = scope.functions.get(name) or BUILTINS.get(name)
        if function is None:
            raise ExpressionError(_("Det finns ingen funktion %(name)s.", name=name))
        values = [bounded(argument(scope)) for argument in arguments]
        named = {key: bounded(value(scope)) for key, value in keywords.items()}
        scope.in_time()
        try:
            return function(*values, **named)
        except _MISUSE as error:
            raise ExpressionError(
                _("%(text)s går inte att räkna ut: %(why)s", text=short(text), why=error)
            ) from error

    return read


def _unusable(node: ast.expr) -> ExpressionError:
    return ExpressionError(_("%(text)s går inte att använda.", text=short(ast.unparse(node))))


_COMPILERS: dict[type[ast.expr], Callable[[Any], Closure]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Dict: _dict,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary_op,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.Call: _call,
}
