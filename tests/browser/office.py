"""People at work: each logs in, finds a task in the inbox, fills in its form and sends it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.filling import Answers, fill, plain, words, words_within
from tests.browser.site import Site, log_in, new_page


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a test saw done: the task's name, who did it as the page names them, and when."""

    name: str
    about: str
    who: str
    at: datetime


class Office:
    """One machine where everyone logs in when it is their turn."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.steps: list[Step] = []
        self._context = site.new_context()
        self.page, self.complaints = new_page(self._context)
        self._sessions: dict[str, list[Any]] = {}
        self._present = ""

    def be(self, username: str) -> Page:
        """The page of somebody who sits down at the machine; the first time they log in."""
        if self._present != username:
            self._context.clear_cookies()
            if username in self._sessions:
                self._context.add_cookies(self._sessions[username])
            else:
                log_in(self.page, username)
                self._sessions[username] = list(self._context.cookies())
            self._present = username
        return self.page

    def do(self, username: str, task: str, answers: Answers | None = None, *, about: str) -> None:
        """Complete the task with that name in the case or meeting that `about` names."""
        self.open(username, task, about=about)
        fill(self.form, answers or {})
        self.send()
        self.saw(task, about=about)

    def open(self, username: str, task: str, *, about: str) -> Page:
        """From the inbox to the task's page, taking it on the way when it is anybody's."""
        page = self.be(username)
        page.goto("/inkorg")
        row = self._row(task, about)
        take = row.get_by_role("button", name="Ta uppgiften")
        (take if take.count() else row.get_by_role("link").first).click()
        page.wait_for_url("**/uppgift/**")
        expect(page.get_by_role("heading", level=1, name=words(task))).to_be_visible()
        return page

    @property
    def form(self) -> Locator:
        return self.page.locator("main form.form").first

    def send(self) -> None:
        """The one button that sends the task on; what is refused is said and fails the test."""
        self.form.locator('.then button[value="complete"]').click()
        self.page.locator('main .note[role="status"], main .note.errors').first.wait_for()
        refused = self.page.locator("main .note.errors")
        assert not refused.count(), refused.inner_text()

    def saw(self, task: str, *, about: str) -> None:
        """What it brought about happens, and the test remembers who did it when."""
        who = plain(self.page.locator(".me-name").inner_text())
        self.steps.append(Step(name=task, about=about, who=who, at=self.site.clock.now()))
        self.site.run_jobs()

    def waits_for(self, username: str, about: str) -> list[str]:
        """The names of the tasks in somebody's inbox about that case or meeting."""
        page = self.be(username)
        page.goto("/inkorg")
        rows = page.locator("tr.row").filter(has_text=words_within(about))
        names = rows.locator("th a").all_inner_texts()
        return [plain(name) for name in names]

    def _row(self, task: str, about: str) -> Locator:
        """Page after page of the inbox until it is there."""
        while True:
            link = self.page.get_by_role("link", name=words(task))
            rows = self.page.locator("tr.row").filter(has=link).filter(has_text=words_within(about))
            if rows.count():
                return rows.first
            more = self.page.locator(".inbox-more a")
            assert more.count(), f"{task} about {about} is not in the inbox:\n{self._seen()}"
            self.page.goto(more.first.get_attribute("href") or "")

    def _seen(self) -> str:
        return self.page.locator("main").inner_text()

    def close(self) -> None:
        self._context.close()
        assert not self.complaints, self.complaints
