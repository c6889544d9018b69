"""The benchmark itself still runs: also when the diagrams that it plays have changed."""

from __future__ import annotations

import pytest

from tests.benchmarks import completing, lines, region
from tests.benchmarks.lines import Line


@pytest.fixture(scope="module")
def found() -> list[Line]:
    with region.on_sqlite() as url:
        return completing.measure(1, {completing.SQLITE: url}, loop_rounds=3)


def test_bare_spiffworkflow_and_the_product_play_the_same_cases(found: list[Line]) -> None:
    groups = {line.group for line in found}
    assert len(groups) == 3
    for group in groups:
        bare, ours = [line for line in found if line.group == group][:2]
        assert bare.samples == ours.samples


def test_every_line_compared_with_bare_spiffworkflow_says_how_many_times(found: list[Line]) -> None:
    compared = [line for line in found if "service layer" in line.what]
    assert all(line.ratio_to_bare for line in compared)


def test_a_budget_says_whether_it_holds(found: list[Line]) -> None:
    assert all((line.holds is None) == (line.budget == "") for line in found)
    assert lines.table(found).count(" holds") == sum(line.holds is True for line in found)
