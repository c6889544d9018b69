"""The process owner changes a process in the browser; what runs already does not change."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.casework import CaseWork
from tests.browser.drawing import Drawing
from tests.browser.filling import fill, plain, words_within
from tests.browser.office import Office
from tests.browser.site import Site

OWNER = "processagare"
PROCESS = "handlaggning"
NEW_TASK = "Bedöm styrdokumenten"
STRATEGIST = "kvalitetsstrateg"


def allocate(case: CaseWork) -> None:
    case.do("regionstabschef", "Fördela ärendet", {
        "Handläggare": "Handläggare 1",
        "Ansvarig chef": "Områdeschef",
        "Vem beslutar?": "Ett politiskt organ",
        "Beslutsväg": [{"Organ": "Regionstyrelsen", "Sammanträde": "RS ons 25 mar 2026"}],
        "Ska ärendet på remiss?": "Nej",
    })  # fmt: skip


def add_task(page: Page) -> Drawing:
    """A task with a role, a form and a deadline, before what was first until now."""
    drawing = Drawing(page, PROCESS)
    drawing.put_on_arrow("Uppgift", "ny_eller_tillbaka", "nytt")
    drawing.describe({
        "Namn": NEW_TASK,
        "Roll": "Kvalitetsstrateg",
        "Tidsfrist": "5 arbetsdagar",
        "Formulär": "Stäm av med ansvarig chef",
        "Beskrivning": "Kvalitetsstrategen ser vilka styrdokument ärendet berör.",
    })  # fmt: skip
    return drawing


def deploy(page: Page, drawing: Drawing) -> None:
    drawing.press("Driftsätt")
    page.wait_for_url("**/driftsatt")
    expect(page.locator(".changes")).to_contain_text(NEW_TASK)
    expect(page.locator(".changes")).to_contain_text("5 arbetsdagar")
    fill(page.locator("main form.form"), {"Vad är nytt?": "Styrdokumenten bedöms först."})
    page.get_by_role("button", name="Driftsätt version 2").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 2 gäller nu för nya ärenden")


@pytest.mark.timeout(240)
def test_a_task_that_is_added_and_deployed_reaches_the_next_case_and_not_the_running(
    office: Office,
) -> None:
    running, next_one = (CaseWork(office=office, number=f"RS/{seq}/2026") for seq in (1, 2))
    running.register("Ny rutin för inköp", {"Vad väcker ärendet?": "Internt"})
    page = office.be(OWNER)
    drawing = add_task(page)
    drawing.press("Kontrollera")
    expect(drawing.status).to_contain_text("Kontrollen")
    assert drawing.faults() == []
    deploy(page, drawing)
    next_one.register("Ny rutin för resor", {"Vad väcker ärendet?": "Internt"})

    office.site.go_to(date(2026, 2, 5))
    allocate(running)
    allocate(next_one)
    first = office.waits_for(running.officer, running.number)
    assert first != [NEW_TASK]
    assert office.waits_for(STRATEGIST, running.number) == []
    assert office.waits_for(running.officer, next_one.number) == []
    assert office.waits_for(STRATEGIST, next_one.number) == [NEW_TASK]
    row = office.page.locator("tr.row").filter(has_text=words_within(next_one.number))
    assert "tor 12 feb" in plain(row.inner_text())  # five working days from Thursday the 5th
    next_one.do(STRATEGIST, NEW_TASK, {"Är tidplanen bra?": "Ja"})
    assert office.waits_for(next_one.officer, next_one.number) == first


def test_the_editor_speaks_swedish_and_shows_whose_work_it_is_built_on(site: Site) -> None:
    with site.as_(OWNER) as page:
        drawing = add_task(page)
        drawing.choose("Bestäm underlag och avstämningar")
        mark = page.locator(".bjs-powered-by")
        expect(mark).to_be_visible()
        place, size = mark.bounding_box(), page.viewport_size
        assert place is not None
        assert size is not None
        assert on_top(page, ".bjs-powered-by")
        assert place["x"] + place["width"] <= size["width"]
        assert place["y"] + place["height"] <= size["height"]
        assert drawing.missing_words() == []


def on_top(page: Page, selector: str) -> bool:
    """Nothing lies over the middle of the element."""
    found: bool = page.evaluate(
        """selector => {
          const element = document.querySelector(selector);
          const { x, y, width, height } = element.getBoundingClientRect();
          return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }""",
        selector,
    )
    return found


def test_a_mistake_is_shown_on_the_element_and_stands_in_the_way_of_deploying(site: Site) -> None:
    with site.as_(OWNER) as page:
        drawing = Drawing(page, PROCESS)
        drawing.choose("Slutkontrollera och lämna in")
        drawing.append("Uppgift")
        drawing.describe(
            {"Namn": "Ring någon", "Roll": "Kanslichef", "Tidsfrist": "snarast möjligt"}
        )
        drawing.press("Kontrollera")
        expect(page.locator("#fynd li").first).to_be_visible()
        assert "ring_nagon" in drawing.faults()
        assert any("snarast möjligt" in plain(said) for said in drawing.findings), drawing.findings
        expect(page.locator("#hinder")).to_contain_text("Felen måste rättas")
        drawing.press("Driftsätt")
        page.wait_for_url("**/driftsatt")
        expect(page.locator("main")).to_contain_text("kan inte driftsättas än")
        expect(page.get_by_role("button", name="Driftsätt version 2")).to_have_count(0)


def test_a_deadline_in_words_is_told_as_a_date_while_it_is_typed(site: Site) -> None:
    with site.as_(OWNER) as page:
        drawing = Drawing(page, PROCESS)
        drawing.choose("Bestäm underlag och avstämningar")
        field = page.locator("#egenskaper").get_by_label("Tidsfrist")
        field.fill("5 arbetsdagar")
        expect(page.locator("#egenskap-tidsfrist-hjalp")).to_contain_text(
            words_within("måndag 9 februari 2026")
        )
        field.fill("5 arbetsdar")
        expect(page.locator("#egenskap-tidsfrist-fel")).to_be_visible()
        field.fill("5 arbetsdagar")
        field.press("Tab")


def test_how_a_call_is_tried_again_is_told_in_the_gates_words_while_it_is_typed(
    site: Site,
) -> None:
    with site.as_(OWNER) as page:
        drawing = Drawing(page, PROCESS)
        drawing.choose("Slutkontrollera och lämna in")
        drawing.add("Åtgärd", {"Namn": "Skicka underlaget"})
        panel = page.locator("#egenskaper")
        retries, pause = panel.get_by_label("Nya försök"), panel.get_by_label("Första pausen")
        expect(page.locator("#egenskap-omforsok-hjalp")).to_contain_text("Lämnas det tomt: 4.")
        expect(page.locator("#egenskap-paus-hjalp")).to_contain_text(words_within("30 sekunder"))
        retries.fill("21")
        expect(page.locator("#egenskap-omforsok-fel")).to_contain_text("ett antal från 0 till 20")
        expect(retries).to_have_attribute("aria-invalid", "true")
        drawing.describe({"Åtgärd": "Spara fördelningen"})
        drawing.press("Kontrollera")
        said = page.locator("#egenskap-omforsok-fel").inner_text()
        expect(page.locator("#fynd")).to_contain_text(said)
        retries.fill("3")
        pause.fill("PT15M")
        pause.press("Tab")
        expect(page.locator("#egenskap-omforsok-fel")).to_be_hidden()
        expect(page.locator("#egenskap-paus-hjalp")).to_contain_text("görs i systemet självt")
        drawing.save()
        again = Drawing(page, PROCESS)
        again.choose("Skicka underlaget")
        expect(retries).to_have_value("3")
        expect(pause).to_have_value("PT15M")


def test_what_is_chosen_in_the_picture_is_seen_below_a_long_list_of_findings(site: Site) -> None:
    with site.as_(OWNER, height=600) as page:
        drawing = Drawing(page, PROCESS)
        for _time in range(6):
            drawing.choose("Slutkontrollera och lämna in")
            drawing.append("Vänta")
        drawing.press("Kontrollera")
        expect(page.locator("#fynd li").nth(5)).to_be_visible()
        page.locator(".props").evaluate("column => { column.scrollTop = 0; }")
        page.evaluate(
            "() => { const { modeler } = window.arendegang;"
            " const [ any ] = modeler.get('elementRegistry').filter(each => each.outgoing?.length);"
            " modeler.get('selection').select(any); }"
        )
        expect(page.locator("#egenskaper-rubrik")).to_be_in_viewport()


@pytest.mark.parametrize("button", ["Kontrollera", "Spara utkast", "Driftsätt"])
def test_a_name_that_expressions_cannot_use_is_not_dropped_in_silence(
    site: Site, button: str
) -> None:
    with site.as_(OWNER) as page:
        drawing = Drawing(page, PROCESS)
        drawing.choose("Bestäm underlag och avstämningar")
        field = page.locator("#egenskaper").get_by_label("Namn i uttryck")
        before = field.input_value()
        field.fill("Fel namn")
        drawing.choose("Slutkontrollera och lämna in")
        drawing.press(button)
        expect(drawing.status).to_contain_text("Namn i uttryck: Skriv små bokstäver")
        expect(field).to_be_focused()
        expect(field).to_have_value("Fel namn")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.url.endswith("/redigera")
        field.press("Escape")
        expect(field).to_have_value(before)
        expect(page.locator("#egenskap-id-fel")).to_be_hidden()
        expect(drawing.status).not_to_contain_text("Namn i uttryck")
        drawing.press("Kontrollera")
        expect(drawing.status).to_contain_text("Kontrollen")


def test_what_is_being_typed_is_judged_and_saved_with_the_rest(site: Site) -> None:
    with site.as_(OWNER) as page:
        drawing = Drawing(page, PROCESS)
        drawing.choose("Slutkontrollera och lämna in")
        field = page.locator("#egenskaper").get_by_label("Namn i uttryck")
        field.fill("valj_avstamningar")
        field.press("Control+s")
        expect(drawing.status).to_contain_text("Namn i uttryck: Ett annat steg heter redan så")
        field.fill("lamna_in_nu")
        field.press("Control+s")
        expect(drawing.status).to_contain_text("Utkastet är sparat")
        again = Drawing(page, PROCESS)
        again.choose("Slutkontrollera och lämna in")
        expect(field).to_have_value("lamna_in_nu")


def test_a_draft_is_not_saved_over_somebody_elses_newer_one(site: Site) -> None:
    with site.as_(OWNER) as mine, site.as_(OWNER) as theirs:
        first, second = Drawing(mine, PROCESS), Drawing(theirs, PROCESS)
        second.choose("Slutkontrollera och lämna in")
        second.describe({"Namn": "Kontrollera underlaget"})
        second.save()
        first.choose("Slutkontrollera och lämna in")
        first.describe({"Namn": "Lämna in underlaget"})
        first.press("Spara utkast")
        expect(first.status).not_to_contain_text("Utkastet är sparat")
        expect(first.status).to_contain_text("Någon annan")
        again = Drawing(theirs, PROCESS)
        again.choose("Kontrollera underlaget")


def test_what_is_drawn_can_be_undone_and_saved_and_found_again(site: Site) -> None:
    with site.as_(OWNER) as page:
        drawing = add_task(page)
        drawing.save()
        again = Drawing(page, PROCESS)
        again.choose(NEW_TASK)
        panel = page.locator("#egenskaper")
        expect(panel.get_by_label("Tidsfrist")).to_have_value("5 arbetsdagar")
        expect(panel.get_by_label("Roll")).to_have_value("Kvalitetsstrateg")
        again.describe({"Namn": "Något annat"})
        again.tool("Ångra").click()
        again.choose(NEW_TASK)
        again.save()


def test_an_earlier_version_can_be_made_the_one_in_force(site: Site) -> None:
    with site.as_(OWNER) as page:
        deploy(page, add_task(page))
        page.get_by_role("button", name="Låt version 1 gälla för nya ärenden").click()
        expect(page.get_by_role("status").first).to_contain_text("Version 1 gäller nu")
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Version 1"))
        expect(row).to_contain_text("Gäller nu")


def test_two_who_draw_at_once_lose_nothing(site: Site) -> None:
    with site.as_(OWNER) as mine, site.as_(OWNER) as theirs:
        for page, name in ((mine, "Min uppgift"), (theirs, "Deras uppgift")):
            drawing = Drawing(page, PROCESS)
            drawing.choose("Slutkontrollera och lämna in")
            drawing.describe({"Namn": name})
        Drawing.press(drawing, "Spara utkast")
        expect(drawing.status).to_contain_text("sparat")
        mine.get_by_role("button", name="Spara utkast").click()
        expect(mine.locator("#konflikt")).to_contain_text("har sparat utkastet medan du ritade")
        expect(mine.locator("#konflikt .changes")).to_contain_text("Deras uppgift → Min uppgift")
        with mine.expect_download() as downloading:
            mine.get_by_role("button", name="Spara min, ladda ner deras").click()
        assert "Deras uppgift" in downloading.value.path().read_text("utf-8")
        expect(mine.locator("#editor-status")).to_contain_text("Din ritning är sparad")
        expect(mine.locator("#konflikt")).to_be_hidden()
        theirs.reload()
        expect(theirs.locator("#steg")).to_contain_text("Min uppgift")
