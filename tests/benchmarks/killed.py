"""People at work while the product's processes are killed: what is lost, and what happens twice.

PostgreSQL has a server of its own here: its processes are killed too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from engine.database import Database
from processes import data_folder
from tests.benchmarks import backends
from tests.benchmarks.backends import POSTGRESQL, Backend
from tests.benchmarks.lines import Group, Line
from tests.chaos import storm
from tests.chaos.storm import Storm

SEED = 1


def measure(seconds: float, where: Sequence[Backend]) -> list[Line]:
    return [line for backend in where for line in _on(backend.name, seconds)]


def _on(name: str, seconds: float) -> list[Line]:
    with (
        tempfile.TemporaryDirectory(prefix="arendegang-bench-") as folder,
        _own(name, Path(folder)) as database,
    ):
        if database is None:
            return []
        data = Path(folder) / "data"
        data_folder.prepare(data)
        found = storm.weather(database, data, seconds=seconds, seed=SEED)
    return _lines(name, found)


def _lines(name: str, found: Storm) -> list[Line]:
    group = Group(f"killed.{name.lower()}", f"Killed at any moment, {name}")
    lost = group.line("lost", "acknowledged, and not there", len(found.lost))
    wrong = group.line("wrong", "wrong when it was over, says verify", len(found.breaches))
    return [
        group.line("kills", "times that something was killed", len(found.killed)),
        group.line("completed", "completions acknowledged", len(found.saw.completed)),
        lost.with_budget("none", holds=not found.lost),
        wrong.with_budget("none", holds=not found.breaches),
    ]


@contextmanager
def _own(name: str, folder: Path) -> Iterator[Database | None]:
    with ExitStack() as stack:
        url: str | None = f"sqlite:///{folder / 'arendegang.sqlite'}"
        if name == POSTGRESQL:
            url = stack.enter_context(backends.embedded())
        yield stack.enter_context(backends.opened(url)) if url else None
