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
    "basis and memorandum": (MANAGER, f"/arenden/{READY}/underlag"),
    "nothing written yet": (OFFICER, f"/arenden/{NEW}/underlag"),
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
    "new process": (OWNER, "/processer/ny-process"),
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
    "outbox": (ADMINISTRATOR, "/drift/utkorg"),
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


def test_the_login_page_keeps_to_them_too(busy: Busy, axe: Axe) -> None:
    with busy.site.browser() as page:
        page.goto("/logga-in")
        found = problems_of(page, axe)
        page.get_by_role("button", name="Logga in").click()  # the browser asks for a name first
        page.get_by_role("textbox", name="Användarnamn", exact=True).fill("ingen")
        page.get_by_label("Lösenord").fill("fel")
        page.get_by_role("button", name="Logga in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        found += problems_of(page, axe)
        assert not found, "\n".join(found)


def test_a_refused_form_keeps_to_them_and_takes_the_reader_to_what_is_wrong(
    busy: Busy, visitors: Office, axe: Axe
) -> None:
    page = visitors.be(OFFICER)
    page.goto(f"/uppgift/{busy.task}")
    visitors.form.locator('.then button[value="complete"]').click()
    box = page.get_by_role("alert")
    expect(box).to_be_focused()
    found = problems_of(page, axe)
    assert not found, "\n".join(found)
    link = box.get_by_role("link").first
    wrong = page.locator(link.get_attribute("href") or "")
    link.click()
    expect(wrong).to_be_in_viewport()


def test_an_internal_fault_is_told_on_a_page_that_keeps_to_them(
    busy: Busy, visitors: Office, axe: Axe, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visitors.be(OFFICER)
    monkeypatch.setattr("web.inbox.views.listing", lambda *_anything: 1 // 0)
    page.goto("/inkorg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Något gick fel hos oss")
    found = problems_of(page, axe)
    visitors.complaints.clear()  # the browser says that the server failed, as it did
    assert not found, "\n".join(found)


def test_the_editors_panel_keeps_to_them_and_is_seen_whatever_is_chosen(
    busy: Busy, visitors: Office, axe: Axe
) -> None:
    page = visitors.be(OWNER)
    page.goto(f"/processer/{FAULTY}/redigera")
    drawn(page)
    rows = page.locator("#steg li")
    kinds = dict.fromkeys(text.split("\n")[-1].split()[-1] for text in rows.all_inner_texts())
    found = []
    for kind in kinds:
        rows.filter(has_text=kind).first.get_by_role("button").click()
        expect(page.locator("#egenskaper-rubrik")).to_be_in_viewport()
        found += [f"{kind}: {rule}" for rule in broken_rules(axe, page) + unreadable(page)]
        page.set_viewport_size({"width": PHONE, "height": 900})
        found += [f"{kind}: too wide: {element}" for element in too_wide(page)]
        page.set_viewport_size({"width": DESK, "height": 900})
    assert not found, "\n".join(found)


@pytest.mark.parametrize("button", ["Meny", "Regionstabschef"])
def test_what_is_folded_keeps_to_them_when_it_is_open(
    button: str, busy: Busy, visitors: Office, axe: Axe
) -> None:
    page = visitors.be(MANAGER)
    page.goto("/inkorg")
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.locator("header.top").get_by_role("button", name=button).click()
    found = broken_rules(axe, page) + too_wide(page) + unreadable(page)
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": DESK, "height": 900})
    assert not found, "\n".join(found)


# --- without a mouse


def walk_by_tab(page: Page) -> list[dict[str, object]]:
    """Everything that has the focus from the top of the page until it has gone around."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    found: list[dict[str, object]] = []
    while True:
        page.keyboard.press("Tab")
        here = focused(page)
        if here is None or (found and here["stop"] == found[0]["stop"]):
            return found
        found.append(here)


@pytest.mark.parametrize("name", ["inbox", "task", "new case", "case being prepared", "meeting"])
def test_the_keyboard_comes_to_every_control_and_one_sees_where_it_is(
    name: str, busy: Busy, visitors: Office
) -> None:
    who, address = PAGES[name]
    page = visitors.be(who)
    page.goto(address if isinstance(address, str) else address(busy))
    drawn(page)
    expected = controls(page)
    reached = walk_by_tab(page)
    assert reached[0]["words"] == "Hoppa till innehållet"
    # A date field has parts of its own, and the browser itself marks the last of them.
    seen = {one["stop"] for one in reached if one["marked"]}
    assert [one["words"] for one in reached if one["stop"] not in seen] == []
    assert set(expected) <= {one["stop"] for one in reached}


def test_the_skip_link_leads_past_the_menu(busy: Busy, visitors: Office) -> None:
    page = visitors.be(OFFICER)
    page.goto("/arenden/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_a_slash_goes_to_the_search_field_but_not_while_one_writes(
    busy: Busy, visitors: Office
) -> None:
    page = visitors.be(OFFICER)
    page.goto("/inkorg")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("RS/2")
    expect(search).to_have_value("RS/2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sok?q=RS**")


def test_the_inbox_is_walked_with_arrows_and_a_task_taken_with_a_letter(site: Site) -> None:
    busy = Busy(site)
    with busy.site.as_(MANAGER) as page:
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.locator("tr.row").nth(1).get_by_role("link").first).to_be_focused()
        page.keyboard.press("ArrowUp")
        row = page.locator("tr.row").first
        expect(row.get_by_role("link").first).to_be_focused()
        expect(row.get_by_role("button", name="Ta uppgiften")).to_be_visible()
        page.keyboard.press("t")
        page.wait_for_url("**/uppgift/**")
        expect(page.get_by_role("button", name="Klart")).to_be_visible()
