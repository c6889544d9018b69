"""Choosing among many: people in a long list, meetings in a narrow field."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

# Of each list the text that is chosen, and what there is room for beside the arrow.
ROOM = """
selects => selects.map(select => {
  const style = getComputedStyle(select);
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const text = select.selectedOptions[0].textContent;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [text, context.measureText(text).width <= room];
})
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_chosen_meeting_can_be_read_whole(site: Site, width: int) -> None:
    walk = Walk(site.product.engine, site.clock)
    walk.start("motion")
    task = walk.task("fordela_arende").id
    with site.as_("regionstabschef", width=width) as page:
        page.goto(f"/uppgift/{task}")
        page.get_by_role("button", name="Ta uppgiften").click()
        lists = page.get_by_role("combobox", name="Sammanträde")
        expect(lists).to_have_count(2)
        for text, fits in lists.evaluate_all(ROOM):
            assert fits, text


def people(page: Page) -> list[str]:
    """Those that show, as they stand."""
    boxes = page.get_by_role("group", name="Vilka som kommer åt handlingarna")
    return [text.split("\n")[0] for text in boxes.locator(".choice:visible").all_inner_texts()]


def test_who_reads_is_searched_for_and_kept_in_sight(site: Site) -> None:
    walk = Walk(site.product.engine, site.clock)
    walk.start()
    answers.allocate(walk, "RS", ansvarig_chef="kanslichef")
    answers.plan(walk)
    task = walk.task("uppdatera_arendekort").id
    with site.as_("handlaggare_1") as page:
        page.goto(f"/uppgift/{task}")
        assert len(people(page)) > 30
        search = page.get_by_role("searchbox", name="Sök bland")
        search.fill("region stab")
        found = people(page)
        assert 0 < len(found) < 10
        search.fill("kommunikatör")
        assert people(page) == ["Kommunikatör"]
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", name="Kommunikatör")).to_be_checked()
        search.fill("regionarkivarie")
        assert people(page) == ["Kommunikatör", "Regionarkivarie"], "what is ticked stays in sight"
        expect(page.get_by_role("status").last).to_have_text("1 passar, 1 valda")
        search.press("Enter")
        assert page.url.endswith(task), "Enter in the field sends nothing"
        page.get_by_role("button", name="Spara utkast").click()
        page.wait_for_load_state()
        page.goto(f"/uppgift/{task}")
        assert people(page)[0] == "Kommunikatör", "the chosen ones come first"
