"""A real Chromium against the whole product on a clock that the test moves."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import waitress
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from engine import jobs
from engine.clock import SettableClock
from processes import demo, installation
from processes.product import Product
from web.app import create_app
from web.configuration import Configuration

MONDAY_MORNING = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
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


class Site:
    """The product as installed for a demonstration, served on a port of its own."""

    def __init__(self, folder: Path, chromium: Browser) -> None:
        self.clock = SettableClock(MONDAY_MORNING)
        self.product = Product.open(folder, clock=self.clock)
        with self.product.database.writing() as session:
            installation.record(session, name="Demoregionen", demo=True, now=self.clock.now())
            installation.deploy_shipped(session, self.product.engine)
            demo.create(session, self.product.engine, password=demo.PASSWORD)
        self.product.read_installation()
        self.run_jobs()
        app = create_app(self.product, Configuration(secret_key="only for tests"))
        self._server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
        self.address = f"http://127.0.0.1:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self._chromium = chromium

    def run_jobs(self) -> None:
        """Everything due by the test's clock happens now."""
        jobs.drain(self.product.engine)

    def move_clock(self, to: datetime) -> None:
        self.clock.set(to)
        self.run_jobs()

    @contextmanager
    def as_(self, username: str, *, width: int = 1280) -> Iterator[Page]:
        """A browser of its own, logged in by the role's button on the login page."""
        context = self._chromium.new_context(
            base_url=self.address, locale="sv-SE", viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.goto("/logga-in")
        page.locator(f'button[name="username"][value="{username}"]').click()
        page.wait_for_url("**/inkorg**")
        yield page
        context.close()
        assert not complaints, complaints

    def close(self) -> None:
        self._server.close()
        self._thread.join(timeout=5)
        self.product.close()


@pytest.fixture
def site(tmp_path: Path, chromium: Browser) -> Iterator[Site]:
    site = Site(tmp_path / "data", chromium)
    yield site
    site.close()


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()
