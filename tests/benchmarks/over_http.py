"""Completing tasks over HTTP: one client, and eight at once, against the product's own processes.

Cases stand side by side, and each turn takes every one of them a task further: an eighth of them by
one client, the rest by eight, who each make the next call as soon as they have been answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from subprocess import Popen

import sqlalchemy as sa

from engine.tables import Task, TaskStatus
from tests.benchmarks import real_case, real_over_http, region, site
from tests.benchmarks.backends import Backend
from tests.benchmarks.calls import MANY, Call, Measured, said
from tests.benchmarks.flows import ANSWERS, Flow, loop, sequence
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.real_over_http import Crowd
from tests.benchmarks.service import REGISTRAR, ServicePlayer
from tests.benchmarks.site import Site
from tests.benchmarks.spiffworkflow import PlayedBeside, bare_process

WARMING = MANY  # cases


@dataclass(frozen=True, kw_only=True)
class Sizes:
    rows: int  # cases of ten tasks in a row
    loops: int  # cases that go round
    rounds: int  # of each of those
    crowd: Crowd
    bare: int  # cases of each flow by bare SpiffWorkflow, for each database


def measure(sizes: Sizes, backends: Sequence[Backend]) -> list[Line]:
    """On one database after the other; the product on the other is idle meanwhile."""
    with ExitStack() as stack:
        process = stack.enter_context(bare_process())
        real = real_case.recorded(backends[0])
        products = [stack.enter_context(site.furnished(backend)) for backend in backends]
        sites = stack.enter_context(site.serving(products))
        return [
            line
            for backend, served in zip(backends, sites, strict=True)
            for line in _on(backend, served, sizes, process, real)
        ]


def _on(
    backend: Backend, served: Site, sizes: Sizes, process: Popen[str], real: Flow
) -> list[Line]:
    product, found = served.product, []
    for flow, cases in ((sequence(), sizes.rows), (loop(sizes.rounds), sizes.loops)):
        with product.database.writing() as session:
            region.put_in_force(session, product.engine, flow)
        bare = PlayedBeside(process, flow, sizes.bare)
        found += _of_flow(served, _group(backend, flow), flow, cases, bare)
    bare = PlayedBeside(process, sizes.crowd.passed(real), sizes.bare)
    return [*found, *real_over_http.measure(served, _group(backend, real), sizes.crowd, bare)]


def _group(backend: Backend, flow: Flow) -> Group:
    heading = f"Complete a task over HTTP, {flow.name}, {backend.name}"
    return Group(f"http.{flow.key}.{backend.name.lower()}", heading)


def _of_flow(served: Site, group: Group, flow: Flow, number: int, bare: PlayedBeside) -> list[Line]:
    player = ServicePlayer(served.product.engine, flow)
    token = served.token(REGISTRAR.id)
    one, many, warming = Measured(), Measured(), Measured()
    warm = [player.start() for _case in range(WARMING)]
    warming.make(served, _open(served, warm, token), clients=MANY)  # what is made once is made now
    cases = [player.start() for _case in range(number)]
    for turn in range(len(flow.steps)):
        calls = _open(served, cases, token)
        first = turn % MANY
        one.make(served, calls[first::MANY], clients=1)
        others = [call for place, call in enumerate(calls) if place % MANY != first]
        many.make(served, others, clients=MANY)
        bare.play((turn + 1) / len(flow.steps))
    return said(group, one, many, bare.seconds)


def _open(served: Site, cases: Sequence[str], token: str) -> list[Call]:
    query = sa.select(Task.id, Task.element, Task.lock_version).where(
        Task.instance_id.in_(cases), Task.status == TaskStatus.OPEN
    )
    with served.product.database.reading() as session:
        return [
            Call(
                element=row.element,
                path=f"/tasks/{row.id}/complete",
                token=token,
                content={"lock_version": row.lock_version, "data": ANSWERS},
            )
            for row in session.execute(query)
        ]
