"""The whole product on SQLite, a small process in it, and visitors without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from engine.host import Actor
from processes import cases
from processes.cases import CaseKind, NewCase
from processes.login_attempts import Limit
from processes.product import Product
from tests.web import office as offices
from tests.web import small_process
from tests.web.installing import a_copy, install, product_in
from tests.web.office import Office
from tests.web.pages import Visitor
from web.app import create_app
from web.configuration import Configuration

HEADING = "Motion om fortsatt nattåg till länet"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration without cases, made once and copied for each test."""
    return install(tmp_path_factory.mktemp("installed"), small_process.files(), shipped=False)


@pytest.fixture(scope="session")
def still_app(installed: Path) -> Iterator[Flask]:
    """The application for tests that change nothing: made once."""
    product = product_in(installed)
    product.read_installation()
    yield create_app(product, Configuration(secret_key="for tests only"))
    product.close()


@pytest.fixture
def product(installed: Path, tmp_path: Path) -> Iterator[Product]:
    with a_copy(installed, tmp_path / "data") as product:
        yield product


@pytest.fixture(scope="module")
def office(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Where every address is tried: something real behind each, made once for a module."""
    with a_copy(installed, tmp_path_factory.mktemp("office") / "data") as product:
        yield offices.opened(product)


@pytest.fixture
def app(product: Product) -> Flask:
    limits = [Limit(most=5, within=timedelta(minutes=1))]
    configuration = Configuration(secret_key="for tests only", login_limits=limits)
    return create_app(product, configuration)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def log_in(app: Flask) -> Callable[[str], Visitor]:
    """A visitor logged in as one of the demo's accounts."""
    return lambda username: Visitor(app.test_client()).log_in(username)


@pytest.fixture
def register(product: Product) -> Callable[[], str]:
    """Register a case, which starts the small process; its number."""

    def make(heading: str = HEADING) -> str:
        new = NewCase(
            registry_code="RS", heading=heading, kind=CaseKind.MOTION, received_on=date(2026, 1, 28)
        )
        with product.database.writing() as session:
            actor = Actor(id="registrator_rs")
            return cases.register(session, product.engine, new, actor=actor).number

    return make
