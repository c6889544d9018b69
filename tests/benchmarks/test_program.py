"""The benchmark itself still runs: also when the diagrams that it plays have changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from fnmatch import fnmatchcase

import pytest
from click.testing import CliRunner, Result

from tests import databases
from tests.benchmarks import backends, lines, program
from tests.benchmarks.backends import Backend
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.over_http import Sizes
from tests.benchmarks.program import PARTS, Size
from tests.benchmarks.real_over_http import Crowd
from tests.chaos import storm
from tests.chaos.people import Acknowledged
from web.command_line import commands

TINY = Size(
    rounds=1,
    loop=3,
    http=Sizes(
        rows=8,
        loops=8,
        rounds=2,
        crowd=Crowd(at_first=8, each_turn=0, unmeasured=0, turns=2),
        bare=1,
    ),
    pairs=1,
    age=20,
    inboxes=(100, 200),
    asked=2,
    timers=20,
    late=3,
    running=5,
    readings=1,
    storm=1,
)
CALM = storm.Storm(saw=Acknowledged(), killed=[], lost=set(), breaches=[])
# What each row of the table of budgets is measured by, on both databases if nothing else is said.
BUDGETS = {
    "completing a task": (
        "completing.sekvens.sqlite",
        "completing.arende.sqlite",
        "completing.sekvens.postgresql",
        "completing.arende.postgresql",
        "completing.slinga.postgresql",
        "completing.*.*.statements",
        "completing.*.*.commits",
    ),
    "the same over HTTP": (
        "http.*.*.clients_8.p99",
        "http.*.*.clients_8.rate",
        "http.*.*.clients_8.refused",
    ),
    "an old case": ("ageing.*.old", "ageing.*.bytes"),
    "a full inbox": ("inbox.*.*.role", "inbox.*.*.five_roles"),
    "timers due at once": ("timers.*.once", "timers.*.cpu", "timers.*.idle", "lateness.*.worst"),
    "memory": ("memory.sqlite.busy", "completing.*.*.bytes"),
    "kill -9": ("killed.*.lost", "killed.*.wrong"),
}
# What is shown as so many times bare SpiffWorkflow.
COMPARED = (
    "completing.*.sqlite",
    "completing.*.postgresql",
    "completing.*.*.cpu",
    "completing.*.sqlite.start",
    "completing.*.*.bytes",
    "http.*.*.*.answer",
    "http.*.*.*.rate",
    "timers.*.cpu",
)


@pytest.fixture(scope="module")
def where() -> Iterator[list[Backend]]:
    with backends.at_hand(_server()) as found:
        yield found


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_each_part_runs_and_says_what_holds_on_both_databases(
    where: list[Backend], part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storm, "weather", lambda *_args, **_more: CALM)  # tests/chaos lets it loose
    found = program.measure(TINY, where, [part])
    ids = [line.id for line in found]
    assert len(set(ids)) == len(ids)
    assert all(line.id.split(".")[0] == part for line in found)
    assert all((line.holds is None) == (line.budget == "") for line in found)
    judged = [line.id for line in found if line.holds is not None]
    expected = [pattern for patterns in BUDGETS.values() for pattern in patterns]
    assert not [pattern for pattern in _of(part, expected) if not _match(pattern, judged)]
    if part != "where":
        assert {"sqlite", "postgresql"} <= {name for id_ in ids for name in id_.split(".")}
    for pattern in _of(part, COMPARED):
        assert all(line.ratio_to_bare for line in found if fnmatchcase(line.id, pattern))
    if part == "completing":
        _require_the_same_played(found)
    assert [each["id"] for each in json.loads(lines.as_json(found))] == ids


def test_every_budget_is_measured_by_some_part() -> None:
    for patterns in BUDGETS.values():
        assert {pattern.split(".")[0] for pattern in patterns} <= set(PARTS)


def test_the_table_ends_with_what_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    _find(monkeypatch, _line("one", holds=True), _line("two", holds=False), _line("three"))
    ran = _run("--strict")
    assert ran.output.endswith("1 of 2 budget lines hold.\nDoes not hold: p.two: 1 ms, budget 0\n")
    assert ran.exit_code == 1
    assert _run().exit_code == 0


def test_strict_is_content_when_all_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    _find(monkeypatch, _line("one", holds=True), _line("two"))
    assert _run("--strict").exit_code == 0


def test_programs_are_told_in_json_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    _find(monkeypatch, _line("one", holds=False))
    (told,) = json.loads(_run("--json").output)
    assert told == {
        "id": "p.one", "group": "A part", "what": "what", "value": 1, "unit": "ms",
        "budget": "0", "holds": False,
    }  # fmt: skip


def test_a_quick_run_leaves_out_what_takes_long_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = {name: lambda _size, _where, name=name: [_line(name)] for name in ("http", "killed")}
    monkeypatch.setattr(program, "PARTS", parts)
    told = json.loads(_run("--quick", "--json").output)
    assert [line["id"] for line in told] == ["p.http"]
    told = json.loads(_run("--quick", "--json", "--only", "killed").output)
    assert [line["id"] for line in told] == ["p.killed"]


def test_without_postgresql_its_lines_are_missing_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backends, "embedded", lambda: nullcontext(None))
    monkeypatch.setattr(program, "PARTS", {"p": lambda _size, where: _named(where)})
    ran = CliRunner().invoke(commands, ["bench"])
    assert "SQLite" in ran.output
    assert ran.output.endswith(f"{program.NO_POSTGRESQL}\n")


def _require_the_same_played(found: list[Line]) -> None:
    samples = {line.id: line.samples for line in found}
    for flow in ("sekvens", "arende", "slinga"):
        bare = samples[f"completing.{flow}.bare"]
        assert bare
        assert bare == samples[f"completing.{flow}.sqlite"]
        assert bare == samples[f"completing.{flow}.postgresql"]


def test_the_address_of_an_sqlite_file_is_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "embedded", lambda: nullcontext(None))
    with backends.at_hand("sqlite:///data/arendegang.sqlite") as found:
        assert [each.name for each in found] == [backends.SQLITE]


def _server() -> str:
    return databases.postgresql().url.render_as_string(hide_password=False)


def _of(part: str, patterns: Iterable[str]) -> list[str]:
    return [pattern for pattern in patterns if pattern.split(".")[0] == part]


def _match(pattern: str, ids: Iterable[str]) -> bool:
    """Whether there is one; where any database is meant, one for each of them."""
    found = [id_ for id_ in ids if fnmatchcase(id_, pattern)]
    named = {name for name in ("sqlite", "postgresql") if name in pattern}
    return all(
        any(name in id_.split(".") for id_ in found) for name in named or ("sqlite", "postgresql")
    )


def _line(id_: str, *, holds: bool | None = None) -> Line:
    line = Group("p", "A part").line(id_, "what", 1, "ms")
    return line if holds is None else line.with_budget("0", holds=holds)


def _find(monkeypatch: pytest.MonkeyPatch, *found: Line) -> None:
    monkeypatch.setattr(program, "PARTS", {"p": lambda _size, _where: list(found)})


def _named(where: Sequence[Backend]) -> list[Line]:
    return [Group(each.name, each.name).line("one", each.name, 1) for each in where]


def _run(*options: str) -> Result:
    return CliRunner().invoke(commands, ["bench", "--postgresql", _server(), *options])
