"""The engine and the reference led through the same course of events, and what each says of it."""

from __future__ import annotations

from collections import Counter
from random import Random
from uuid import UUID

from engine.spiff import RecordKind, Run, SpecSet, build_specs
from tests.engine.reference import Reference, Wait, tag, trigger
from tests.engine.spiff.walk import World, inside

ITEMS = [1, 2]
HAPPENED = {"timer": RecordKind.TIMER_FIRED, "message": RecordKind.MESSAGE_RECEIVED}


class Lockstep:
    """Conditions hold by seed, step and name, so that neither's order of asking matters."""

    def __init__(self, text: str, seed: int) -> None:
        self.seed, self.step_number = seed, 0
        self.chance = Random(seed)
        self.specs: SpecSet = build_specs({"p.bpmn": text}, "p")
        self.world = World(operations={"ge_nummer": inside(lambda data: {})})
        self.world.functions["slump"] = lambda name: int(self.holds(name))
        self.entered: Counter[str] = Counter()
        self.run = Run.start(self.specs, {"lista": ITEMS}, self.world)
        self.reference = Reference(text, "p", self.holds, ITEMS)
        self._keep()

    def holds(self, name: str) -> bool:
        return Random(f"{self.seed} {self.step_number} {name}").random() < 0.5

    def differences(self) -> list[str]:
        waits = Counter(wait for wait, _spiff_id in self.ways())
        expected = Counter(self.reference.waits())
        passed = Counter(self.reference.entered)
        told = [
            f"{what}: the engine has {dict(here - there)}, the reference {dict(there - here)}"
            for what, here, there in (
                ("open", waits, expected),
                ("entered", self.entered, passed),
            )
            if here != there
        ]
        if self.run.completed != self.reference.completed:
            told.append(f"completed: the engine says {self.run.completed}")
        return told

    def ways(self) -> list[tuple[Wait, str]]:
        found = [("task", task.info.id, task.spiff_id) for task in self.run.open_tasks()]
        found += [("timer", timer.element, timer.spiff_id) for timer in self.run.timers()]
        found += [("message", point.element, point.spiff_id) for point in self.run.waits()]
        return sorted(
            ((kind, element, self._items(spiff_id)), spiff_id) for kind, element, spiff_id in found
        )

    def step(self) -> str:
        """Let one thing happen to both; what it was, "" when all is done.

        Of several that look the same, neither can be told which one the other means.
        """
        ways = self.ways()
        times = Counter(wait for wait, _spiff_id in ways)
        ways = [way for way in ways if times[way[0]] == 1]
        if self.run.completed or not ways:
            return ""
        self.step_number += 1
        wait, spiff_id = self.chance.choice(ways)
        kind = wait[0]
        if kind == "timer":
            wait, spiff_id = self._first_due(ways, spiff_id)
        if kind == "task":
            self.run.complete(spiff_id, {})
        elif kind == "message":
            self.run.deliver(spiff_id, {})
        else:
            self.run.fire(spiff_id, self.world.now)
        self._keep()
        self.reference.happen(wait)
        return f"{self.step_number} {wait}"

    def _first_due(self, ways: list[tuple[Wait, str]], spiff_id: str) -> tuple[Wait, str]:
        told = {way[1] for way in ways}
        timers = [timer for timer in self.run.timers() if timer.spiff_id in told]
        due = {timer.spiff_id: timer.due_at for timer in timers}
        self.world.now = max(self.world.now, due[spiff_id])
        first = min(due, key=lambda each: (due[each], each != spiff_id))
        return next(way for way in ways if way[1] == first)

    def _items(self, spiff_id: str) -> tuple[tuple[str, int], ...]:
        """Which of several it belongs to: the items that its data holds."""
        task_id = UUID(hex=spiff_id.partition("/")[0])
        for tree in self.run._workflow.trees():
            if task_id in tree.tasks:
                data = tree.tasks[task_id].data
                return tuple(sorted((k, v) for k, v in data.items() if k.startswith("i_")))
        raise KeyError(spiff_id)

    def _keep(self) -> None:
        """What was entered; an event on an edge shows only when it has happened."""
        for record in self.run.records:
            node = self.reference.nodes[record.element]
            if tag(node) != "boundaryEvent":
                counts = record.kind == RecordKind.ENTERED
            else:
                counts = record.kind == HAPPENED.get(trigger(node), RecordKind.COMPLETED)
            self.entered[record.element] += counts
        self.run = Run.load(self.specs, self.run.dump(), self.world)
