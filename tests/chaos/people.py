"""People at their browsers, who keep what the product has acknowledged."""

from __future__ import annotations

import itertools
import random
import threading
import urllib.error
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.web.started import Running

# What somebody meets whose process, or whose database, has just been killed.
CUT_OFF = (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError)
THOUGHT_SECONDS = 0.05


@dataclass
class Acknowledged:
    """What somebody saw succeed, and so must be there for ever."""

    started: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    cut_off: int = 0
    in_vain: int = 0  # of those, how many times somebody waited for an answer until they gave up
    failed: int = 0  # told that it was our fault, as when the database was away


class People:
    """Some threads of them, each with a chance of its own, until told to go home."""

    def __init__(self, web: Running, tokens: dict[str, str], *, count: int, seed: int) -> None:
        self.saw = Acknowledged()
        self._web = web
        self._tokens = tokens
        self._numbers = itertools.count(1)
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(random.Random(f"{seed}-{number}"),))
            for number in range(count)
        ]

    def __enter__(self) -> People:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, chance: random.Random) -> None:
        while not self._over.wait(chance.uniform(0, 2 * THOUGHT_SECONDS)):
            try:
                self._start() if chance.random() < 0.3 else self._complete(chance)
            except urllib.error.HTTPError as refused:
                self.saw.failed += refused.code >= 500  # else somebody was there first
                refused.close()
            except CUT_OFF as cut:
                self.saw.cut_off += 1
                self.saw.in_vain += isinstance(getattr(cut, "reason", cut), TimeoutError)
                self._over.wait(0.3)

    def _start(self) -> None:
        data = {"diarium": "RS", "nummer": next(self._numbers)}
        for process in ("storm", "stormvantan"):
            content = {"process": process, "data": data}
            started = self._web.post("/api/v1/instances", content, self._tokens["administrator"])
            self.saw.started.add(started["id"])

    def _complete(self, chance: random.Random) -> None:
        token = self._tokens["registrator_rs"]
        found: list[dict[str, Any]] = self._web.get("/api/v1/tasks?process=storm", token)["items"]
        if found:
            task = chance.choice(found)
            content = {"data": {}, "lock_version": task["lock_version"]}
            self._web.post(f"/api/v1/tasks/{task['id']}/complete", content, token)
            self.saw.completed.add(task["id"])
