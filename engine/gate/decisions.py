"""Decision tables: every cell can be read, and every case gets one answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine import expressions
from engine.errors import EngineError
from engine.gate.coverage import coverage
from engine.gate.finding import Finding, GateContext
from engine.gate.reading import Source
from engine.spiff.decisions import HIT_POLICIES, cell_expression
from engine.texts import gettext as _

ONE_ANSWER = frozenset({"UNIQUE", "FIRST", "ANY"})


@dataclass(frozen=True, kw_only=True)
class Row:
    element: str
    inputs: list[str]
    outputs: list[str]


def check(source: Source, context: GateContext) -> Iterator[Finding]:
    decisions = list(source.xml.iterfind("{*}decision"))
    if not decisions:
        yield _finding(source, "", "no_decisions", _("Filen har ingen beslutstabell. Rita en."))
    for decision in decisions:
        table = decision.find("{*}decisionTable")
        if table is None:
            yield _finding(
                source,
                decision.get("id", ""),
                "no_table",
                _("Beslutet är ingen tabell. Rita det som en beslutstabell."),
            )
        else:
            yield from _table(source, table, context)


def _table(source: Source, table: etree._Element, context: GateContext) -> Iterator[Finding]:
    policy = table.get("hitPolicy", "UNIQUE").upper()
    rows = [_row(rule) for rule in table.iterfind("{*}rule")]
    yield from _policy(source, table, policy)
    yield from _columns(source, table, context)
    for row in rows:
        yield from _cells(source, row, context)
    if policy in ONE_ANSWER:
        yield from _answers(source, table, policy, rows)


def _policy(source: Source, table: etree._Element, policy: str) -> Iterator[Finding]:
    if policy not in HIT_POLICIES or table.get("aggregation"):
        yield _finding(
            source,
            table.get("id", ""),
            "hit_policy",
            _(
                "Träffregeln %(policy)s kan inte köras. Välj UNIQUE (bara en rad får stämma), "
                "FIRST (den första som stämmer) eller COLLECT (alla som stämmer).",
                policy=f"{policy} {table.get('aggregation', '')}".strip(),
            ),
        )


def _columns(source: Source, table: etree._Element, context: GateContext) -> Iterator[Finding]:
    for column in table.iterfind("{*}input"):
        text = _text(column.find("{*}inputExpression"))
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
    return Row(
        element=rule.get("id", ""),
        inputs=[_text(cell) for cell in rule.iterfind("{*}inputEntry")],
        outputs=[_text(cell) for cell in rule.iterfind("{*}outputEntry")],
    )


def _text(element: etree._Element | None) -> str:
    return "" if element is None else (element.findtext("{*}text") or "").strip()


def _cells(source: Source, row: Row, context: GateContext) -> Iterator[Finding]:
    for text in row.inputs:
        problem = _condition_problem(text, context)
        if problem:
            yield _finding(
                source,
                row.element,
                "cell",
                _(
                    "Villkoret %(text)s går inte att läsa. Skriv ett värde, < 10, [10..20], "
                    "in ['a', 'b'] eller ett uttryck där ? står för kolumnens värde. %(problem)s",
                    text=text,
                    problem=problem,
                ),
            )
    for text in row.outputs:
        problem = expressions.check(text, context.functions.keys())
        if problem:
            yield _finding(source, row.element, "cell", problem)


def _condition_problem(text: str, context: GateContext) -> str | None:
    try:
        expression = cell_expression(text)
    except (EngineError, RecursionError) as error:
        return str(error)
    return expression and expressions.check(expression, context.functions.keys())


def _answers(
    source: Source, table: etree._Element, policy: str, rows: list[Row]
) -> Iterator[Finding]:
    """One answer in every case, as far as it can be tried."""
    inputs = [row.inputs for row in rows]
    open_rows = [row for row in rows if not any(map(cell_expression, row.inputs))]
    has_default = any(
        _text(column.find("{*}defaultOutputEntry")) for column in table.iterfind("{*}output")
    )
    tried = coverage(inputs) if rows and len({len(row) for row in inputs}) == 1 else None
    if policy == "UNIQUE" and len(rows) > 1 and (open_rows or (tried and tried.overlap)):
        yield _overlap(source, table, rows, open_rows, tried.overlap if tried else None)
    total = has_default or open_rows or (tried is not None and tried.gap is None)
    if not total:
        yield _finding(
            source,
            table.get("id", ""),
            "not_total",
            _(
                "Tabellen ger inget svar när ingen rad stämmer%(example)s. Lägg till en sista rad "
                "med tomma villkor som säger vad som gäller annars, och välj träffregeln FIRST.",
                example=_example(tried.gap) if tried and tried.gap else "",
            ),
        )


def _example(values: tuple[object, ...]) -> str:
    return _(", till exempel %(values)s", values=", ".join(map(repr, values)))


def _overlap(
    source: Source,
    table: etree._Element,
    rows: list[Row],
    open_rows: list[Row],
    overlap: tuple[int, int] | None,
) -> Finding:
    if overlap is None:
        open_at = rows.index(open_rows[0]) + 1
        overlap = (1 if open_at != 1 else 2, open_at)
    return _finding(
        source,
        table.get("id", ""),
        "rows_overlap",
        _(
            "Rad %(one)s och %(other)s kan stämma samtidigt, men träffregeln UNIQUE tillåter bara "
            "en. Välj FIRST om den första raden ska gälla.",
            one=overlap[0],
            other=overlap[1],
        ),
    )


def _finding(source: Source, element: str, code: str, message: str) -> Finding:
    return Finding(file=source.file, element=element, code=code, message=message)
