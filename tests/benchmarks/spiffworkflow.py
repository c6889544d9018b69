"""The process that plays flows on bare SpiffWorkflow, seen from the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks import lines
from tests.benchmarks.flows import Flow
from tests.benchmarks.played import Played

ROOT = Path(__file__).parents[2]


class BarePlayer:
    """Plays one flow in the process that `bare_process` started."""

    def __init__(self, process: subprocess.Popen[str], flow: Flow) -> None:
        self._process = process
        self._number = self._ask(do="load", flow=flow.as_dict())

    def play(self) -> Played:
        """One case from its start to its end."""
        return Played(**self._ask(do="play", player=self._number))

    def _ask(self, **told: Any) -> Any:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps(told) + "\n")
        pipe_in.flush()
        answer = pipe_out.readline()
        if not answer:
            raise SystemExit("bare SpiffWorkflow stopped; its own words stand above")
        return json.loads(answer)


class PlayedBeside:
    """Cases that bare SpiffWorkflow plays every now and then while the product is measured."""

    def __init__(self, process: subprocess.Popen[str], flow: Flow, cases: int) -> None:
        self._player = BarePlayer(process, flow)
        self._player.play()  # what is made once is made now
        self._cases = cases
        self._played: list[Played] = []

    def play(self, done: float) -> None:
        """Come as far as the product, which is done with that part of its own."""
        while len(self._played) < max(1, round(self._cases * done)):
            self._played.append(self._player.play())

    @property
    def seconds(self) -> list[float]:
        """What each completion took."""
        return lines.completions(self._played)


@contextmanager
def bare_process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.benchmarks.bare"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()
