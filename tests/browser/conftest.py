"""A real Chromium against the whole product, on a clock that the test moves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from engine.clock import SettableClock
from processes import demo, installation
from processes.product import Product
from tests.browser.office import Office
from tests.browser.site import MONDAY_MORNING, Site

pytest.register_assert_rewrite("tests.browser.card")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=sv-SE",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install it to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_FLAGS, env={**os.environ, "LANGUAGE": "sv"}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration's data folder, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("installed")
    clock = SettableClock(MONDAY_MORNING)
    product = Product.open(folder, clock=clock)
    with product.database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=clock.now())
        installation.deploy_shipped(session, product.engine)
        demo.create(session, product.engine)
    with product.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    product.close()
    return folder


@pytest.fixture
def site(installed: Path, tmp_path: Path, chromium: Browser) -> Iterator[Site]:
    folder = tmp_path / "data"
    shutil.copytree(installed, folder)
    site = Site(folder, chromium)
    yield site
    site.close()


@pytest.fixture
def office(site: Site) -> Iterator[Office]:
    office = Office(site)
    yield office
    office.close()


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()
