"""Completing tasks over HTTP: one client, and eight at once, against the product's own process."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from engine.tables import Task, TaskStatus
from processes.product import Product
from tests.benchmarks import real_over_http, region, site
from tests.benchmarks.calls import MANY, Measured, judged, said
from tests.benchmarks.flows import ANSWERS, Flow, loop, sequence
from tests.benchmarks.lines import Line
from tests.benchmarks.service import REGISTRAR, ServicePlayer
from tests.benchmarks.site import Caller, Site

LEAST_A_SECOND = 100


def measure(cases: int, real_rounds: int) -> list[Line]:
    """`cases` of each flow; one client and eight take turns at completing a task in them all."""
    flows = [sequence(), loop()]
    with site.furnished() as product:
        with product.database.writing() as session:
            for flow in flows:
                region.put_in_force(session, product.engine, flow)
        for flow in flows:
            player = ServicePlayer(product.engine, flow)
            for _case in range(cases):
                player.start()
        with site.serving(product) as served:
            token = served.token(REGISTRAR.id)
            found = [line for flow in flows for line in _of_flow(served, flow, token)]
            return [*found, *real_over_http.measure(served, real_rounds)]


def _of_flow(served: Site, flow: Flow, token: str) -> list[Line]:
    one, many = Measured(), Measured()
    for turn in range(10):
        tasks = _open(served.product, flow.key)
        if turn == 0:
            _complete(served, tasks, token, clients=MANY)  # what is made once is made now
        elif turn % 2:
            _complete(served, tasks[: len(tasks) // MANY], token, clients=1, into=one)
        else:
            _complete(served, tasks, token, clients=MANY, into=many)
    group = f"Complete a task over HTTP, {flow.name}, SQLite"
    return [
        *said(group, "1 client", one),
        *judged(said(group, f"{MANY} clients", many)),
        *_rates(group, one, many),
    ]


def _open(product: Product, process: str) -> list[tuple[str, int]]:
    query = sa.select(Task.id, Task.lock_version).where(
        Task.process_key == process, Task.status == TaskStatus.OPEN
    )
    with product.database.reading() as session:
        return [(row.id, row.lock_version) for row in session.execute(query)]


def _complete(
    served: Site,
    tasks: Sequence[tuple[str, int]],
    token: str,
    *,
    clients: int,
    into: Measured | None = None,
) -> None:
    shares = [tasks[client::clients] for client in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        done = list(pool.map(lambda share: _one_client(served.port, share, token), shares))
    if into is not None:
        into.elapsed += time.perf_counter() - began
        for each in done:
            into.add(each)


def _one_client(port: int, tasks: Iterable[tuple[str, int]], token: str) -> Measured:
    caller, found = Caller(port), Measured()
    for task_id, lock_version in tasks:
        content = {"lock_version": lock_version, "data": ANSWERS}
        began = time.perf_counter()
        status, _body = caller.post(f"/tasks/{task_id}/complete", token, content)
        found.seconds.append(time.perf_counter() - began)
        found.statuses.append(status)
    return found


def _rates(group: str, one: Measured, many: Measured) -> list[Line]:
    lone, together = (len(each.seconds) / each.elapsed for each in (one, many))
    rate = Line(group=group, what=f"{MANY} clients, completions", value=together, unit="/s")
    return [
        Line(group=group, what="1 client, completions", value=lone, unit="/s"),
        rate.with_budget(f">= {LEAST_A_SECOND}/s", holds=together >= LEAST_A_SECOND),
    ]
