"""The whole product with the diagrams that it ships, deployed once and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine import jobs
from engine.clock import SettableClock
from processes import accounts
from processes.product import Product
from tests.web.api import small
from tests.web.api.calling import Caller
from tests.web.installing import a_copy, install
from web.app import create_app
from web.configuration import Configuration

As = Callable[[str], Caller]
NEW_CASE = {
    "registry": "RS",
    "heading": "Motion om fortsatt nattåg till länet",
    "kind": "motion",
    "received_on": "2026-01-28",
}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("region"), small.files(), shipped=True)


@pytest.fixture
def clock(product: Product) -> SettableClock:
    assert isinstance(product.clock, SettableClock)
    return product.clock


@pytest.fixture
def as_(app: Flask, product: Product) -> As:
    """A program with the token of one of the demo's accounts; nobody's when it is ""."""
    return callers(app, product)


@pytest.fixture(scope="session")
def still_as(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[As]:
    """The same for tests that change nothing: made once."""
    with a_copy(installed, tmp_path_factory.mktemp("still") / "data") as product:
        yield callers(create_app(product, Configuration(secret_key="for tests only")), product)


def callers(app: Flask, product: Product) -> As:
    known: dict[str, str] = {}

    def make(username: str) -> Caller:
        if username and username not in known:
            with product.database.writing() as session:
                known[username] = accounts.create_token(
                    session, username, label="prov", now=product.clock.now()
                )
        return Caller(app, known.get(username))

    return make


@pytest.fixture
def new_case(as_: As, run_jobs: Callable[[], None]) -> Callable[..., dict[str, Any]]:
    """Register a case as its registrar's program would; what the call answers."""

    def make(**values: Any) -> dict[str, Any]:
        made: dict[str, Any] = as_("registrator_rs").post("/cases", {**NEW_CASE, **values}, 201)
        run_jobs()
        return made

    return make


@pytest.fixture
def prov(as_: As) -> dict[str, Any]:
    """An instance of the small process, as the call that started it answered."""
    made: dict[str, Any] = as_("processagare").post(
        "/instances", {"process": "prov", "business_key": "prov:1", "data": small.DATA}, 201
    )
    return made


@pytest.fixture
def run_jobs(product: Product) -> Callable[[], None]:
    """Everything that is due happens now."""

    def run() -> None:
        jobs.drain(product.engine)

    return run
