"""What the whole product takes in memory while ten thousand cases run."""

from __future__ import annotations

import sqlalchemy as sa

from engine.clock import SettableClock
from engine.tables import Instance, InstanceStatus
from processes.product import Product
from tests.benchmarks import copies, real_case, site
from tests.benchmarks.lines import Line
from tests.benchmarks.site import Caller, Site
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

GROUP = "Memory of the product's process, SQLite"
MOST = 250  # megabytes
READERS = ("handlaggare_1", "sekreterare_rs", "administrator", "registrator_rs")
PAGES = ("/tasks", "/cases", "/tasks?limit=200", "/instances", "/meetings")
ROUNDS = 20


def measure(cases: int) -> list[Line]:
    with site.furnished() as product:
        _fill(product, cases)
        with site.serving(product) as served:
            idle = served.megabytes()
            _read(served)
            busy = served.megabytes()
    what = f"{cases} running cases"
    after = Line(
        group=GROUP, what=f"{what}, after {ROUNDS} rounds of reading", value=busy, unit="MB"
    )
    return [
        Line(group=GROUP, what=f"{what}, just started", value=idle, unit="MB"),
        after.with_budget(f"<= {MOST} MB", holds=busy <= MOST),
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


def _read(served: Site) -> None:
    caller = Caller(served.port)
    tokens = [served.token(username) for username in READERS]
    for _round in range(ROUNDS):
        for token in tokens:
            for page in PAGES:
                caller.get(page, token)
