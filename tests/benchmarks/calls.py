"""What calls over HTTP took, and how they were answered."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from tests.benchmarks import lines
from tests.benchmarks.lines import Group, Line
from tests.benchmarks.site import Caller, Site

MANY = 8
MOST_P99_MS = 250
LEAST_A_SECOND = 100


@dataclass(frozen=True, kw_only=True)
class Call:
    """The completion of a task, about to be made."""

    element: str
    path: str
    token: str
    content: Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    call: Call
    seconds: float
    status: int
    body: bytes


@dataclass
class Measured:
    answers: list[Answer] = field(default_factory=list)
    elapsed: float = 0.0  # while all clients were at work

    @property
    def seconds(self) -> list[float]:
        return [answer.seconds for answer in self.answers]

    def make(self, served: Site, calls: Sequence[Call], *, clients: int) -> list[Answer]:
        """Each client makes its share, the next as soon as it has been answered."""
        shares = [calls[client::clients] for client in range(clients)]
        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            made = [pool.submit(_one_client, served.port, share) for share in shares if share]
            answers = [answer for each in made for answer in each.result()]
        self.elapsed += time.perf_counter() - began
        self.answers += answers
        return answers


def _one_client(port: int, calls: Sequence[Call]) -> list[Answer]:
    answers = []
    with Caller(port) as caller:
        for call in calls:
            began = time.perf_counter()
            status, body = caller.post(call.path, call.token, call.content)
            seconds = time.perf_counter() - began
            answers.append(Answer(call=call, seconds=seconds, status=status, body=body))
    return answers


def said(group: Group, one: Measured, many: Measured, bare: Sequence[float]) -> list[Line]:
    """What one client met and what eight did, and the budget of the eight."""
    answer, p99, refused, rate = _of(group, MANY, many, bare)
    return [
        *_of(group, 1, one, bare),
        answer,
        p99.with_budget(f"< {MOST_P99_MS} ms", holds=p99.value < MOST_P99_MS),
        refused.with_budget("none", holds=refused.value == 0),
        rate.with_budget(f">= {LEAST_A_SECOND}/s", holds=rate.value >= LEAST_A_SECOND),
    ]


def _of(group: Group, clients: int, measured: Measured, bare: Sequence[float]) -> list[Line]:
    who, id_ = "1 client" if clients == 1 else f"{clients} clients", f"clients_{clients}"
    p99 = lines.percentile(measured.seconds, 99) * 1000
    refused = sum(answer.status != 200 for answer in measured.answers)
    each = measured.elapsed / len(measured.answers)
    slowest = group.line(f"{id_}.p99", f"{who}, 99 answers in a hundred sooner", p99, "ms")
    return [
        group.of_seconds(f"{id_}.answer", f"{who}, an answer", measured.seconds, bare),
        replace(slowest, samples=len(measured.answers)),
        group.line(f"{id_}.refused", f"{who}, answers that are not 200", refused),
        group.line(
            f"{id_}.rate", f"{who}, completions", 1 / each, "/s",
            ratio_to_bare=each / statistics.mean(bare),
        ),
    ]  # fmt: skip
