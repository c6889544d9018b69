"""Processes: looked at, begun, changed as drafts, deployed, and an earlier version put back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine import deployments, drafts
from engine.errors import Invalid
from engine.host import Actor
from processes.product import Product
from tests.engine import bpmn
from tests.engine.gate.elements import ELEMENTS
from tests.web import small_process
from tests.web.pages import Page, Visitor
from web.definitions import blank, comparison, reading

LogIn = Callable[[str], Visitor]
OWNER = Actor(id="processagare")
NAME = "Ansökan om bidrag"
KEY = "ansokan_om_bidrag"
TOO_LONG = (
    "Första pausen (backoff) är en längd som PT30S, PT5M eller PT1H, högst 7 dagar, inte ”P8D”."
)


@pytest.fixture
def owner(log_in: LogIn) -> Visitor:
    return log_in("processagare")


def send(visitor: Visitor, address: str, sent: dict[str, object]) -> TestResponse:
    """As the editor does: JSON, with the mark of the page in a header."""
    mark = visitor.page("/processer/arende/redigera")
    settings = json.loads(mark.root.xpath("//script[@id='editor-settings']")[0].text)
    return visitor.client.post(address, json=sent, headers={"X-CSRFToken": settings["csrfToken"]})


def small(old: str = "", new: str = "") -> str:
    """The small process, one text in it changed."""
    text = small_process.files()["arende.bpmn"]
    assert old in text
    return text.replace(old, new) if old else text


def save_draft(product: Product, text: str, key: str = "arende") -> None:
    with product.database.writing() as session:
        drafts.save(session, product.engine, key, text, actor=OWNER)


def draft_of(product: Product, key: str) -> str | None:
    with product.database.reading() as session:
        found = drafts.get(session, key)
        return found.bpmn if found else None


def versions(product: Product, key: str = "arende") -> dict[int, bool]:
    with product.database.reading() as session:
        return {each.version: each.current for each in deployments.versions(session, key)}


def test_processes_and_versions_are_shown_with_their_steps(owner: Visitor) -> None:
    assert "Arende" in owner.page("/processer/").words("//h3")
    page = owner.page("/processer/arende")
    steps = page.words("//section[@aria-labelledby='bilden']//tbody/tr")
    assert any("Fördela ärendet" in step and "3 arbetsdagar" in step for step in steps)
    assert page.root.xpath("//script[@id='process-data']")
    version = owner.page("/processer/arende/version/1")
    assert version.h1 == "Arende, version 1"
    file = owner.client.get("/processer/arende/version/1/bpmn")
    assert b"fordela_arende" in file.data
    owner.page("/processer/arende/version/9", 404)
    owner.page("/processer/finnsinte", 404)


def test_administrators_look_and_owners_change(log_in: LogIn) -> None:
    administrator = log_in("administrator")
    assert not administrator.page("/processer/arende").words("//a[.='Ändra processen']")
    for address in ("/processer/arende/redigera", "/processer/ny-process"):
        administrator.page(address, 403)
        log_in("handlaggare_1").page(address, 403)
    log_in("handlaggare_1").page("/processer/", 403)


def test_the_editor_is_handed_what_can_be_chosen(owner: Visitor) -> None:
    page = owner.page("/processer/arende/redigera")
    settings = json.loads(page.root.xpath("//script[@id='editor-settings']")[0].text)
    assert {"value": "Fördelare", "label": "Fördelare"} in settings["lists"]["roles"]
    assert {"value": "prov", "label": "Fördela ärendet"} in settings["lists"]["forms"]
    assert "fordela_arende" in settings["bpmn"]
    assert "'unsafe-inline'" in page.response.headers["Content-Security-Policy"]


def test_a_new_process_begins_with_a_name(owner: Visitor, product: Product) -> None:
    answer = owner.post("/processer/ny-process", {"name": NAME})
    assert answer.location == f"/processer/{KEY}/redigera"
    assert owner.page(answer.location).h1 == NAME
    assert NAME in owner.page("/processer/").words("//h3")
    text = draft_of(product, KEY)
    assert text is not None
    ready = text.replace(
        'name="Första uppgiften">',
        'name="Första uppgiften"><bpmn:extensionElements><spiffworkflow:properties>'
        '<spiffworkflow:property name="role" value="Registrator" />'
        "</spiffworkflow:properties></bpmn:extensionElements>",
    )
    sent = send(owner, f"/processer/{KEY}/utkast", {"bpmn": ready, "lock_version": 1})
    assert sent.get_json() == {"lock_version": 2, "findings": []}
    page = owner.page(f"/processer/{KEY}/driftsatt")
    deployed = owner.post(
        f"/processer/{KEY}/driftsatt", {"lock_version": page.value("lock_version")}
    )
    assert deployed.location == f"/processer/{KEY}"
    assert versions(product, KEY) == {1: True}


@pytest.mark.parametrize("name", ["", "   ", "?!", "x" * 81, "Arende"])
def test_a_name_that_will_not_do_is_told(owner: Visitor, product: Product, name: str) -> None:
    answer = owner.post("/processer/ny-process", {"name": name})
    assert answer.status_code == 422
    assert Page(answer).words("//*[@id='name-error']")
    assert draft_of(product, blank.key_of(name)) is None


def test_a_name_becomes_a_key() -> None:
    assert blank.key_of("Överklagan, åtgärd & ärende") == "overklagan_atgard_arende"
    assert blank.key_of("2 kap.") == "process_2_kap"


def test_a_file_is_read_in_as_a_draft(owner: Visitor, product: Product) -> None:
    text = blank.diagram(KEY, NAME)
    sent = {"file": (io.BytesIO(text.encode()), "bidrag.bpmn")}
    answer = owner.post("/processer/las-in", sent, at="/processer/ny-process")
    assert answer.location == f"/processer/{KEY}/redigera"
    assert draft_of(product, KEY) is not None
    again = {"file": (io.BytesIO(text.encode()), "bidrag.bpmn")}
    refused = owner.post("/processer/las-in", again, at="/processer/ny-process")
    assert refused.status_code == 422
    assert "Det finns redan ett utkast" in Page(refused).words("//*[@id='file-error']")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hej", "inte giltig XML"),
        (b"", "tom"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DOCTYPE"),
        (b"<html/>", "varken BPMN"),
        (bpmn.diagram("utan_bild", bpmn.start(), bpmn.end()).encode(), "ingen bild"),
    ],
    ids=["text", "empty", "doctype", "other", "undrawn"],
)
def test_a_file_that_can_not_be_read_is_refused_in_words(
    owner: Visitor, product: Product, content: bytes, said: str
) -> None:
    sent = {"file": (io.BytesIO(content), "fil.bpmn")}
    answer = owner.post("/processer/las-in", sent, at="/processer/ny-process")
    assert answer.status_code == 422
    assert said in Page(answer).words("//*[@id='file-error']")[0]
    with product.database.reading() as session:
        assert drafts.everything(session) == []


def test_a_diagram_too_large_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="större än 2 MB"):
        reading.read_in("file", "stor.bpmn", b"<x>" + b"y" * 2_100_000 + b"</x>")


def test_what_is_not_xml_is_no_draft(owner: Visitor, product: Product) -> None:
    answer = send(owner, "/processer/arende/utkast", {"bpmn": "inte xml"})
    assert answer.status_code == 422
    assert draft_of(product, "arende") is None
    assert send(owner, "/processer/arende/utkast", {}).status_code == 422


def test_the_check_finds_a_role_that_there_is_not(owner: Visitor) -> None:
    text = small("Fördelare", "Fördelaren")
    answer = send(owner, "/processer/arende/kontrollera", {"bpmn": text})
    [found] = answer.get_json()["findings"]
    assert (found["element"], found["severity"]) == ("fordela_arende", "error")


def test_a_draft_is_not_saved_over_a_newer_one(owner: Visitor, product: Product) -> None:
    save_draft(product, small())
    changed = {"bpmn": small("Fördela ärendet", "Dela"), "lock_version": None}
    answer = send(owner, "/processer/arende/utkast", changed)
    assert answer.status_code == 409
    assert draft_of(product, "arende") == small()
    told = answer.get_json()
    assert (told["theirs"], told["lock_version"]) == (small(), 1)
    assert "Fördela ärendet → Dela" in told["html"]
    assert "har sparat utkastet medan du ritade" in told["html"]
    seen = {**changed, "lock_version": told["lock_version"]}
    assert send(owner, "/processer/arende/utkast", seen).status_code == 200
    assert draft_of(product, "arende") == changed["bpmn"]


def test_a_draft_that_is_gone_can_be_saved_anew(owner: Visitor, product: Product) -> None:
    answer = send(owner, "/processer/arende/utkast", {"bpmn": small(), "lock_version": 3})
    assert answer.status_code == 409
    told = answer.get_json()
    assert (told["theirs"], told["lock_version"]) == (None, None)
    assert "Utkastet finns inte längre" in told["html"]
    anew = {"bpmn": small(), "lock_version": None}
    assert send(owner, "/processer/arende/utkast", anew).status_code == 200


def test_a_deadline_in_words_is_told_as_a_day(owner: Visitor) -> None:
    def told(text: str, on: str = "uppgift") -> dict[str, str]:
        address = f"/processer/rakna-tidsfrist?text={text}&pa={on}"
        found: dict[str, str] = owner.client.get(address).get_json()
        return {key: value.replace("\u00a0", " ") for key, value in found.items()}

    assert told("5 arbetsdagar") == {
        "preview": "Börjar den i dag slutar den onsdag 11 februari 2026."
    }
    assert "datum i ärendet" in told("28 dagar före sammanträdet")["preview"]
    assert "error" in told("snart")
    assert "error" in told("R3/P2D")
    assert told("R3/P2D", "handelse") == {"preview": "Kommer 3 gånger."}
    assert told("R/P2D", "handelse") == {"preview": "Upprepas tills steget är klart."}
    assert "error" in told("R3/PT1S", "handelse")
    assert "datum i ärendet" in told("arende.klart", "handelse")["preview"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("rakna-forsok?text=", "Lämnas det tomt: 4."),
        ("rakna-forsok?text=0", "Misslyckas åtgärden försöks den inte igen."),
        ("rakna-forsok?text=1", "Misslyckas åtgärden försöks den 1 gång till."),
        ("rakna-forsok?text=21", "Nya försök (retries) är ett antal från 0 till 20, inte ”21”."),
        (
            "rakna-forsok?text=2&operation=spara_fordelning",
            "Används inte: åtgärden görs i systemet självt.",
        ),
        ("rakna-paus?text=", "Lämnas den tom: 30 sekunder."),
        ("rakna-paus?text=PT90M", "Det första nya försöket görs efter 90 minuter."),
        ("rakna-paus?text=P1D", "Det första nya försöket görs efter 1 dag."),
        ("rakna-paus?text=P8D", TOO_LONG),
    ],
)
def test_what_retries_and_their_pause_mean_is_told_as_they_are_typed(
    owner: Visitor, asked: str, said: str
) -> None:
    [told] = owner.client.get(f"/processer/{asked}").get_json().values()
    assert told.replace("\u00a0", " ") == said


def test_how_a_call_is_retried_stands_in_the_list_of_steps(
    owner: Visitor, product: Product
) -> None:
    steps = (bpmn.service("brev", "spara_fordelning", retries="2", backoff="PT5M"),
             bpmn.service("fax", "spara_fordelning", retries="0"))  # fmt: skip
    flows = bpmn.chain("start", "brev", "fax", "slut")
    text = bpmn.diagram("utskick", bpmn.start(), *steps, bpmn.end(), flows)
    with product.database.writing() as session:
        deployments.deploy(session, product.engine, {"utskick.bpmn": text}, actor=OWNER)
    said = " ".join(owner.page("/processer/utskick").words("//th/span[@class='meta']"))
    assert "Försöks 2 gånger till, första gången efter 5 minuter." in said
    assert "Försöks inte igen." in said


def test_deploying_says_what_changes_and_makes_a_version(owner: Visitor, product: Product) -> None:
    save_draft(product, small("Fördela ärendet", "Dela ut ärendet"))
    page = owner.page("/processer/arende/driftsatt")
    [change] = page.words("//ul[@class='changes']/li")
    assert "namn: Fördela ärendet → Dela ut ärendet" in change
    assert "Dela ut" in owner.page("/processer/arende/jamfor").text
    values = {"comment": "Nytt namn.", "lock_version": page.value("lock_version")}
    stale = owner.post("/processer/arende/driftsatt", {**values, "lock_version": "7"})
    assert stale.status_code == 409
    assert owner.post("/processer/arende/driftsatt", values).status_code == 302
    assert versions(product) == {1: False, 2: True}
    assert draft_of(product, "arende") is None
    owner.page("/processer/arende/driftsatt", 404)


def test_every_fact_that_can_be_drawn_is_compared() -> None:
    def told(old: str, new: str, element: str = "x") -> list[str]:
        before, after = (ELEMENTS[name].files["p.bpmn"] for name in (old, new))
        changes = comparison.between(before, after)
        return [detail for one in changes if one.element == element for detail in one.details]

    assert told("signal on the edge", "message on the edge, not interrupting") == [
        "slag: kanthändelse, signal → kanthändelse, meddelande",
        "gäller: sig → svar",
        "avbryter steget: ja → nej",
        "nyckel: inget → ['1']",
    ]
    assert told("parallel multi-instance", "standard loop") == [
        "görs flera gånger: en för var, samtidigt → högst 2 gånger",
        "för var och en i: lista → inget",
    ]
    assert "slag: uppgift → åtgärd" in told("task", "serviceTask")
    assert "gäller: L → inget" in told("link", "none throw")


def test_a_draft_with_faults_is_not_deployed(owner: Visitor, product: Product) -> None:
    save_draft(product, small("Fördelare", "Fördelaren"))
    page = owner.page("/processer/arende/driftsatt")
    assert not page.words("//button[starts-with(., 'Driftsätt')]")
    answer = owner.post(
        "/processer/arende/driftsatt", {"lock_version": "1"}, at="/processer/ny-process"
    )
    assert answer.status_code == 422
    [said] = Page(answer).words("//ul[@class='findings']/li")
    assert "Fördela ärendet:" in said
    assert versions(product) == {1: True}
    assert draft_of(product, "arende") is not None


def test_an_earlier_version_is_put_back(owner: Visitor, product: Product) -> None:
    with product.database.writing() as session:
        changed = {"arende.bpmn": small("Fördela ärendet", "Dela ut ärendet")}
        deployments.deploy(session, product.engine, changed, actor=OWNER)
    answer = owner.post("/processer/arende/version/1/gor-gallande", at="/processer/arende")
    assert answer.status_code == 302
    assert versions(product) == {1: True, 2: False}


def test_a_draft_is_thrown_away(owner: Visitor, product: Product) -> None:
    save_draft(product, small())
    address = "/processer/arende/redigera"
    assert owner.post("/processer/arende/utkast/slang", at=address).status_code == 302
    assert draft_of(product, "arende") is None
