"""The inbox when very many tasks are open, over fifty roles."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import inbox
from engine.engine import Engine
from engine.paging import cut
from engine.tables import Task, TaskStatus, new_id
from tests.benchmarks import lines, region
from tests.benchmarks.flows import sequence
from tests.benchmarks.lines import Line
from tests.benchmarks.played import Stopwatch
from tests.benchmarks.service import ServicePlayer

ROLES = [f"roll_{number}@RS" for number in range(50)]
PEOPLE = [f"person_{number}" for number in range(200)]
ONE_IN = 5  # of the tasks lies on a person
MOST_MS, MOST_TIMES = 20.0, 2.0
_BATCH = 10_000
_TASKS = Task.metadata.tables["task"]

Question = Callable[[Session], object]


def measure(sizes: Sequence[int], rounds: int) -> list[Line]:
    """The same questions to databases of every size, in turn."""
    with ExitStack() as stack:
        engines = {size: _filled(stack, size) for size in sizes}
        watches: dict[tuple[int, str], Stopwatch] = {}
        for _round in range(rounds + 1):
            for size, engine in engines.items():
                for name, question in _questions(engine).items():
                    watch = watches.setdefault((size, name), Stopwatch())
                    with engine.database.reading() as session:
                        watch.time(lambda ask=question, within=session: ask(within))
    return list(_lines(watches, sizes))


def _filled(stack: ExitStack, size: int) -> Engine:
    engine = stack.enter_context(
        region.engine_on(stack.enter_context(region.on_sqlite()), rules=False)
    )
    flow = sequence()
    with engine.database.writing() as session:
        region.put_in_force(session, engine, flow)
    instance_id = ServicePlayer(engine, flow).start()
    with engine.database.reading() as session:
        task = session.scalars(sa.select(Task).where(Task.instance_id == instance_id)).one()
        like = {column.name: getattr(task, column.name) for column in Task.__table__.columns}
    for first in range(0, size, _BATCH):
        rows = [_task(like, number) for number in range(first, min(first + _BATCH, size))]
        with engine.database.writing() as session:
            session.connection().execute(sa.insert(_TASKS), rows)
    with engine.database.writing() as session:
        session.connection().exec_driver_sql("ANALYZE")
    return engine


def _task(like: Mapping[str, Any], number: int) -> dict[str, Any]:
    turn = number // len(ROLES)
    return {
        **like,
        "id": new_id(),
        "candidate": ROLES[number % len(ROLES)],
        "assignee": PEOPLE[turn % len(PEOPLE)] if turn % ONE_IN == 0 else None,
        "due_at": region.NOW + timedelta(minutes=number * 7919 % 100_000),
        "status": TaskStatus.OPEN,
    }


def _questions(engine: Engine) -> dict[str, Question]:
    role, five, person = ROLES[1], ROLES[1:6], PEOPLE[0]
    now = engine.clock.now()
    middle = region.NOW + timedelta(minutes=50_000)
    deep = cut([0, 1], 1, lambda _row: [middle, ""]).next
    return {
        "first page of a role": lambda session: inbox.page(
            session, assignees=[], candidates=[role]
        ),
        "a page in the middle": lambda session: inbox.page(
            session, assignees=[], candidates=[role], cursor=deep
        ),
        "first page of five roles and one's own": lambda session: inbox.page(
            session, assignees=[person], candidates=five
        ),
        "one's own": lambda session: inbox.page(session, assignees=[person], candidates=[]),
        "the numbers of the inbox": lambda session: inbox.counts(
            session, assignees=[person], candidates=five, now=now
        ),
    }


def _lines(watches: Mapping[tuple[int, str], Stopwatch], sizes: Sequence[int]) -> Iterator[Line]:
    for size in sizes:
        for (of_size, name), watch in watches.items():
            if of_size != size:
                continue
            seconds = watch.seconds[1:]
            line = lines.of_seconds(f"The inbox with {size:,} open tasks, SQLite", name, seconds)
            yield _judged(line, seconds, watches[sizes[0], name].seconds[1:], size == sizes[0])


def _judged(line: Line, seconds: list[float], fewest: list[float], is_fewest: bool) -> Line:
    """A person with five roles has a whole page also where the fewest tasks are open."""
    if "first page" not in line.what:
        return line
    soon = line.value <= MOST_MS
    if is_fewest or "five" not in line.what:
        return line.with_budget(f"<= {MOST_MS:.0f} ms", holds=soon)
    times = statistics.median(seconds) / statistics.median(fewest)
    budget = f"<= {MOST_MS:.0f} ms, <= {MOST_TIMES:.0f} x ({times:.2f})"
    return line.with_budget(budget, holds=soon and times <= MOST_TIMES)
