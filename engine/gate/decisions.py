"""Decision tables: every cell can be read, and every case gets an answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product

from lxml import etree

from engine import expressions
from engine.gate.finding import Finding, GateContext
from engine.gate.reading import Source
from engine.texts import gettext as _

HIT_POLICIES = frozenset({"UNIQUE", "COLLECT"})
MAX_COMBINATIONS = 4096
_OPERATOR = re.compile(r"\s*(==|!=|<=|>=|<|>)")
_QUESTION_MARK = re.compile(r"""\?(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")
_OPPOSITES = {("<", ">="), ("<=", ">"), ("==", "!=")}

Row = tuple[list[str], list[str], etree._Element]


def check(source: Source, context: GateContext) -> Iterator[Finding]:
    decisions = list(source.xml.iterfind("{*}decision"))
    if len(decisions) != 1:
        yield _finding(
            source,
            "",
            "one_decision",
            _("Filen ska ha en beslutstabell, den har %(count)s.", count=len(decisions)),
        )
        return
    decision = decisions[0]
    table = decision.find("{*}decisionTable")
    if table is None:
        yield _finding(
            source,
            decision.get("id", ""),
            "no_table",
            _("Beslutet är ingen tabell. Rita det som en beslutstabell."),
        )
        return
    yield from _table(source, table, context)


def _table(source: Source, table: etree._Element, context: GateContext) -> Iterator[Finding]:
    policy = table.get("hitPolicy", "UNIQUE").upper()
    if policy not in HIT_POLICIES or table.get("aggregation"):
        yield _finding(
            source,
            table.get("id", ""),
            "hit_policy",
            _(
                "Träffregeln %(policy)s kan inte köras. Välj UNIQUE (första raden som stämmer) "
                "eller COLLECT (alla rader som stämmer).",
                policy=f"{policy} {table.get('aggregation', '')}".strip(),
            ),
        )
    yield from _columns(source, table, context)
    rows = [_row(rule) for rule in table.iterfind("{*}rule")]
    for inputs, outputs, rule in rows:
        yield from _cells(source, rule, inputs, outputs, context)
    if policy != "COLLECT" and not _total([inputs for inputs, _outputs, _rule in rows]):
        yield _finding(
            source,
            table.get("id", ""),
            "not_total",
            _(
                "Tabellen ger inget svar när ingen rad stämmer. Lägg till en sista rad med tomma "
                "villkor som säger vad som gäller annars."
            ),
        )


def _columns(source: Source, table: etree._Element, context: GateContext) -> Iterator[Finding]:
    for column in table.iterfind("{*}input"):
        text = (column.findtext("{*}inputExpression/{*}text") or "").strip()
        problem = expressions.check(text, context.functions.keys())
        if problem:
            yield _finding(source, column.get("id", ""), "input", problem)
    for column in table.iterfind("{*}output"):
        if not (column.get("name") or "").isidentifier():
            yield _finding(
                source,
                column.get("id", ""),
                "output_name",
                _("Resultatkolumnen saknar ett namn som går att använda i uttryck. Ge den ett."),
            )


def _row(rule: etree._Element) -> Row:
    inputs = [(cell.findtext("{*}text") or "").strip() for cell in rule.iterfind("{*}inputEntry")]
    outputs = [(cell.findtext("{*}text") or "").strip() for cell in rule.iterfind("{*}outputEntry")]
    return ["" if text == "-" else text for text in inputs], outputs, rule


def _cells(
    source: Source,
    rule: etree._Element,
    inputs: list[str],
    outputs: list[str],
    context: GateContext,
) -> Iterator[Finding]:
    element = rule.get("id", "")
    for text in inputs:
        problem = text and expressions.check(_as_expression(text), context.functions.keys())
        if problem:
            yield _finding(
                source,
                element,
                "cell",
                _(
                    "Villkoret %(text)s går inte att läsa. Skriv ett värde, < 10, "
                    "10 <= ? < 20 eller ? in ['a', 'b']. %(problem)s",
                    text=text,
                    problem=problem,
                ),
            )
    for text in outputs:
        problem = expressions.check(text, context.functions.keys())
        if problem:
            yield _finding(source, element, "cell", problem)


def _as_expression(text: str) -> str:
    """The cell as it is worked out: with what the column reads in its place."""
    replaced = _QUESTION_MARK.sub("input", text)
    return f"input {text}" if _OPERATOR.match(text) else replaced


def _total(rows: list[list[str]]) -> bool:
    """A row without conditions, or columns whose few values are all told."""
    if any(not any(inputs) for inputs in rows):
        return True
    if not rows:
        return False
    columns = [sorted({row[at] for row in rows if row[at]}) for at in range(len(rows[0]))]
    if not all(_exhaustive(values) or not values for values in columns):
        return False
    combinations = 1
    for values in columns:
        combinations *= len(values) or 1
    if combinations > MAX_COMBINATIONS:
        return False
    return all(
        any(
            all(cell in ("", value) for cell, value in zip(row, values, strict=True))
            for row in rows
        )
        for values in product(*(values or [""] for values in columns))
    )


def _exhaustive(values: list[str]) -> bool:
    if set(values) == {"True", "False"}:
        return True
    pairs = [_OPERATOR.match(value) for value in values]
    if len(values) != 2 or not all(pairs):
        return False
    operators = [str(pair.group(1)) for pair in pairs if pair]
    limits = {
        _literal(value[pair.end() :]) for value, pair in zip(values, pairs, strict=True) if pair
    }
    return len(limits) == 1 and bool(
        {(operators[0], operators[1]), (operators[1], operators[0])} & _OPPOSITES
    )


def _literal(text: str) -> str:
    try:
        return repr(ast.literal_eval(text.strip()))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text.strip()


def _finding(source: Source, element: str, code: str, message: str) -> Finding:
    return Finding(file=source.file, element=element, code=code, message=message)
