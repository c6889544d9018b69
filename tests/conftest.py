"""What every test shares."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY, ENOUGH = Path("/dev/shm"), 6 * 1024**3
NO_SKIPS = os.environ.get("ARENDEGANG_NO_SKIPS") == "1"
ON_BOTH = os.environ.get("ARENDEGANG_TEST_ON_BOTH") == "1"
# Needs BPMN files of others that are not in the repository; wherever they are, it runs.
MAY_SKIP = ("tests/engine/test_corpus.py",)


def pytest_configure() -> None:
    """Before the workers start: in memory where there is room for it.

    Thousands of commits are made, and whether the disk holds what it is given is its own matter.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
        os.environ.setdefault("TMPDIR", str(MEMORY))
        tempfile.tempdir = None  # asked for anew


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In continuous integration a skipped test is a failed one: nothing may be absent there."""
    outcome = yield
    report = outcome.get_result()
    if item.nodeid.startswith(MAY_SKIP) or not NO_SKIPS:
        return
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {call.excinfo and call.excinfo.value}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What asks for a database gets SQLite; where it is marked so, PostgreSQL after that."""
    if "backend" not in metafunc.fixturenames or "engine" in metafunc.definition.path.parts:
        return
    if ON_BOTH or metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", "sqlite")
