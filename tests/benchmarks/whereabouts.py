"""Where the time of a completion goes: which part of the service layer takes which share."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest import mock

from engine import execution, forms, held, history, projection, tasks
from engine.spiff import Run
from tests.benchmarks import region
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import sequence
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.played import Played, Stopwatch
from tests.benchmarks.service import ServicePlayer

GROUP = Group(
    "where.sekvens.sqlite",
    "Where the processor's time goes, 10 tasks in a row, service layer, SQLite",
)
SAYING, RUNNING, LOGGING, ANSWERING = "statements", "SpiffWorkflow", "log", "form and answers"
REST, AROUND = "what is due, whose it is, what differs", "transaction, session and commit"
IDS = {
    SAYING: "statements", RUNNING: "spiffworkflow", LOGGING: "log", ANSWERING: "form",
    REST: "rest", AROUND: "transaction",
}  # fmt: skip
PARTS: tuple[tuple[Any, str, str], ...] = (
    *(
        (module, name, SAYING)
        for module in (held, projection, execution, history)
        for name in ("ask", "say", "say_all")
        if hasattr(module, name)
    ),
    *((Run, name, RUNNING) for name in ("load", "complete", "dump", "open_tasks")),
    (history, "rows", LOGGING),
    (forms, "validate", ANSWERING),
    (forms, "filled", ANSWERING),
    (tasks, "require_storable", ANSWERING),
    (tasks, "complete", REST),
)


class Shares:
    """Time by part; what a part calls of another counts there."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    def listened(self, real: Callable[..., Any], part: str) -> Callable[..., Any]:
        def listened(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            began = time.thread_time()
            try:
                return real(*args, **kwargs)
            finally:
                taken = time.thread_time() - began
                self.seconds[part] += taken - self._inner.pop()
                if self._inner:
                    self._inner[-1] += taken

        return listened


def measure(cases: int, backend: Backend) -> list[Line]:
    flow, shares, watch = sequence(), Shares(), Stopwatch()
    with region.engine_on(backend, rules=False) as engine:
        with engine.database.writing() as session:
            region.put_in_force(session, engine, flow)
        player = ServicePlayer(engine, flow)
        player.play()
        with ExitStack() as stack:
            for holder, name, part in PARTS:
                stack.enter_context(_listening(shares, holder, name, part))
            for _case in range(cases):
                _only_completions(player, shares, watch)
    whole = sum(watch.cpu)
    shares.seconds[AROUND] = whole - sum(shares.seconds.values())
    found = sorted(shares.seconds.items(), key=lambda share: -share[1])
    return [
        GROUP.line(IDS[part], part, round(100 * seconds / whole), "%") for part, seconds in found
    ]


def _only_completions(player: ServicePlayer, shares: Shares, watch: Stopwatch) -> Played:
    """Starting a case passes some of the same parts."""
    before = dict(shares.seconds)
    player_start = player.start

    def start() -> str:
        instance_id = player_start()
        shares.seconds.clear()
        shares.seconds.update(before)
        return instance_id

    with mock.patch.object(player, "start", start):
        return player.play(watch)


def _listening(shares: Shares, holder: Any, name: str, part: str) -> Any:
    real = getattr(holder, name)
    if isinstance(holder.__dict__.get(name), classmethod):
        inner = shares.listened(real.__func__, part)
        return mock.patch.object(holder, name, classmethod(inner))
    return mock.patch.object(holder, name, shares.listened(real, part))
