"""Cases that were left by an earlier release: this one brings them all to their end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SettableClock
from engine.engine import Engine
from processes import database_version
from processes.cases import CaseStatus
from tests.engine.invariants import require_sound
from tests.processes.paths.conftest import engine_on
from tests.processes.paths.walk import Walk
from tests.processes.releases.keeping import HERE, replay, standing, unpack

RELEASES = sorted(path.stem for path in HERE.glob("*.json"))


def _kept(release: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{release}.json").read_text("utf-8"))
    return found


LEFT = [(release, kept["case"]) for release in RELEASES for kept in _kept(release)["cases"]]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each release's database, brought to this version as a start of the product does."""
    found = {}
    for release in RELEASES:
        path = unpack(release, tmp_path_factory.mktemp("release"))
        with standing(path) as database:
            database_version.upgrade(database)
        found[release] = path
    return found


@pytest.fixture
def engine(
    request: pytest.FixtureRequest, upgraded: dict[str, Path], tmp_path: Path
) -> Iterator[Engine]:
    release = request.param
    path = Path(shutil.copy(upgraded[release], tmp_path / "left.sqlite"))
    clock = SettableClock(datetime.fromisoformat(_kept(release)["at"]))
    with standing(path) as database:
        yield engine_on(database, clock)


def test_there_are_releases() -> None:
    assert RELEASES


@pytest.mark.parametrize("engine", RELEASES, indirect=True)
def test_what_a_release_left_is_sound(engine: Engine) -> None:
    require_sound(engine)


@pytest.mark.parametrize(("engine", "case"), LEFT, indirect=["engine"])
def test_a_case_of_an_earlier_release_comes_to_its_end(
    engine: Engine, case: str, request: pytest.FixtureRequest
) -> None:
    release = request.node.callspec.params["engine"]
    kept = next(one for one in _kept(release)["cases"] if one["case"] == case)
    assert isinstance(engine.clock, SettableClock)
    walk = Walk(engine, engine.clock)
    walk.number = kept["number"]
    replay(walk, kept["steps"])
    assert walk.open == kept["open"]
    assert walk.status == CaseStatus(kept["status"])
    require_sound(engine)
