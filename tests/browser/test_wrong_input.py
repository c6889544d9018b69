"""Wrong input gets a clear message in Swedish and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import FilePayload, Page, Response, expect

from processes.files import MEGABYTE
from tests.browser.busy import changed
from tests.browser.drawing import Drawing
from tests.browser.filling import control, fill, plain, words_within
from tests.browser.office import Office
from tests.browser.site import Site
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

NUMBER = "RS/1/2026"
OWNER, REGISTRAR, OFFICER = "processagare", "registrator_rs", "handlaggare_1"
ASKED = {"slag": "sakkunnig", "fraga": "Er syn?", "svar_senast": "2026-02-20"}


def registered(site: Site) -> Walk:
    walk = Walk(site.product.engine, site.clock)
    walk.start()
    return walk


def at_the_same_instant(pages: Sequence[Page], button: str) -> list[int]:
    """Every page presses its button before any has had its answer; the answers' status codes."""
    answered: list[Response] = []

    def hear(response: Response) -> None:
        if response.request.method == "POST":
            answered.append(response)

    for page in pages:
        page.on("response", hear)
        page.evaluate(
            "button => { setTimeout(() => document.querySelector(button).click(), 150); }", button
        )
    for page in pages:
        page.locator('main .note[role="status"], main .note.errors').first.wait_for()
    return sorted(response.status for response in answered)


def test_a_form_without_a_mandatory_answer_says_which_and_keeps_what_was_typed(
    office: Office,
) -> None:
    walk = registered(office.site)
    page = office.open("regionstabschef", "Fördela ärendet", about=NUMBER)
    fill(office.form, {
        "Vem beslutar?": "Ett politiskt organ", "Till handläggaren": "Börja genast.",
    })  # fmt: skip
    office.form.locator('.then button[value="complete"]').click()
    box = page.get_by_role("alert")
    expect(box).to_contain_text("Uppgiften är inte skickad")
    link = box.get_by_role("link", name="Välj handläggare")
    link.click()
    field = control(office.form, "Handläggare")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(control(office.form, "Till handläggaren")).to_have_value("Börja genast.")
    assert walk.open == ["fordela_arende"]
    page.reload()
    expect(control(office.form, "Till handläggaren")).to_have_value("Börja genast.")


def test_one_task_sent_by_two_at_the_same_instant_is_done_once(site: Site) -> None:
    walk = registered(site)
    answers.allocate(walk, "RS", ansvarig_chef="kanslichef")
    walk.do("lagg_upp_tidplan", fordelningsmejl_last=True)
    task = walk.task("stam_av_med_chef").id
    # The head is away and the manager stands in: both have the task.
    with site.as_("kanslichef") as one, site.as_("regionstabschef") as other:
        for page in (one, other):
            page.goto(f"/uppgift/{task}")
            fill(page.locator("main form.form").first, {
                "Direktiv till handläggaren": "Tänk på barnen.", "Är tidplanen bra?": "Ja",
            })  # fmt: skip
        statuses = at_the_same_instant([one, other], '.then button[value="complete"]')
        assert statuses == [302, 409]
        [late] = [page for page in (one, other) if page.locator(".note.errors").count()]
        expect(late.get_by_role("alert")).to_contain_text("Någon annan hann före")
        expect(late.get_by_role("alert")).to_contain_text("Tänk på barnen.")
    assert walk.open == ["valj_avstamningar"]


def test_two_tasks_of_one_case_sent_at_the_same_instant_are_both_done(site: Site) -> None:
    walk = registered(site)
    answers.allocate(walk, "RS")
    answers.plan(walk, [{**ASKED, "till": "handlaggare_2"}, {**ASKED, "till": "handlaggare_3"}])
    with site.as_("handlaggare_2") as one, site.as_("handlaggare_3") as other:
        for page in (one, other):
            page.goto("/inkorg")
            page.get_by_role("link", name="Lämna svar").click()
            fill(page.locator("main form.form").first, {"Svar": "Ja."})
        statuses = at_the_same_instant([one, other], '.then button[value="complete"]')
        assert statuses == [302, 302]
    site.run_jobs()
    assert walk.open == ["uppdatera_arendekort"]


def test_a_file_that_is_too_large_is_refused_and_nothing_is_saved(site: Site) -> None:
    registered(site)
    site.product.files.max_bytes = MEGABYTE
    with site.as_(REGISTRAR) as page:
        page.goto(f"/arenden/{NUMBER}/ny-handling")
        form = page.locator("main form.form")
        fill(form, {
            "Riktning": "Inkommen", "Datum": "2026-02-02", "Vad handlingen rör": "Ritningar",
            "Avsändare": "En byggare", "Hur ska den hanteras?": "Diarieför nu",
        })  # fmt: skip
        page.get_by_label("Filer").last.set_input_files(
            FilePayload(name="stor.pdf", mimeType="application/pdf", buffer=bytes(MEGABYTE + 1))
        )
        with page.expect_response(lambda response: response.request.method == "POST") as answer:
            form.get_by_role("button", name="Lägg till handlingen").click()
        assert answer.value.status == 413
        expect(page.locator("main")).to_contain_text(
            words_within("Filen stor.pdf är för stor. Högst 1 MB går att spara.")
        )
        page.goto(f"/arenden/{NUMBER}")
        expect(page.locator("main")).to_contain_text("Inga handlingar än")


def test_a_day_that_has_not_come_is_refused_where_it_was_typed(site: Site) -> None:
    with site.as_(REGISTRAR) as page:
        page.goto("/arenden/nytt")
        form = page.locator("main form.form")
        fill(form, {
            "Vad väcker ärendet?": "Ansökan", "Kom in eller väcktes": "2027-01-01",
            "Diarium": "RS", "Ärendemening": "Bidrag till en förening",
        })  # fmt: skip
        form.get_by_role("button", name="Registrera ärendet").click()
        box = page.get_by_role("alert")
        expect(box).to_contain_text("Ärendet är inte registrerat än")
        field = control(form, "Kom in eller väcktes")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(control(form, "Ärendemening")).to_have_value("Bidrag till en förening")
        page.goto("/arenden/")
        expect(page.locator("main")).to_contain_text("Inga ärenden")


def read_in(page: Page, name: str, text: str) -> None:
    page.goto("/processer/ny-process")
    page.get_by_label("BPMN-fil").set_input_files(
        FilePayload(name=name, mimeType="application/xml", buffer=text.encode())
    )
    page.get_by_role("button", name="Läs in filen").click()


@pytest.mark.parametrize(
    "text",
    [
        "Detta är ingen XML.",
        "<bpmn:definitions>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
    ],
    ids=["text", "cut off", "with entities", "something else"],
)
def test_a_file_that_is_no_diagram_is_refused_and_leaves_no_draft(site: Site, text: str) -> None:
    with site.as_(OWNER) as page:
        read_in(page, "fel.bpmn", text)
        message = page.locator("#file-error")
        expect(message).to_be_visible()
        assert len(plain(message.inner_text())) > 20
        page.goto("/processer/")
        expect(page.locator("main")).not_to_contain_text("Utkast")


def test_an_unknown_role_is_found_on_its_step_and_is_not_deployed(site: Site) -> None:
    role = '<spiffworkflow:property name="role" value="Trollkarl" />'
    first = r'(?s)(id="samrad_regiondirektor".*?)(?=<spiffworkflow:property )'
    with site.as_(OWNER) as page:
        read_in(page, "fordelning.bpmn", changed("fordelning", first, rf"\1{role}"))
        page.wait_for_url("**/redigera")
        editor = Drawing(page, "fordelning")
        assert "samrad_regiondirektor" in editor.faults()
        assert any("Trollkarl" in finding for finding in editor.findings)
        editor.press("Driftsätt")
        page.wait_for_url("**/driftsatt")
        expect(page.locator("main")).to_contain_text("kan inte driftsättas än")
        expect(page.locator("main")).to_contain_text("Trollkarl")
        page.goto("/processer/fordelning")
        expect(page.get_by_role("link", name="Version 2")).to_have_count(0)


def test_a_wrong_password_says_nothing_of_which_was_wrong(site: Site) -> None:
    with site.browser() as page:
        page.goto("/logga-in")
        for name in ("handlaggare_1", "ingen_alls"):
            page.get_by_role("textbox", name="Användarnamn", exact=True).fill(name)
            page.get_by_label("Lösenord").fill("inte rätt")
            page.get_by_role("button", name="Logga in").click()
            expect(page.get_by_role("alert")).to_have_text(
                "Användarnamnet eller lösenordet stämmer inte."
            )


def test_a_secret_case_is_not_there_for_others(office: Office) -> None:
    registered(office.site)
    page = office.be(REGISTRAR)
    page.goto(f"/arenden/{NUMBER}/andra")
    form = page.locator("form").filter(has=page.get_by_role("button", name="Sekretessmarkera"))
    fill(form, {"Lagrum": "25 kap. 1 § OSL", "Offentlig ärendemening": "Ansökan"})
    form.get_by_role("button", name="Sekretessmarkera").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page = office.be("handlaggare_5")
    answer = page.goto(f"/arenden/{NUMBER}")
    assert answer is not None
    assert answer.status == 404
    page.goto("/sok?q=bidrag")
    expect(page.locator("main")).to_contain_text("Inget hittades")
