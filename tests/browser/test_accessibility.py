"""Every page, for those who see, hear or point in another way: on a desk, a phone, at 400 %."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.busy import (
    BEING_PREPARED,
    CHANGED,
    DEPLOYED_TWICE,
    FAULTY,
    NEW,
    READY,
    SECRET,
    Busy,
)
from tests.browser.inspection import (
    DESK,
    PHONE,
    ZOOMED,
    broken_rules,
    controls,
    focused,
    too_wide,
    unreadable,
)
from tests.browser.office import Office
from tests.browser.site import Site

REGISTRAR, OFFICER, MANAGER = "registrator_rs", "handlaggare_1", "regionstabschef"
SECRETARY, OWNER, ADMINISTRATOR = "sekreterare_rs", "processagare", "administrator"
Address = str | Callable[[Busy], str]
PAGES: dict[str, tuple[str, Address]] = {
    "inbox": (MANAGER, "/inkorg"),
    "empty inbox": ("pensionarsradet", "/inkorg"),
    "empty choice in the inbox": (MANAGER, "/inkorg?organ=VVN"),
    "task": (OFFICER, lambda busy: f"/uppgift/{busy.task}"),
    "free task": (MANAGER, lambda busy: f"/uppgift/{busy.free_task}"),
    "meeting's task": ("regiondirektor", lambda busy: f"/uppgift/{busy.review}"),
    "cases": (OFFICER, "/arenden/"),
    "no cases": (OFFICER, "/arenden/?status=Arkiverat"),
    "new case": (REGISTRAR, "/arenden/nytt"),
    "new case for others": (OFFICER, "/arenden/nytt"),
    "case that has begun": (REGISTRAR, f"/arenden/{NEW}"),
    "case being prepared": (OFFICER, f"/arenden/{BEING_PREPARED}"),
    "case that is ready": (OFFICER, f"/arenden/{READY}?historia=allt"),
    "secret case": (REGISTRAR, f"/arenden/{SECRET}"),
    "change of a case": (REGISTRAR, f"/arenden/{BEING_PREPARED}/andra"),
    "new record": (OFFICER, f"/arenden/{BEING_PREPARED}/ny-handling"),
    "record": (REGISTRAR, lambda busy: f"/arenden/handling/{busy.record}"),
    "search": (OFFICER, "/sok?q=bidrag"),
    "search for people": (OFFICER, "/sok?q=handläggare"),
    "search without hits": (OFFICER, "/sok?q=finnsinte"),
    "meetings": (SECRETARY, "/sammantraden/"),
    "meeting": (SECRETARY, lambda busy: f"/sammantraden/{busy.meeting}"),
    "move of a meeting": (SECRETARY, lambda busy: f"/sammantraden/{busy.meeting}/flytta"),
    "new meeting": (SECRETARY, "/sammantraden/nytt"),
    "processes": (OWNER, "/processer/"),
    "process": (OWNER, f"/processer/{DEPLOYED_TWICE}"),
    "version": (OWNER, f"/processer/{DEPLOYED_TWICE}/version/1"),
    "editor": (OWNER, f"/processer/{CHANGED}/redigera"),
    "editor with faults": (OWNER, f"/processer/{FAULTY}/redigera"),
    "comparison": (OWNER, f"/processer/{CHANGED}/jamfor"),
    "deployment": (OWNER, f"/processer/{CHANGED}/driftsatt"),
    "deployment with faults": (OWNER, f"/processer/{FAULTY}/driftsatt"),
    "operations": (ADMINISTRATOR, "/drift/"),
    "instances": (ADMINISTRATOR, "/drift/floden"),
    "instance": (ADMINISTRATOR, lambda busy: f"/drift/floden/{busy.instance}"),
    "users": (ADMINISTRATOR, "/administration/anvandare"),
    "user": (ADMINISTRATOR, "/administration/anvandare/handlaggare_1"),
    "roles": (ADMINISTRATOR, "/administration/roller"),
    "role": (ADMINISTRATOR, "/administration/roller/sekreterare"),
    "substitutes": (ADMINISTRATOR, "/administration/ersattare"),
    "calendar import": (ADMINISTRATOR, "/administration/kalender"),
    "own page": (OFFICER, "/min-sida/"),
    "page that is not there": (OFFICER, "/finns-inte"),
    "page one may not open": (OFFICER, "/administration/anvandare"),
}


@pytest.fixture(scope="module")
def busy(
    installed: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Busy]:
    """Only read by these tests, so made once."""
    folder = tmp_path_factory.mktemp("busy") / "data"
    shutil.copytree(installed, folder)
    site = Site(folder, chromium)
    yield Busy(site)
    site.close()


@pytest.fixture(scope="module")
def visitors(busy: Busy) -> Iterator[Office]:
    office = Office(busy.site)
    yield office
    office.close()


def problems_of(page: Page, axe: Axe) -> list[str]:
    """At each width, without loading the page anew."""
    found = []
    for width in (DESK, PHONE, ZOOMED):
        page.set_viewport_size({"width": width, "height": 900})
        if width != ZOOMED:  # the same layout as on the phone
            found += [f"{width}: {rule}" for rule in broken_rules(axe, page)]
            found += [f"{width}: same colour as its ground: {text}" for text in unreadable(page)]
        if width != DESK:
            found += [f"{width}: too wide: {element}" for element in too_wide(page)]
    page.set_viewport_size({"width": DESK, "height": 900})
    return found


def drawn(page: Page) -> None:
    """Pictures that are seen have been drawn."""
    pictures = page.locator("[data-diagram]:visible, #ritytan")
    for picture in pictures.all():
        expect(picture).to_have_attribute("data-ready", "true")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_to_the_rules_of_accessibility_at_every_width(
    name: str, busy: Busy, visitors: Office, axe: Axe
) -> None:
    who, address = PAGES[name]
    page = visitors.be(who)
    page.goto(address if isinstance(address, str) else address(busy))
    drawn(page)
    found = problems_of(page, axe)
    assert not found, "\n".join(found)
