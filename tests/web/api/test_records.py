"""The records of a case."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from processes import cases
from processes.product import Product
from tests.web.api.conftest import As

NewCase = Callable[..., dict[str, Any]]
RECORDS = "/cases/RS/1/2026/records"
LETTER = {
    "direction": "in",
    "date": "2026-02-03",
    "subject": "Yttrande över motionen",
    "sender": "En kommun",
}


@pytest.fixture(autouse=True)
def case(new_case: NewCase) -> dict[str, Any]:
    return new_case()


def test_a_record_is_added_with_its_files(as_: As, product: Product) -> None:
    added = as_("registrator_rs").upload(
        RECORDS, {**LETTER, "file": {"yttrande.pdf": b"%PDF-1.7", "bilaga.txt": b"Hej"}}
    )
    assert added["designation"] == "RS/1/2026-1"
    assert added["date"] == "2026-02-03"
    assert added["registered"] is True
    assert {file["name"] for file in added["files"]} == {"yttrande.pdf", "bilaga.txt"}
    (stored,) = [file for file in added["files"] if file["name"] == "bilaga.txt"]
    with product.files.open(stored["sha256"]) as content:
        assert content.read() == b"Hej"
    assert as_("handlaggare_1").all(RECORDS) == [added]


def test_working_material_gets_no_number(as_: As) -> None:
    added = as_("registrator_rs").upload(RECORDS, {**LETTER, "registered": "false"})
    assert added["designation"] == ""
    assert added["registered"] is False


def test_the_newest_come_first_page_by_page(as_: As) -> None:
    registrar = as_("registrator_rs")
    for day in ("2026-02-01", "2026-02-03", "2026-02-02"):
        registrar.upload(RECORDS, {**LETTER, "date": day})
    found = [record["date"] for record in registrar.all(RECORDS, limit=1)]
    assert found == ["2026-02-03", "2026-02-02", "2026-02-01"]


def test_what_others_want_registered_goes_to_a_registrar(as_: As, product: Product) -> None:
    with product.database.writing() as session:
        cases.get(session, "RS/1/2026").case_officer = "handlaggare_1"
    sent = as_("handlaggare_1").upload(RECORDS, LETTER)
    assert (sent["registered"], sent["designation"]) == (False, "")
    assert sent["sent_at"]
    waiting = as_("registrator_rs").get("/tasks", process="diarieforing")["items"]
    assert [task["element"] for task in waiting] == ["registrera_handling"]
    for username in ("handlaggare_2", "administrator"):
        refused = as_(username).upload(RECORDS, LETTER, 403)
        assert "Registrator RS eller" in refused["detail"]
    assert len(as_("registrator_rs").all(RECORDS)) == 1


def test_the_running_case_is_told_of_what_came_in(
    as_: As, case: dict[str, Any], run_jobs: Callable[[], None]
) -> None:
    as_("registrator_rs").upload(RECORDS, LETTER)
    run_jobs()
    assert as_("administrator").get("/incidents")["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"direction": "upp"}, "direction"),
        ({"date": "i går"}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"date": "2026-03-01"}, "date"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 600}, "subject"),
        ({"sender": ""}, "sender"),
        ({"direction": "out"}, "recipient"),
        ({"secret": "true"}, "legal_ground"),
        ({"secret": "kanske"}, "secret"),
        ({"subject": "noll\x00tecken"}, "subject"),
    ],
)
def test_what_is_wrong_is_named_by_field(as_: As, change: dict[str, str], field: str) -> None:
    refused = as_("registrator_rs").upload(RECORDS, {**LETTER, **change}, 422)
    assert field in [error["field"] for error in refused["errors"]]
    assert as_("registrator_rs").all(RECORDS) == []


def test_an_empty_file_and_one_too_large_are_refused(as_: As, product: Product) -> None:
    registrar = as_("registrator_rs")
    registrar.upload(RECORDS, {**LETTER, "file": {"tom.pdf": b""}}, 422)
    large = b"x" * (product.files.max_bytes + 1)
    registrar.upload(RECORDS, {**LETTER, "file": {"stor.pdf": large}}, 413)
    enormous = b"x" * (product.files.max_bytes + 2_000_000)
    registrar.upload(RECORDS, {**LETTER, "file": {"stor.pdf": enormous}}, 413)
    assert registrar.all(RECORDS) == []


def test_it_is_a_form_that_is_sent(as_: As) -> None:
    registrar = as_("registrator_rs")
    registrar.post(RECORDS, LETTER, 422)
    odd = registrar.call("POST", RECORDS, data={"file": (io.BytesIO(b"x"), "../../etc/passwd")})
    assert odd.status_code == 422


def test_records_of_a_case_that_is_not_there(as_: As) -> None:
    as_("registrator_rs").get("/cases/RS/9/2026/records", 404)
    as_("registrator_rs").upload("/cases/RS/9/2026/records", LETTER, 404)
