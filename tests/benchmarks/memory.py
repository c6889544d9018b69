"""What the whole product takes in memory while ten thousand cases run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import sqlalchemy as sa

from engine.clock import SettableClock
from engine.tables import Instance, InstanceStatus
from processes.product import Product
from tests.benchmarks import copies, real_case, site
from tests.benchmarks.backends import SQLITE, Backend
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.site import Caller, Site
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

MOST = 250  # megabytes
READERS = ("handlaggare_1", "sekreterare_rs", "administrator", "registrator_rs")
PAGES = ("/tasks", "/cases", "/tasks?limit=200", "/instances", "/meetings")


def measure(cases: int, rounds: int, backends: Sequence[Backend]) -> list[Line]:
    """The budget is that of `make run`: one process, on SQLite. On PostgreSQL there are three."""
    with ExitStack() as stack:
        products = [stack.enter_context(site.furnished(backend)) for backend in backends]
        for product in products:
            _fill(product, cases)
        sites = stack.enter_context(site.serving(products))
        return [
            line
            for backend, served in zip(backends, sites, strict=True)
            for line in _of(served, backend, cases, rounds)
        ]


def _of(served: Site, backend: Backend, cases: int, rounds: int) -> list[Line]:
    idle = served.megabytes()
    _read(served, rounds)
    busy = served.megabytes()
    heading = f"Memory of the product, {len(busy)} processes, {backend.name}"
    group = Group(f"memory.{backend.name.lower()}", heading)
    what = f"{cases} running cases"
    after = group.line("busy", f"{what}, after {rounds} rounds of reading", sum(busy), "MB")
    if backend.name == SQLITE:
        after = after.with_budget(f"<= {MOST} MB", holds=after.value <= MOST)
    largest = group.line("largest", "the largest of its processes then", max(busy), "MB")
    return [
        group.line("idle", f"{what}, just started", sum(idle), "MB"),
        after,
        *([largest] if len(busy) > 1 else []),
    ]


def _fill(product: Product, cases: int) -> None:
    """One case worked to its middle through the engine, and as it stands copied."""
    walk = Walk(product.engine, SettableClock(product.clock.now()))
    walk.start()
    answers.allocate(walk, "RS")
    answers.plan(walk)
    query = sa.select(Instance.id).where(
        Instance.process_key == real_case.KEY, Instance.status == InstanceStatus.ACTIVE
    )
    with product.database.reading() as session:
        instance_id = session.scalars(query).one()
    copies.copy(product.engine, instance_id, cases - 1)


def _read(served: Site, rounds: int) -> None:
    tokens = [served.token(username) for username in READERS]
    with Caller(served.port) as caller:
        for _round in range(rounds):
            for token in tokens:
                for page in PAGES:
                    caller.get(page, token)
