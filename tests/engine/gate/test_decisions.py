from __future__ import annotations

import pytest

from engine.gate import check
from tests.engine.gate.judging import CONTEXT, told

Row = tuple[str, ...]


def table(*rows: Row, policy: str = "UNIQUE", inputs: tuple[str, ...] = ("arende.slag",)) -> str:
    columns = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}"><text>{text}</text></inputExpression></input>'
        for n, text in enumerate(inputs)
    )
    rules = "".join(
        f'<rule id="r{n}">'
        + "".join(f'<inputEntry id="r{n}i{m}"><text>{cell}</text></inputEntry>'
                  for m, cell in enumerate(row[:-1]))
        + f'<outputEntry id="r{n}o"><text>{row[-1]}</text></outputEntry></rule>'
        for n, row in enumerate(rows)
    )  # fmt: skip
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        f'namespace="x"><decision id="vem" name="Vem"><decisionTable id="t" hitPolicy="{policy}">'
        f'{columns}<output id="o" name="vem"/>{rules}</decisionTable></decision></definitions>'
    )


def codes(text: str) -> set[str]:
    return {finding.code for finding in check({"vem.dmn": text}, CONTEXT)}


@pytest.mark.parametrize(
    "sound",
    [
        table(("'motion'", "'RF'"), ("", "'RS'"), policy="FIRST"),
        table(("'motion'", "'RF'"), ("-", "'RS'"), policy="FIRST"),
        table(("&lt; 10", "1"), ("&gt;= 10", "2")),
        table(("&lt; 10", "1"), ("[10..20)", "2"), ("&gt;= 20", "3")),
        table(("true", "1"), ("False", "2")),
        table(("True", "", "1"), ("False", "True", "2"), ("False", "False", "3"),
              inputs=("a", "b")),
        table(("'motion'", "1"), policy="COLLECT"),
        table(("in ['a', 'b']", "1"), ("not in ['a', 'b']", "2")),
        table(("'a','b'", "1"), ("", "2"), policy="FIRST"),
        table(("1 &lt;= ? &lt; 3", "1"), ("", "2"), policy="FIRST"),
        table(("nasta(2)", "1"), ("", "2"), policy="FIRST"),
        table(("", "1")),
    ],
)  # fmt: skip
def test_tables_that_answer_every_case_are_sound(sound: str) -> None:
    assert codes(sound) == set()


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (table(("'motion'", "'RF'")), "not_total"),
        (table(), "not_total"),
        (table(("&lt; 10", "1"), ("&gt;= 11", "2")), "not_total"),
        (table(("True", "True", "1"), ("False", "", "2"), inputs=("a", "b")), "not_total"),
        (table(("nasta(2)", "1")), "not_total"),
        (table(("'a'", "1"), ("", "2")), "rows_overlap"),
        (table(("nasta(2)", "1"), ("", "2")), "rows_overlap"),
        (table(("&lt;= 10", "1"), ("&gt;= 10", "2")), "rows_overlap"),
        (table(("", "1"), policy="PRIORITY"), "hit_policy"),
        (table(("", "1")).replace('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="SUM"'),
         "hit_policy"),
        (table(("'a' or", "1"), ("", "2")), "cell"),
        (table(("().__class__", "1"), ("", "2")), "cell"),
        (table(("'a'", ""), ("", "2")), "cell"),
        (table(("", "1"), inputs=("import os",)), "input"),
        (table(("", "1")).replace('name="vem"/>', 'name="vem är det"/>'), "output_name"),
        (table(("", "1")).replace("decisionTable", "literalExpression"), "no_table"),
        (table(("", "1")).replace("decision ", "dd ").replace("decision>", "dd>"), "no_decisions"),
    ],
)  # fmt: skip
def test_tables_that_would_fail_are_refused(broken: str, code: str) -> None:
    assert code in codes(broken)


def test_a_case_without_an_answer_is_given_as_example() -> None:
    (found,) = check({"vem.dmn": table(("&lt; 10", "1"), ("&gt; 10", "2"))}, CONTEXT)
    assert "till exempel 10" in found.message


def test_a_cell_is_told_by_its_row() -> None:
    found = check({"vem.dmn": table(("'a' or", "1"), ("", "2"))}, CONTEXT)
    assert told(found, "cell") == {"r0"}
