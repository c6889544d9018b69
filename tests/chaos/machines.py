"""The processes of an installation, and what may happen to them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import sqlalchemy as sa

from engine.database import Database
from tests.chaos.world import address
from tests.web.started import PATIENCE, Running, free_port, process


class Machines:
    """On SQLite one process that is everything; on PostgreSQL web processes and two workers."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self.told_to = folder.parent / "told.txt"
        self.port = free_port()
        self.killed: list[str] = []
        self._web = self._run()
        self._workers = [] if database.is_sqlite else [self._worker(), self._worker()]

    def __enter__(self) -> Machines:
        try:
            self.web.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def web(self) -> Running:
        return Running(process=self._web, port=self.port)

    def kill_one(self, chance: random.Random) -> None:
        """Without warning; what is dead is started again, as systemd would."""
        ways: list[tuple[int, Callable[[random.Random], None]]] = [(1, self._kill_web)]
        if not self._database.is_sqlite:
            ways += [(3, self._kill_worker), (3, self._kill_web_child), (2, self._kill_backend)]
        weights = [weight for weight, _way in ways]
        ((_weight, way),) = chance.choices(ways, weights)
        self.killed.append(way.__name__)
        way(chance)
        self.web.wait_until_ready()

    def stop(self) -> None:
        for one in (self._web, *self._workers):
            _kill_with_children(one)

    def _run(self) -> subprocess.Popen[str]:
        return self._process("run", "--port", str(self.port))

    def _worker(self) -> subprocess.Popen[str]:
        return self._process("worker")

    def _process(self, *command: str) -> subprocess.Popen[str]:
        said = ("--data", str(self._folder))
        return process(*command, *said, url=address(self._database), told_to=self.told_to)

    def _kill_web(self, _chance: random.Random) -> None:
        _kill_with_children(self._web)
        self._web = self._run()

    def _kill_web_child(self, chance: random.Random) -> None:
        children = psutil.Process(self._web.pid).children()
        if children:
            chance.choice(children).kill()

    def _kill_worker(self, chance: random.Random) -> None:
        victim = chance.randrange(len(self._workers))
        _kill_with_children(self._workers[victim])
        self._workers[victim] = self._worker()

    def _kill_backend(self, chance: random.Random) -> None:
        """Then PostgreSQL cuts everybody off, and recovers."""
        query = sa.text(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        with self._database.reading() as session:
            victims = list(session.scalars(query))
        if victims:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
        self._database.dispose()
        _wait_until_it_answers(self._database)


def _kill_with_children(one: subprocess.Popen[str]) -> None:
    """A machine that loses its power: nobody is left to notice."""
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(one.pid).children(recursive=True):
            child.kill()
    one.kill()
    one.wait()


def _wait_until_it_answers(database: Database) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with database.reading() as session:
                session.scalar(sa.select(1))
        except sa.exc.DBAPIError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return
