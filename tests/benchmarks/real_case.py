"""The real `arende`, from registration over a political body to the archive."""

from __future__ import annotations

from functools import cache

from engine.clock import SettableClock
from processes import installation
from processes.agenda import Outcome
from tests.benchmarks import region
from tests.benchmarks.backends import Backend
from tests.benchmarks.flows import Flow
from tests.benchmarks.recording import Recorder
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

KEY = "arende"
NAME = "the real case"


def walk_through(walk: Walk) -> None:
    """Every step a person takes, in the order an ordinary case takes them."""
    walk.start()
    answers.allocate(walk, "RS")
    answers.prepare(walk)
    walk.decide(Outcome.DECIDED)
    answers.finish(walk)
    assert walk.ended


@cache
def recorded(backend: Backend) -> Flow:
    """Run the case once and write down what bare SpiffWorkflow needs to run it too."""
    recorder = Recorder(KEY)
    with region.engine_on(backend) as engine, recorder.listening():
        assert isinstance(engine.clock, SettableClock)
        walk_through(Walk(engine, engine.clock))
    return recorder.flow(NAME, installation.shipped_diagrams())
