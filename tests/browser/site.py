"""The product served on a port of its own, and browsers that are logged in to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import waitress
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from engine import incidents, jobs
from engine.clock import SettableClock
from engine.tables import JobKind
from processes.product import Product
from processes.swedish_calendar import LOCAL, local_date
from web.app import create_app
from web.configuration import Configuration

MONDAY_MORNING = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
OFFICE_OPENS = time(8)
# What the browser says of an answer that the test asked for.
REFUSALS = ("status of 404", "status of 403", "status of 409", "status of 413", "status of 422")
PATIENCE_MS = 10_000

# The clock leaps over weeks: whoever has logged in stays so.
CONFIGURATION = Configuration(
    secret_key="only for tests", idle_time=timedelta(days=999), session_time=timedelta(days=999)
)


class Site:
    """The product as installed for a demonstration. Time stands still until it is moved."""

    def __init__(self, folder: Path, chromium: Browser) -> None:
        self.clock = SettableClock(MONDAY_MORNING)
        self.product = Product.open(folder, clock=self.clock)
        self.product.engine.job_handlers[JobKind.MAIL] = lambda _engine, _job: None
        self.run_jobs()
        app = create_app(self.product, CONFIGURATION)
        self._server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
        self.address = f"http://127.0.0.1:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self._chromium = chromium

    def run_jobs(self) -> None:
        """Everything due by the test's clock happens now, and nothing of it fails."""
        jobs.drain(self.product.engine)
        with self.product.database.reading() as session:
            broken = incidents.list_open(session)
            assert not broken, "\n".join(f"{one.element}: {one.trace}" for one in broken)

    def move_clock(self, to: datetime) -> None:
        assert to >= self.clock.now(), "time goes one way"
        self.clock.set(to)
        self.run_jobs()

    @property
    def today(self) -> date:
        return local_date(self.clock.now())

    def go_to(self, on: date, at: time = OFFICE_OPENS) -> None:
        """The morning of that day in Sweden."""
        self.move_clock(datetime.combine(on, at, LOCAL))

    def wait_until(self, on: date) -> None:
        """Until that morning; no time passes if it has been."""
        if on > self.today:
            self.go_to(on)

    @contextmanager
    def browser(self, *, width: int = 1280, height: int = 900) -> Iterator[Page]:
        """Nobody's browser yet; it must not complain of anything while it is used."""
        context = self.new_context(width=width, height=height)
        page, complaints = new_page(context)
        yield page
        context.close()
        assert not complaints, complaints

    @contextmanager
    def as_(self, username: str, *, width: int = 1280, height: int = 900) -> Iterator[Page]:
        """A browser of its own, logged in by the role's button on the login page."""
        with self.browser(width=width, height=height) as page:
            log_in(page, username)
            yield page

    def new_context(self, *, width: int = 1280, height: int = 900) -> BrowserContext:
        context = self._chromium.new_context(
            base_url=self.address, locale="sv-SE", viewport={"width": width, "height": height}
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def close(self) -> None:
        self._server.close()
        self._thread.join(timeout=5)
        self.product.close()


def new_page(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and the list that what its scripts complain of is written to."""
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in REFUSALS):
            complaints.append(f"{page.url}: {message.text}")

    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", hear)
    return page, complaints


def log_in(page: Page, username: str) -> None:
    """By the role's button, which may be among those that are folded."""
    page.goto("/logga-in")
    button = page.locator(f'button[name="username"][value="{username}"]')
    if not button.is_visible():
        page.get_by_text("Fler roller").click()
    button.click()
    page.wait_for_url("**/inkorg**")
