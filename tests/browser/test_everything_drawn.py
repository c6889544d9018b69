"""A process with much of what can be drawn: drawn without a mouse, deployed, and seen to run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from engine import history, instances, jobs
from engine.host import SYSTEM, Operation, OperationCall, OperationKind
from engine.tables import InstanceStatus
from processes.host import RegionHost
from tests.browser.drawing import Drawing
from tests.browser.office import Office

NAME, KEY = "Utskick med svar", "utskick_med_svar"
OFFICER, EVERYTHING = "kvalitetsstrateg", ""
ANSWER, APPROVE = "Besvara underlaget", "Godkänn"
ROLE = {"Roll": "Kvalitetsstrateg"}


class Post:
    """An operation that reaches outside, and fails the first time."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _call: OperationCall) -> None:
        self.calls += 1
        if self.calls == 1:
            raise ConnectionError("nobody answers")


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    sending = Post()
    operation = Operation(
        name="posta", label="Posta underlaget", kind=OperationKind.OUTSIDE, run=sending
    )
    before = RegionHost.operations
    monkeypatch.setattr(
        RegionHost, "operations", lambda host: {**before(host), operation.name: operation}
    )
    return sending


def draw(page: Page) -> Drawing:
    drawing = Drawing(page, KEY)
    drawing.choose("Första uppgiften")
    drawing.describe({"Namn": ANSWER, **ROLE})
    _wait_for_the_signal_and_then_the_earlier_of_two_times(drawing)
    _give_the_signal_beside(drawing)
    _remind_without_interrupting(drawing)
    drawing.choose("Börjar")
    drawing.add("Åtgärd", {"Namn": "Posta", "Åtgärd": "Posta underlaget", "Nya försök": "2",
                           "Första pausen": "PT5M"})  # fmt: skip
    return drawing


def _wait_for_the_signal_and_then_the_earlier_of_two_times(drawing: Drawing) -> None:
    drawing.add("Händelse", {"Namn": "Invänta klartecken", "Slag": "Vänta på signal",
                             "Signal": "klartecken"})  # fmt: skip
    drawing.add("Vänta", {"Namn": "I tid", "Tidsfrist": "P2D"})
    drawing.add("Händelse", {"Namn": "Framme", "Slag": "Länk in", "Länk": "framme"})
    drawing.choose("I tid")
    drawing.add("Händelse", {"Namn": "Hann", "Slag": "Länk ut", "Länk": "framme"})
    drawing.choose("Invänta klartecken")
    drawing.add("Vägval", {"Namn": "Vad händer först?", "Slag": "Vägval på första händelse"})
    drawing.add("Vänta", {"Namn": "Nyår", "Tidsfrist": "2031-01-01"})
    drawing.add("Händelse", {"Namn": "Nytt år", "Slag": "Länk ut", "Länk": "framme"})


def _give_the_signal_beside(drawing: Drawing) -> None:
    drawing.choose(ANSWER)
    drawing.add("Vägval", {"Namn": "Dela", "Slag": "Vägval: alla vägar samtidigt"})
    drawing.add("Uppgift", {"Namn": APPROVE, **ROLE})
    drawing.add("Händelse", {"Namn": "Ge klartecken", "Slag": "Skicka signal",
                             "Signal": "klartecken"})  # fmt: skip
    drawing.add("Slut", {"Namn": "Godkänt"})


def _remind_without_interrupting(drawing: Drawing) -> None:
    drawing.choose(ANSWER)
    drawing.add("På kanten", {"Namn": "Påminn", "Tidsfrist": "P3D", "Avbryter steget": False})
    drawing.add("Händelse", {"Namn": "Påmind"})
    drawing.add("Slut", {"Namn": "Påminnelsen klar"})


def begin(page: Page) -> None:
    page.goto("/processer/ny-process")
    page.locator("input[name=name]").fill(NAME)
    page.get_by_role("button", name="Börja rita").click()
    page.wait_for_url("**/redigera")


def deploy(page: Page, drawing: Drawing) -> None:
    drawing.press("Kontrollera")
    expect(drawing.status).to_contain_text("Kontrollen")
    assert drawing.findings == []
    assert drawing.missing_words() == []
    drawing.press("Driftsätt")
    page.wait_for_url("**/driftsatt")
    page.get_by_role("button", name="Driftsätt version 1").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 1 gäller nu")


@pytest.mark.timeout(240)
def test_what_is_drawn_without_a_mouse_is_deployed_and_runs_to_its_end(
    office: Office, post: Post
) -> None:
    site, engine = office.site, office.site.product.engine
    page = office.be("processagare")
    begin(page)
    deploy(page, draw(page))
    with site.product.database.writing() as session:
        instance = instances.start(session, engine, KEY, actor=SYSTEM).id

    jobs.drain(engine)
    assert (post.calls, office.waits_for(OFFICER, EVERYTHING)) == (1, [])
    site.move_clock(site.clock.now() + timedelta(minutes=5))
    assert (post.calls, office.waits_for(OFFICER, EVERYTHING)) == (2, [ANSWER])
    site.move_clock(site.clock.now() + timedelta(days=3))
    assert office.waits_for(OFFICER, EVERYTHING) == [ANSWER]
    office.do(OFFICER, ANSWER, about=ANSWER)
    office.do(OFFICER, APPROVE, about=APPROVE)
    site.move_clock(site.clock.now() + timedelta(days=2))

    with site.product.database.reading() as session:
        assert instances.get(session, instance).status == InstanceStatus.COMPLETED
        passed = {entry.element for entry in history.of_instance(session, instance).items}
    assert passed >= {"posta", "pamind", "paminnelsen_klar", "ge_klartecken", "framme", "hann"}
    assert "nytt_ar" not in passed
