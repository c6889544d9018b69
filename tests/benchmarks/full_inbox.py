"""The inbox when very many tasks are open, over fifty roles."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import inbox
from engine.database import Database
from engine.engine import Engine
from engine.paging import cut
from engine.tables import Task, TaskStatus, new_id
from tests.benchmarks import region
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import sequence
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.played import Stopwatch
from tests.benchmarks.service import ServicePlayer

ROLES = [f"roll_{number}@RS" for number in range(50)]
PEOPLE = [f"person_{number}" for number in range(200)]
ASKED = {
    "role": "first page of a role",
    "deep": "a page in the middle",
    "five_roles": "first page of five roles and one's own",
    "mine": "one's own",
    "counts": "the numbers of the inbox",
}
ONE_IN = 5  # of the tasks lies on a person
MOST_MS, MOST_TIMES = 20.0, 2.0
_BATCH = 10_000
_TASKS = Task.metadata.tables["task"]

Question = Callable[[Session], object]
Place = tuple[str, int]  # the database's name, and how many tasks are open there
Watches = dict[tuple[Place, str], Stopwatch]


def measure(sizes: Sequence[int], rounds: int, backends: Sequence[Backend]) -> list[Line]:
    """The same questions to databases of every size, in turn."""
    with ExitStack() as stack:
        engines = {
            (backend.name, size): _filled(stack, backend, size)
            for backend in backends
            for size in sizes
        }
        watches: Watches = {}
        for _round in range(rounds + 1):
            for place, engine in engines.items():
                for name, question in _questions(engine).items():
                    watch = watches.setdefault((place, name), Stopwatch())
                    with engine.database.reading() as session:
                        watch.time(lambda ask=question, within=session: ask(within))
    return [line for place in engines for line in _lines(watches, place, sizes[0])]


def _filled(stack: ExitStack, backend: Backend, size: int) -> Engine:
    engine = stack.enter_context(region.engine_on(backend, rules=False))
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
            _insert(session.connection(), rows)
    _settle(engine.database)
    return engine


def _insert(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(sa.insert(_TASKS), rows)
        return
    columns = list(rows[0])
    processors = [
        _TASKS.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for name in columns
    ]
    driver: Any = connection.connection.driver_connection
    with psycopg.Cursor(driver).copy(f"COPY task ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                [
                    process(row[name]) if process else row[name]
                    for name, process in zip(columns, processors, strict=True)
                ]
            )


def _settle(database: Database) -> None:
    """What a living database has seen to already: statistics, and on PostgreSQL its vacuum."""
    with database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")


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
        "role": lambda session: inbox.page(session, assignees=[], candidates=[role]),
        "deep": lambda session: inbox.page(session, assignees=[], candidates=[role], cursor=deep),
        "five_roles": lambda session: inbox.page(session, assignees=[person], candidates=five),
        "mine": lambda session: inbox.page(session, assignees=[person], candidates=[]),
        "counts": lambda session: inbox.counts(
            session, assignees=[person], candidates=five, now=now
        ),
    }


def _lines(watches: Watches, place: Place, fewest: int) -> Iterator[Line]:
    name, size = place
    heading = f"The inbox with {size:,} open tasks, {name}"
    group = Group(f"inbox.{size}.{name.lower()}", heading)
    for question, what in ASKED.items():
        seconds = watches[place, question].seconds[1:]  # the first has met no cache
        line = group.of_seconds(question, what, seconds)
        of_fewest = watches[(name, fewest), question].seconds[1:]
        yield _judged(line, question, seconds, None if size == fewest else of_fewest)


def _judged(
    line: Line, question: str, seconds: Sequence[float], fewest: Sequence[float] | None
) -> Line:
    """A person with five roles has a whole page also where the fewest tasks are open."""
    if question not in ("role", "five_roles"):
        return line
    soon = line.value <= MOST_MS
    if fewest is None or question == "role":
        return line.with_budget(f"<= {MOST_MS:.0f} ms", holds=soon)
    times = statistics.median(seconds) / statistics.median(fewest)
    budget = f"<= {MOST_MS:.0f} ms, <= {MOST_TIMES:.0f} x ({times:.2f})"
    return line.with_budget(budget, holds=soon and times <= MOST_TIMES)
