"""The whole product on SQLite, a small process in it, and visitors without script."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from engine import deployments
from engine.clock import SettableClock
from engine.host import SYSTEM, Actor
from processes import cases, database_version, demo, installation
from processes.cases import CaseKind, NewCase
from processes.product import Product
from processes.settings import Settings
from tests.web import office as offices
from tests.web import small_process
from tests.web.office import Office
from tests.web.pages import Visitor
from web.app import create_app
from web.configuration import Configuration

NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)  # a Wednesday, 10.20 in Sweden
HEADING = "Motion om fortsatt nattåg till länet"


def _product(folder: Path) -> Product:
    return Product(Settings.read(folder, {}), clock=SettableClock(NOW))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration without cases, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("installed")
    product = _product(folder)
    database_version.metadata().create_all(product.database.engine)
    with product.database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=NOW)
        demo.create(session, product.engine)
        deployments.deploy(session, product.engine, small_process.files(), actor=SYSTEM)
    product.close()
    return folder


@pytest.fixture(scope="session")
def still_app(installed: Path) -> Iterator[Flask]:
    """The application for tests that change nothing: made once."""
    product = _product(installed)
    product.read_installation()
    yield create_app(product, Configuration(secret_key="for tests only"))
    product.close()


@pytest.fixture
def product(installed: Path, tmp_path: Path) -> Iterator[Product]:
    folder = tmp_path / "data"
    shutil.copytree(installed, folder)
    product = _product(folder)
    product.read_installation()
    yield product
    product.close()


@pytest.fixture(scope="module")
def office(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Where every address is tried: something real behind each, made once for a module."""
    folder = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(installed, folder)
    product = _product(folder)
    yield offices.opened(product)
    product.close()


@pytest.fixture
def app(product: Product) -> Flask:
    configuration = Configuration(secret_key="for tests only", login_limit="5 per minute")
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
