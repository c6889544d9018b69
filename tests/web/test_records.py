"""Records of a case: added, registered, corrected and annulled, each with its trace; and files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.host import Actor
from processes import cases, records
from processes.product import Product
from processes.records import Record
from tests.web.pages import Page, Visitor

REGISTRAR = Actor(id="registrator_rs")
LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
NEW = {
    "direction": "in",
    "dated_on": "2026-02-03",
    "subject": "Yttrande från kommunen",
    "sender": "Umeå kommun",
    "handling": "registreras",
}


@pytest.fixture
def number(register: Register) -> str:
    return register()


@pytest.fixture
def registrar(log_in: LogIn) -> Visitor:
    return log_in("registrator_rs")


def add(visitor: Visitor, number: str, **values: object) -> TestResponse:
    return visitor.post(f"/arenden/{number}/ny-handling", {**NEW, **values})


def only(product: Product, number: str) -> Record:
    with product.database.reading() as session:
        [record] = records.of_case(session, number)
        return record


def test_a_record_gets_its_number_and_keeps_its_file(
    registrar: Visitor, number: str, product: Product
) -> None:
    answer = add(registrar, number, files=(io.BytesIO(b"hej"), "../yttrande.txt"))
    assert answer.location == f"/arenden/{number}"
    card = registrar.page(answer.location)
    assert "Handlingen är diarieförd som RS/1/2026-1." in card.words("//*[@role='status']")
    [link] = card.root.xpath("//a[text()='yttrande.txt']/@href")
    with registrar.client.get(link) as file:
        assert file.get_data() == b"hej"
        assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_registrar_comes_with_what_came_in(
    registrar: Visitor, log_in: LogIn, number: str, product: Product
) -> None:
    with product.database.writing() as session:
        cases.get(session, number).case_officer = "handlaggare_1"
    chosen = "//input[@name='direction'][@checked]/@value"
    address = f"/arenden/{number}/ny-handling"
    assert registrar.page(address).root.xpath(chosen) == ["in"]
    assert log_in("handlaggare_1").page(address).root.xpath(chosen) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"sender": ""}, "sender"),
        ({"direction": "out"}, "recipient"),
        ({"dated_on": "igår"}, "dated_on"),
        ({"dated_on": "2026-12-24"}, "dated_on"),
        ({"secret": "1"}, "legal_ground"),
        ({"handling": ""}, "handling"),
        ({"files": (io.BytesIO(b""), "tom.txt")}, "files"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_added(
    registrar: Visitor, number: str, product: Product, wrong: dict[str, object], field: str
) -> None:
    answer = add(registrar, number, **wrong)
    assert answer.status_code == 422
    links = Page(answer).root.xpath("//*[@role='alert']//a/@href")
    assert [str(link).partition("-")[0] for link in links] == [f"#{field}"]
    with product.database.reading() as session:
        assert records.of_case(session, number) == []


def test_a_file_too_large_is_refused_and_the_rest_is_kept(
    registrar: Visitor, number: str, product: Product
) -> None:
    product.files.max_bytes = 10
    answer = add(registrar, number, files=(io.BytesIO(b"x" * 11), "stor.pdf"))
    assert answer.status_code == 413
    page = Page(answer)
    assert page.value("subject") == NEW["subject"]
    assert any("stor.pdf är för stor" in said for said in page.words("//*[@role='alert']"))
    with product.database.reading() as session:
        assert records.of_case(session, number) == []


def test_working_material_is_registered_later(
    registrar: Visitor, number: str, product: Product
) -> None:
    add(registrar, number, handling="arbetsmaterial")
    record = only(product, number)
    assert not record.registered
    address = f"/arenden/handling/{record.id}"
    assert "Arbetsmaterial" in registrar.page(address).text
    assert registrar.post(address, {"do": "register"}).status_code == 302
    assert only(product, number).designation == "RS/1/2026-1"


def test_a_correction_asks_why_and_leaves_a_trace(
    registrar: Visitor, number: str, product: Product
) -> None:
    add(registrar, number)
    record = only(product, number)
    address = f"/arenden/handling/{record.id}"
    values = {**NEW, "do": "correct", "subject": "Yttrande", "lock_version": record.lock_version}
    refused = registrar.post(address, values)
    assert refused.status_code == 422
    assert only(product, number).subject == NEW["subject"]
    assert registrar.post(address, {**values, "reason": "För långt."}).status_code == 302
    page = registrar.page(address)
    assert page.h1 == "Yttrande"
    assert page.words("//section[@aria-labelledby='spar']//tbody//td") == [
        "Registrator RS",
        "Vad handlingen rör: Yttrande från kommunen → Yttrande",
        "För långt.",
    ]
    late = registrar.post(address, {**values, "subject": "Annat", "reason": "Sen."})
    assert late.status_code == 409


def test_an_annulled_record_stays_marked(registrar: Visitor, number: str, product: Product) -> None:
    add(registrar, number)
    address = f"/arenden/handling/{only(product, number).id}"
    assert registrar.post(address, {"do": "annul", "reason": ""}).status_code == 422
    assert only(product, number).annulled_at is None
    registrar.post(address, {"do": "annul", "reason": "Fel ärende."})
    page = registrar.page(address)
    assert "Fel ärende." in page.text
    assert not page.root.xpath("//main//form"), "nothing more is done to it"


def test_a_file_is_added_to_what_is_there(
    registrar: Visitor, number: str, product: Product
) -> None:
    add(registrar, number)
    address = f"/arenden/handling/{only(product, number).id}"
    assert registrar.post(address, {"do": "attach"}).status_code == 422
    product.files.max_bytes = 10
    large = {"do": "attach", "files": (io.BytesIO(b"x" * 11), "stor.pdf")}
    assert registrar.post(address, large).status_code == 413
    added = {"do": "attach", "files": (io.BytesIO(b"bilaga"), "bilaga.pdf")}
    assert registrar.post(address, added).status_code == 302
    assert registrar.page(address).words("//section[@aria-labelledby='filer']//li/a") == [
        "bilaga.pdf"
    ]


def test_only_those_with_a_part_in_the_case_change_its_records(
    registrar: Visitor, log_in: LogIn, number: str, product: Product
) -> None:
    add(registrar, number)
    address = f"/arenden/handling/{only(product, number).id}"
    other = log_in("handlaggare_2")
    assert not other.page(address).root.xpath("//main//form")
    answer = other.post(address, {"do": "annul", "reason": "Nej."}, at="/min-sida/")
    assert answer.status_code == 403
    assert only(product, number).annulled_at is None


def test_a_secret_record_is_not_there_for_others(
    registrar: Visitor, log_in: LogIn, number: str, product: Product
) -> None:
    secret = {"secret": "1", "legal_ground": "25 kap. 1 § OSL"}
    add(registrar, number, files=(io.BytesIO(b"hemligt"), "journal.pdf"), **secret)
    record = only(product, number)
    with product.database.reading() as session:
        [file] = records.files(session, [record.id])[record.id]
    other = log_in("handlaggare_2")
    other.page(f"/arenden/handling/{record.id}", 404)
    other.page(f"/arenden/fil/{file.id}", 404)
    text = other.page(f"/arenden/{number}?historia=allt").text
    assert "Yttrande" not in text
    assert "journal.pdf" not in text
    with registrar.client.get(f"/arenden/fil/{file.id}") as mine:
        assert mine.status_code == 200


def test_records_are_put_in_a_case_by_those_who_work_in_it(
    log_in: LogIn, number: str, product: Product
) -> None:
    """Everyone else is told whom to send it to, administrators too."""
    with product.database.writing() as session:
        case = cases.get(session, number)
        case.case_officer, case.co_officers = "handlaggare_1", ["handlaggare_3"]
        for member in ("handlaggare_4", "sekreterare@RS"):
            cases.add_member(session, product.engine, number, member, actor=REGISTRAR)
    address = f"/arenden/{number}/ny-handling"
    members = (
        "handlaggare_1",
        "handlaggare_3",
        "handlaggare_4",
        "sekreterare_rs",
        "registrator_rs",
    )
    for username in members:
        person = log_in(username)
        assert person.page(address).h1.startswith("Ny handling"), username
        assert address in person.page(f"/arenden/{number}").text
        assert person.post(address, {**NEW, "handling": "arbetsmaterial"}).status_code == 302
    for username in ("handlaggare_2", "registrator_hsn", "processagare", "administrator"):
        person = log_in(username)
        assert address not in person.page(f"/arenden/{number}").text
        page = person.page(address, 403)
        assert "Sänd handlingen till Registrator RS eller" in page.text, username
        assert person.post(address, dict(NEW), at="/min-sida/").status_code == 403
    with product.database.reading() as session:
        assert len(records.of_case(session, number)) == len(members)
