"""The compact codec, which forgets, and the stock serializer, which doesn't, run cases alike.

Both have the engine's remedies. What people answer, what facts say and what operations give is
drawn by chance from what the diagrams themselves compare with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.host import Operation, OperationKind
from engine.spiff import MessagePoint, OpenTask, Run, RunFailed, SpecSet, TimerWait, build_specs
from processes import facts, installation
from tests.engine.generated import drawn
from tests.engine.spiff import stock
from tests.engine.spiff.walk import World

STEPS = 30
SEEDS = st.integers(0, 1_000_000)
SHIPPED = [
    "arende", "avslut", "avstamning", "behandling_i_organ", "beslut_pa_delegation",
    "beslut_politiskt_organ", "diarieforing", "fordelning", "fredagsgenomgang", "handlaggning",
    "sammantrade",
]  # fmt: skip
START = {"dnr": "RS/1/2026", "mote_id": "m1", "lista": ["a", "b"]}
_ASKED = re.compile(r"\b([a-z_]\w*)\.([a-z_]\w*)(?:\s*[!=]=\s*'([^']*)')?")
Choice = tuple[str, int]


class Chances:
    """What is said of an element or a fact: drawn from a seed, the same each time it is asked."""

    def __init__(self, texts: Mapping[str, str], seed: int) -> None:
        self.seed = seed
        self.asked: dict[str, dict[str, set[Any]]] = {}
        for text in texts.values():
            for name, key, literal in _ASKED.findall(text):
                of_name = self.asked.setdefault(name, {})
                of_name.setdefault(key, set()).update({literal} if literal else ())

    def of(self, name: str, turn: int = 0) -> dict[str, Any]:
        return {key: self._value(name, key, turn) for key in sorted(self.asked.get(name, {}))}

    def _value(self, name: str, key: str, turn: int) -> Any:
        chance = Random(f"{self.seed}/{name}/{key}/{turn}")
        known = sorted(self.asked[name][key])
        rows = [{"till": "anna", "ansvarig": "bo", "vad": "något"}]
        return chance.choice([*known, *known, True, False, [], rows, 2])


class Chosen(World):
    """A world with the facts and operations that chance gives, and days for every deadline."""

    def __init__(self, chances: Chances) -> None:
        chance = Random(chances.seed)
        super().__init__(functions={"slump": lambda: chance.randint(0, 1)})
        self.chances = chances
        self.facts = {name: chances.of(name) for name in facts.NAMES}

    def deadline(self, text: str, data: Any, element: str, start: Any) -> Any:
        return start.replace(year=start.year + 1 + len(text) % 3)

    def operation(self, name: str) -> Operation:
        return Operation(name=name, label=name, kind=OperationKind.INSIDE, run=lambda _call: None)

    def run_operation(self, name: str, data: Mapping[str, Any], element: str) -> Any:
        return self.chances.of(element)


@dataclass
class Side:
    """One case, saved and loaded between any two steps in one of the two ways."""

    specs: SpecSet
    world: Chosen
    save: Callable[[Run], Any]
    load: Callable[[SpecSet, Any, Chosen], Run]
    state: Any = None
    happened: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> str:
        return self._done(lambda: Run.start(self.specs, START, self.world))

    def do(self, choice: Choice, turn: int) -> str:
        def step() -> Run:
            run = self.loaded()
            kind, place = choice
            if kind == "task":
                found = _open(run)[place]
                run.complete(found.spiff_id, self.world.chances.of(found.info.id, turn))
            elif kind == "timer":
                timer = _timers(run)[place]
                self.world.now = max(self.world.now, timer.due_at)
                run.fire(timer.spiff_id, self.world.now)
            else:
                point = _waits(run)[place]
                run.deliver(point.spiff_id, self.world.chances.of(point.element, turn))
            return run

        return self._done(step)

    def loaded(self) -> Run:
        return self.load(self.specs, self.state, self.world)

    def _done(self, step: Callable[[], Run]) -> str:
        """Where it failed, if it did: then nothing has happened."""
        try:
            run = step()
        except RunFailed as failed:
            return f"{failed.element}: {type(failed.cause).__name__}"
        happened = [(record.kind.value, record.element) for record in run.records]
        happened += [("sent", sent.element) for sent in run.sent()]
        self.happened += sorted(happened)  # what is called off at once has no order
        self.state = self.save(run)
        return ""

    def standing(self) -> dict[str, Any]:
        run = self.loaded()
        return {
            "open": [(task.info.id, task.role, task.data) for task in _open(run)],
            "timers": [(timer.element, timer.due_at, timer.cycles) for timer in _timers(run)],
            "waits": [(point.element, point.key) for point in _waits(run)],
            "data": run.data(),
            "completed": run.completed,
        }


# What stands side by side has no order: each codec finds it in the order it has loaded it.


def _open(run: Run) -> list[OpenTask]:
    return sorted(run.open_tasks(), key=lambda task: (task.info.id, task.role, _text(task.data)))


def _timers(run: Run) -> list[TimerWait]:
    return sorted(run.timers(), key=lambda timer: (timer.element, timer.due_at, timer.cycles or 0))


def _waits(run: Run) -> list[MessagePoint]:
    return sorted(run.waits(), key=lambda point: (point.element, _text(point.key)))


def _text(data: Any) -> str:
    return json.dumps(data, sort_keys=True, default=str)


@pytest.mark.parametrize("key", SHIPPED)
@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_shipped_diagrams_run_alike(key: str, seed: int) -> None:
    _run_alike(_shipped(key), Chances(installation.shipped_diagrams(), seed))


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_drawn_diagrams_run_alike(seed: int) -> None:
    text = drawn(Random(seed))
    _run_alike(build_specs({"p.bpmn": text}, "p"), Chances({"p.bpmn": text}, seed))


def _run_alike(specs: SpecSet, chances: Chances) -> None:
    ours = Side(specs, Chosen(chances), Run.dump, Run.load)
    theirs = Side(specs, Chosen(chances), stock.save, stock.load)
    chance = Random(chances.seed)
    assert ours.begin() == theirs.begin()
    for turn in range(STEPS if ours.state else 0):
        standing = ours.standing()
        assert standing == theirs.standing()
        choices = list(_choices(standing))
        if not choices:
            break
        choice = chance.choice(choices)
        assert ours.do(choice, turn) == theirs.do(choice, turn)
        assert ours.happened == theirs.happened


def _choices(standing: Mapping[str, Any]) -> Iterator[Choice]:
    for kind, among in (("task", "open"), ("timer", "timers"), ("wait", "waits")):
        yield from ((kind, place) for place in range(len(standing[among])))


@cache
def _shipped(key: str) -> SpecSet:
    return build_specs(installation.shipped_diagrams(), key)
