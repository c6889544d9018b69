"""A release's cases as they were left, with what is to be done with each: made once, kept for ever.

    python -m tests.processes.releases.keeping 0.1.0

makes `0.1.0.sqlite.xz` and `0.1.0.json` here. What people answer is written down whole, so a later
change of forms or diagrams changes nothing for a case that began before it.
"""

from __future__ import annotations

import json
import lzma
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from processes import database_version
from processes.agenda import Outcome
from tests.processes.paths.conftest import NOW, engine_on, make_region
from tests.processes.paths.walk import Walk
from tests.processes.releases.journeys import JOURNEYS, Journey

HERE = Path(__file__).parent
Step = dict[str, Any]


class Recording(Walk):
    """Writes down what is done, as whoever was not there would have to be told."""

    def __init__(self, engine: Engine, clock: SettableClock) -> None:
        super().__init__(engine, clock)
        self.steps: list[Step] = []

    def do(self, element: str, answers: Mapping[str, Any] | None = None, **more: Any) -> None:
        filled = {**self.opened(self.task(element)), **(answers or {}), **more}
        self.steps.append({"do": element, "answers": filled})
        super().do(element, filled)

    def send(self, name: str, key: list[Any], payload: dict[str, Any] | None = None) -> None:
        if name != "beslut":  # told by `decide`
            self.steps.append({"send": name, "key": key, "payload": payload})
        super().send(name, key, payload)

    def decide(self, outcome: Outcome, *, text: str = "Bifalls.", appealable: bool = False) -> None:
        self.steps.append({"decide": outcome, "appealable": appealable})
        super().decide(outcome, text=text, appealable=appealable)

    def wait_until(self, day: date) -> None:
        self.steps.append({"wait_until": day.isoformat()})
        super().wait_until(day)


def replay(walk: Walk, steps: list[Step]) -> None:
    """Do again what was written down."""
    for step in steps:
        match step:
            case {"do": element, "answers": answers}:
                walk.do(element, answers)
            case {"send": name, "key": key, "payload": payload}:
                walk.send(name, key, payload)
            case {"decide": outcome, "appealable": appealable}:
                walk.decide(Outcome(outcome), appealable=appealable)
            case {"wait_until": day}:
                walk.wait_until(date.fromisoformat(day))
            case _:
                raise ValueError(step)


def unpack(release: str, folder: Path) -> Path:
    """The database as that release left it."""
    path = folder / f"{release}.sqlite"
    path.write_bytes(lzma.decompress((HERE / f"{release}.sqlite.xz").read_bytes()))
    return path


def keep(release: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        left = folder / "left.sqlite"
        numbers = _leave(left)
        kept = [
            {"case": journey.name, "number": number, **_go_on(left, folder, number, journey)}
            for journey, number in zip(JOURNEYS, numbers, strict=True)
        ]
        packed = lzma.compress(left.read_bytes(), preset=lzma.PRESET_EXTREME)
    (HERE / f"{release}.sqlite.xz").write_bytes(packed)
    text = json.dumps({"at": NOW.isoformat(), "cases": kept}, ensure_ascii=False, indent=1)
    (HERE / f"{release}.json").write_text(text + "\n", "utf-8")


def _leave(path: Path) -> list[str]:
    """All cases in one database, each where its journey says."""
    numbers = []
    with standing(path) as database:
        database_version.upgrade(database)
        make_region(database)
    with _office(path) as walk:
        for journey in JOURNEYS:
            for part in journey.before:
                part(walk)
            numbers.append(walk.number)
    return numbers


def _go_on(left: Path, folder: Path, number: str, journey: Journey) -> dict[str, Any]:
    """What is to be done with the case, and where it is then."""
    copy = Path(shutil.copy(left, folder / f"{number.replace('/', '_')}.sqlite"))
    with _office(copy) as walk:
        walk.number = number
        for part in journey.after:
            part(walk)
        return {"steps": walk.steps, "open": walk.open, "status": walk.status}


@contextmanager
def standing(path: Path) -> Iterator[Database]:
    """A database whose file is whole again afterwards, to be copied."""
    database = Database(f"sqlite:///{path}")
    yield database
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


@contextmanager
def _office(path: Path) -> Iterator[Recording]:
    clock = SettableClock(NOW)
    with standing(path) as database:
        yield Recording(engine_on(database, clock), clock)


if __name__ == "__main__":
    keep(sys.argv[1])
