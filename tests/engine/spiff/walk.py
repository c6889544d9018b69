"""A case walked step by step, saved and loaded with specs built anew between any two steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.host import Operation, OperationCall, OperationKind
from engine.spiff import Run, build_specs

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass
class World:
    """The context of the runs: a clock, facts, operations, and words for deadlines."""

    now: datetime = MONDAY
    facts: dict[str, Any] = field(default_factory=dict)
    operations: dict[str, tuple[OperationKind, Callable[..., Any]]] = field(default_factory=dict)
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    words: dict[str, Callable[[datetime], datetime]] = field(default_factory=dict)

    def names(self, data: Mapping[str, Any], element: str) -> Mapping[str, Any]:
        return {**data, **self.facts}

    def deadline(self, text: str, data: Any, element: str, start: datetime) -> datetime:
        return self.words[text](start)

    def operation(self, name: str) -> Operation | None:
        if name not in self.operations:
            return None
        kind, run = self.operations[name]
        return Operation(name=name, label=name, kind=kind, run=run)

    def run_operation(self, name: str, data: Mapping[str, Any], element: str) -> Any:
        return self.operations[name][1](data)


class Walk:
    def __init__(
        self, *files: str, world: World | None = None, data: Any = None, key: str = "p"
    ) -> None:
        self.files = {
            f"{number}.{'dmn' if '<decision' in text else 'bpmn'}": text
            for number, text in enumerate(files)
        }
        self.key = key
        self.world = world or World()
        self.records: list[tuple[str, str]] = []
        self.sent: list[Any] = []
        self._keep(Run.start(self._specs(), data or {}, self.world))

    def _specs(self) -> Any:
        return build_specs(self.files, self.key)

    def load(self) -> Run:
        return Run.load(self._specs(), self.state, self.world)

    def _keep(self, run: Run) -> None:
        self.records += [(record.kind.value, record.element) for record in run.records]
        self.sent += run.sent()
        self.state = run.dump()
        self.completed = run.completed

    # What stands open

    def inbox(self) -> list[str]:
        return [task.info.id for task in self.load().open_tasks()]

    def listening(self) -> list[tuple[str, list[Any]]]:
        return [(point.element, point.key) for point in self.load().waits()]

    def timers(self) -> dict[str, datetime]:
        return {timer.element: timer.due_at for timer in self.load().timers()}

    def data(self) -> dict[str, Any]:
        return self.load().data()

    # What happens

    def do(self, element: str, where: Callable[[Any], bool] | None = None, **answers: Any) -> Walk:
        run = self.load()
        found = [task for task in run.open_tasks() if task.info.id == element]
        task = next(task for task in found if where is None or where(task.data))
        run.complete(task.spiff_id, answers)
        self._keep(run)
        return self

    def forward(self, **delta: float) -> Walk:
        """Move the clock, and let what has become due go off as the engine's jobs would."""
        self.world.now += timedelta(**delta)
        while due := [t for t in self.load().timers() if t.due_at <= self.world.now]:
            run = self.load()
            run.fire(min(due, key=lambda timer: timer.due_at).spiff_id, self.world.now)
            self._keep(run)
        return self

    def deliver(self, element: str, key: list[Any] | None = None, **payload: Any) -> Walk:
        run = self.load()
        point = next(
            point for point in run.waits() if point.element == element and key in (None, point.key)
        )
        run.deliver(point.spiff_id, payload)
        self._keep(run)
        return self

    def with_run(self, act: Callable[[Run], Any]) -> Any:
        run = self.load()
        result = act(run)
        self._keep(run)
        return result

    def kinds_of(self, element: str) -> list[str]:
        return [kind for kind, about in self.records if about == element]


def inside(run: Callable[..., Any]) -> tuple[OperationKind, Callable[..., Any]]:
    return OperationKind.INSIDE, run


def outside() -> tuple[OperationKind, Callable[..., Any]]:
    def never(call: OperationCall) -> None:
        raise AssertionError("outside operations are run by jobs")

    return OperationKind.OUTSIDE, never
