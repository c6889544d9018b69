"""Decision tables (DMN), on the engine's own evaluator.

SpiffWorkflow's reader doesn't check UNIQUE, leaves the outputs undefined when no row fits, and
takes `in [...]` only as `? in [...]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree
from SpiffWorkflow.spiff.specs import defaults as stock
from SpiffWorkflow.task import Task

from engine import expressions
from engine.errors import EngineError
from engine.texts import gettext as _

# What `?` in a cell is called while the cell is evaluated.
CELL_VALUE = "cell_value"
HIT_POLICIES = frozenset({"UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"})
_LIST_POLICIES = frozenset({"COLLECT", "RULE ORDER"})
_COMPARISON = re.compile(r"(<=|>=|==|!=|<|>|in\b|not in\b)")
_NEGATED = re.compile(r"not\s*\((.+)\)", re.DOTALL)


class NoDecision(EngineError):
    """The table gives no answer, or more than one."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    number: int
    tests: tuple[str, ...]  # as written, one per input
    outputs: tuple[str, ...]  # expressions, one per output


@dataclass(frozen=True, kw_only=True)
class Table:
    id: str  # of the decision
    name: str
    hit_policy: str
    inputs: tuple[str, ...]  # expressions
    outputs: tuple[str, ...]  # names
    defaults: tuple[str, ...]  # expressions, "" where there is none
    rules: tuple[Rule, ...]


def read_tables(root: etree._Element) -> list[Table]:
    """The decisions in a DMN file, of whichever version of the standard."""
    return [
        _table(decision, table)
        for decision in root.iterfind(".//{*}decision")
        for table in decision.iterfind("{*}decisionTable")
    ]


def decide(
    table: Table, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> dict[str, Any]:
    """The table's outputs by name; lists of them where its hit policy collects."""
    values = [expressions.evaluate(text, names, functions) for text in table.inputs]

    def fits(rule: Rule) -> bool:
        return all(
            _test(cell, value, names, functions)
            for cell, value in zip(rule.tests, values, strict=True)
        )

    def result(cells: tuple[str, ...]) -> dict[str, Any]:
        evaluated = [expressions.evaluate(c, names, functions) if c else None for c in cells]
        return dict(zip(table.outputs, evaluated, strict=True))

    hits = [rule for rule in table.rules if fits(rule)]
    if table.hit_policy in _LIST_POLICIES:
        rows = [result(rule.outputs) for rule in hits]
        return {name: [row[name] for row in rows] for name in table.outputs}
    if not hits:
        if any(table.defaults):
            return result(table.defaults)
        raise NoDecision(_no_row(table, values))
    results = [result(rule.outputs) for rule in hits]
    if table.hit_policy == "UNIQUE" and len(hits) > 1:
        raise NoDecision(_several_rows(table, hits))
    if table.hit_policy == "ANY" and any(other != results[0] for other in results):
        raise NoDecision(_several_rows(table, hits))
    return results[0]


@lru_cache(maxsize=4096)
def cell_expression(cell: str) -> str | None:
    """A cell as an expression on `CELL_VALUE`; None for one that any value passes."""
    cell = cell.strip()
    expressions.require_readable(cell)
    if cell in ("", "-"):
        return None
    if negated := _NEGATED.fullmatch(cell):
        return f"not ({cell_expression(negated[1])})"
    if interval := _interval(cell):
        return interval
    if (marked := _with_value(cell)) != cell:
        return marked
    if _COMPARISON.match(cell):
        return f"{CELL_VALUE} {cell}"
    if cell in ("true", "false"):
        return f"{CELL_VALUE} == {cell.capitalize()}"
    if _is_list(cell):
        return f"{CELL_VALUE} in ({cell},)"
    return f"{CELL_VALUE} == ({cell})"


def _interval(cell: str) -> str | None:
    """`[1..5)`: a bracket that opens away from the interval leaves its end out."""
    low, dots, high = (part.strip() for part in cell[1:-1].partition(".."))
    if not (cell[0] in "[](" and cell[-1] in "[])" and low and dots and high):
        return None
    below = "<=" if cell[0] == "[" else "<"
    above = "<=" if cell[-1] == "]" else "<"
    return f"({low}) {below} {CELL_VALUE} {above} ({high})"


class DecisionTask(stock.SpiffBpmnTask):
    """A business rule task: the table's outputs are kept under the element's id."""

    def __init__(self, wf_spec: Any, name: str, table: Table, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.table = table

    def _run_hook(self, my_task: Task) -> bool:
        context = my_task.workflow.top_workflow.context
        names = context.names(my_task.data, self.bpmn_id)
        my_task.data[self.bpmn_id] = decide(self.table, names, context.functions)
        return True


class _WithCell(Mapping[str, Any]):
    """The names of the task, and what the cell is to judge."""

    def __init__(self, names: Mapping[str, Any], value: Any) -> None:
        self._names, self._value = names, value

    def __getitem__(self, name: str) -> Any:
        return self._value if name == CELL_VALUE else self._names[name]

    def __contains__(self, name: object) -> bool:
        return name == CELL_VALUE or name in self._names

    def __iter__(self) -> Any:
        yield CELL_VALUE
        yield from self._names

    def __len__(self) -> int:
        return 1 + len(self._names)


def _test(
    cell: str, value: Any, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> bool:
    text = cell_expression(cell)
    return text is None or bool(expressions.evaluate(text, _WithCell(names, value), functions))


def _with_value(cell: str) -> str:
    """`?` outside quotes stands for the input's value."""
    parts = re.split(r"(\"[^\"]*\"|'[^']*')", cell)
    return "".join(
        part if part[:1] in "\"'" and part else part.replace("?", CELL_VALUE) for part in parts
    )


def _is_list(cell: str) -> bool:
    """Whether there is a comma outside quotes and brackets."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", cell)
    depth = 0
    for sign in bare:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            return True
    return False


def _table(decision: etree._Element, table: etree._Element) -> Table:
    outputs = list(table.iterfind("{*}output"))
    return Table(
        id=decision.get("id") or "",
        name=decision.get("name") or decision.get("id") or "",
        hit_policy=(table.get("hitPolicy") or "UNIQUE").upper(),
        inputs=tuple(
            _text(column.find("{*}inputExpression")) or column.get("label") or ""
            for column in table.iterfind("{*}input")
        ),
        outputs=tuple(column.get("name") or column.get("label") or "" for column in outputs),
        defaults=tuple(_text(column.find("{*}defaultOutputEntry")) for column in outputs),
        rules=tuple(
            Rule(
                number=number,
                tests=tuple(_text(cell) for cell in rule.iterfind("{*}inputEntry")),
                outputs=tuple(_text(cell) for cell in rule.iterfind("{*}outputEntry")),
            )
            for number, rule in enumerate(table.iterfind("{*}rule"), start=1)
        ),
    )


def _text(element: etree._Element | None) -> str:
    return (element.findtext("{*}text") or "").strip() if element is not None else ""


def _no_row(table: Table, values: list[Any]) -> str:
    given = ", ".join(
        f"{text} = {value!r}" for text, value in zip(table.inputs, values, strict=True)
    )
    return _(
        "Ingen rad i beslutstabellen ”%(name)s” passar %(given)s.", name=table.name, given=given
    )


def _several_rows(table: Table, hits: list[Rule]) -> str:
    return _(
        "Flera rader i beslutstabellen ”%(name)s” passar: %(rows)s. Bara en får göra det.",
        name=table.name,
        rows=", ".join(str(rule.number) for rule in hits),
    )
