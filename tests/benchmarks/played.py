"""What playing a case through took, whoever played it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from engine.database import Database
from tests.engine.statements import counted

T = TypeVar("T")
FRAME = ("BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, kw_only=True)
class Played:
    """`start` is what beginning took; the lists have one value for each completion."""

    start: float  # seconds
    seconds: list[float]  # by the clock on the wall, waiting for the disk included
    cpu: list[float]  # seconds of the processor only
    bytes: list[int]  # of the state that was saved


@dataclass
class Stopwatch:
    """What acts took, one after the other, on both clocks."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def time(self, act: Callable[[], T]) -> T:
        began, cpu_began = time.perf_counter(), time.thread_time()
        done = act()
        self.cpu.append(time.thread_time() - cpu_began)
        self.seconds.append(time.perf_counter() - began)
        return done


class StatementCount(Stopwatch):
    """What acts say to the database, in place of what they take."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self.statements: list[int] = []
        self.commits: list[int] = []

    def time(self, act: Callable[[], T]) -> T:
        with counted(self._database) as said:
            done = super().time(act)
        self.commits.append(said.count("COMMIT"))
        self.statements.append(sum(statement not in FRAME for statement in said))
        return done
