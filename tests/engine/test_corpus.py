"""Diagrams that others have drawn: accepted, or refused in words; never a crash."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.gate import lint
from tests.engine.gate.judging import CONTEXT

CORPUS = Path(os.environ.get("ARENDEGANG_CORPUS", "no such folder"))
FILES = sorted(
    path for path in CORPUS.rglob("*") if path.suffix in {".bpmn", ".dmn", ".xml"}
)  # none where the folder is absent
MAX_SECONDS = 10


@pytest.mark.skipif(not FILES, reason="no diagrams of others here; see ARENDEGANG_CORPUS")
def test_every_diagram_that_others_drew_is_accepted_or_refused_in_words() -> None:
    for file in FILES:
        started = time.perf_counter()
        findings = lint([file], CONTEXT)
        assert time.perf_counter() - started < MAX_SECONDS, file
        for finding in findings:
            assert finding.message, file
            assert finding.file == str(file)
        codes = {finding.code for finding in findings}
        assert findings == [] or codes, file
