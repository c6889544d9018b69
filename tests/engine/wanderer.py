"""A case walked by chance: any task done, any message come, any timer gone off."""

from __future__ import annotations

from random import Random

from engine.spiff import Run, SpecSet
from tests.engine.spiff.walk import World, inside

MOST_STEPS = 1_500


class Wanderer:
    """Goes through a case by chance; another with the same seed goes the same way."""

    def __init__(self, specs: SpecSet, seed: int, *, always_saved: bool = False) -> None:
        self.specs, self.always_saved = specs, always_saved
        self.chance = Random(seed)
        self.world = World(operations={"ge_nummer": inside(lambda data: {})})
        self.world.functions["slump"] = lambda name: self.chance.randint(0, 1)
        self.told: list[tuple[str, str]] = []
        self.run = Run.start(specs, {"lista": [1, 2]}, self.world)
        self._tell()

    def ways(self) -> list[tuple[str, str, str]]:
        """What can happen next, in an order that doesn't hang on ids."""
        tasks = [("task", task.info.id, task.spiff_id) for task in self.run.open_tasks()]
        timers = [("timer", timer.element, timer.spiff_id) for timer in self.run.timers()]
        waits = [("message", point.element, point.spiff_id) for point in self.run.waits()]
        return sorted([*tasks, *timers, *waits], key=lambda way: way[:2])

    def step(self) -> bool:
        ways = self.ways()
        if self.run.completed or not ways:
            return False
        kind, _element, spiff_id = self.chance.choice(ways)
        if kind == "task":
            self.run.complete(spiff_id, {"svar": self.chance.randint(0, 1)})
        elif kind == "message":
            self.run.deliver(spiff_id, {"nr": 1})
        else:
            self._wait_for(spiff_id)
        self._tell()
        return True

    def to_the_end(self) -> None:
        for _number in range(MOST_STEPS):
            if not self.step():
                return

    def _wait_for(self, spiff_id: str) -> None:
        """Until that timer is due; of those then due, the first goes off."""
        due = {timer.spiff_id: timer.due_at for timer in self.run.timers()}
        self.world.now = max(self.world.now, due[spiff_id])
        self.run.fire(min(due, key=lambda each: (due[each], each != spiff_id)), self.world.now)

    def _tell(self) -> None:
        self.told += [(record.kind, record.element) for record in self.run.records]
        if self.always_saved:
            self.run = Run.load(self.specs, self.run.dump(), self.world)
        else:
            self.run.records.clear()
