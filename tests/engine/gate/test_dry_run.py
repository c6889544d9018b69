from __future__ import annotations

import pytest

from engine.gate import dry_run
from engine.spiff import BuildError, RunFailed
from tests.engine.bpmn import script
from tests.engine.gate.judging import SOUND, judge, path, told


@pytest.mark.parametrize(
    ("failure", "code", "element"),
    [
        (BuildError("steg", "går inte"), "build", "steg"),
        (RunFailed("steg", "Steg", TypeError("x")), "start", "steg"),
        (KeyError("x"), "build", "prov"),
    ],
)
def test_what_fails_in_rehearsal_is_refused(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str, element: str
) -> None:
    def fail(*_arguments: object) -> None:
        raise failure

    monkeypatch.setattr(dry_run, "build_specs", fail)
    assert told(judge(*SOUND), code) == {element}


def test_what_hangs_on_facts_cannot_be_rehearsed_and_is_let_through() -> None:
    assert judge(*path("rakna"), script("rakna", "a = arende.steg + 1")) == []
