"""The table of legal and local deadlines."""

from __future__ import annotations

from datetime import date

import pytest

from processes import deadline_table
from processes.deadline_language import describe
from processes.deadline_table import RULES, Rule

LEGAL = {
    "kungorelse", "kallelse", "bradskande", "justering", "anslag", "overklagande", "anslag_ned",
    "motion", "medborgarforslag", "reservation", "delegationsanmalan", "registrering",
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_row_can_be_read_and_says_where_it_comes_from(rule: Rule) -> None:
    assert describe(rule.deadline)
    assert rule.name
    assert rule.source
    assert rule.trigger
    assert rule.then
    assert rule.counts in ("arbetsdagar", "kalenderdagar")


def test_the_deadlines_of_the_law_are_all_there() -> None:
    assert set(RULES) >= LEGAL
    assert not any(RULES[rule_id].local for rule_id in LEGAL)


def test_allocation_is_counted_in_working_days() -> None:
    assert RULES["fordelning"].counts == "arbetsdagar"
    start = date(2026, 1, 29)
    assert deadline_table.day_of("fordelning", {}, start=start) == date(2026, 2, 3)


def test_a_rule_without_its_date_has_no_day() -> None:
    assert deadline_table.day_of("anslag", {}, start=date(2026, 1, 29)) is None
