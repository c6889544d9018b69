"""What a case card says has been done, against what a test did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from playwright.sync_api import Page

from tests.browser.filling import plain
from tests.browser.office import Step
from web.dates import moment

_ROWS = "section[aria-labelledby=var] tbody tr"


def expect_walked(page: Page, steps: Iterable[Step], *, today: date) -> None:
    """Every step stands in the card's list: done, by whom, and when; and nothing else does."""
    expected = [
        (step.name, "Klart", step.who, plain(moment(step.at, today=today))) for step in steps
    ]
    assert sorted(walked(page)) == sorted(expected)


def walked(page: Page) -> list[tuple[str, ...]]:
    """Name, state, who and when of each row."""
    return [
        tuple(
            plain(text).split("\n")[0].strip() for text in row.locator("th, td").all_inner_texts()
        )
        for row in page.locator(_ROWS).all()
    ]
