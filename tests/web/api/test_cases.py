"""Cases: register, find, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from processes.product import Product
from tests.web.api.conftest import NEW_CASE, As

NewCase = Callable[..., dict[str, Any]]


def test_a_registered_case_has_a_number_and_waits_to_be_allocated(as_: As) -> None:
    made = as_("registrator_rs").post("/cases", NEW_CASE, 201)
    assert made["number"] == "RS/1/2026"
    assert made["status"] == "Registrerat"
    (task,) = as_("regionstabschef").get("/tasks", case="RS/1/2026")["items"]
    assert task["id"] in made["tasks"]
    assert task["element"] == "fordela_arende"
    (instance,) = made["instances"]
    assert as_("handlaggare_1").get(f"/instances/{instance}")["business_key"] == "RS/1/2026"


def test_registering_says_where_the_case_is(as_: As) -> None:
    response = as_("registrator_rs").call("POST", "/cases", json=NEW_CASE)
    assert response.headers["Location"] == "/api/v1/cases/RS/1/2026"


def test_without_a_day_the_case_came_today(new_case: NewCase) -> None:
    assert new_case(received_on=None)["received_on"] == "2026-02-04"


def test_only_a_registrar_of_the_registry_gives_its_numbers(still_as: As) -> None:
    still_as("handlaggare_1").post("/cases", NEW_CASE, 403)
    still_as("administrator").post("/cases", NEW_CASE, 403)
    still_as("registrator_rs").post("/cases", {**NEW_CASE, "registry": "RUN"}, 403)
    assert still_as("registrator_rs").get("/cases")["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"registry": None}, "registry"),
        ({"heading": ""}, "heading"),
        ({"heading": "x" * 300}, "heading"),
        ({"kind": "okänt"}, "kind"),
        ({"received_on": "2026-02-30"}, "received_on"),
        ({"received_on": "2026-12-24"}, "received_on"),
        ({"received_on": "0001-01-01"}, "received_on"),
        ({"secret": True, "public_heading": "Ett ärende"}, "legal_ground"),
        ({"secret": True, "legal_ground": "25 kap. 1 § OSL"}, "public_heading"),
        ({"rubrik": "Motion"}, "rubrik"),
    ],
)
def test_what_is_wrong_is_named_by_field(still_as: As, change: dict[str, Any], field: str) -> None:
    refused = still_as("registrator_rs").post("/cases", {**NEW_CASE, **change}, 422)
    assert field in [error["field"] for error in refused["errors"]]
    assert all(error["message"] and error["code"] for error in refused["errors"])
    assert still_as("registrator_rs").get("/cases")["items"] == []


def test_a_refused_case_takes_no_number(as_: As, new_case: NewCase) -> None:
    as_("registrator_rs").post("/cases", {**NEW_CASE, "heading": " "}, 422)
    assert new_case()["number"] == "RS/1/2026"


@pytest.mark.parametrize("number", ["RS/1/2026", "rs/1/2026", "RS / 1 / 2026"])
def test_a_case_is_read_by_its_number_as_it_is_written(
    as_: As, new_case: NewCase, number: str
) -> None:
    new_case()
    assert as_("handlaggare_1").get(f"/cases/{number}")["number"] == "RS/1/2026"


@pytest.mark.parametrize("number", ["RS/2/2026", "RS", "RS/1/2026/3", "records", "%00", "RS/x/y"])
def test_there_is_no_other_case(as_: As, new_case: NewCase, number: str) -> None:
    new_case()
    as_("handlaggare_1").get(f"/cases/{number}", 404)


def test_the_card_carries_the_version_that_writes_take(as_: As, new_case: NewCase) -> None:
    new_case()
    response = as_("handlaggare_1").call("GET", "/cases/RS/1/2026")
    assert response.headers["ETag"] == f'"{response.json["lock_version"]}"'  # type: ignore[index]


def test_lists_are_narrowed_and_paged_with_the_newest_first(as_: As, new_case: NewCase) -> None:
    for heading in ("Nattåg till länet", "Bussar till länet", "Skidspår", "Nattåg söderut"):
        new_case(heading=heading)
    reader = as_("handlaggare_1")
    numbers = [case["number"] for case in reader.all("/cases")]
    assert numbers == ["RS/4/2026", "RS/3/2026", "RS/2/2026", "RS/1/2026"]
    assert [case["number"] for case in reader.all("/cases", q="nattåg")] == [
        "RS/4/2026",
        "RS/1/2026",
    ]
    assert len(reader.all("/cases", registry="RS", status="Registrerat")) == 4
    assert reader.all("/cases", registry="RUN") == []


def test_a_page_stays_the_same_while_others_register(as_: As, new_case: NewCase) -> None:
    for _turn in range(4):
        new_case()
    reader = as_("handlaggare_1")
    first = reader.get("/cases", limit=2)
    new_case()
    second = reader.get("/cases", limit=2, cursor=first["next"])
    assert [case["number"] for case in second["items"]] == ["RS/2/2026", "RS/1/2026"]


def test_registering_is_in_the_log_in_the_users_name(
    as_: As, new_case: NewCase, product: Product
) -> None:
    (instance,) = new_case()["instances"]
    events = as_("handlaggare_1").all(f"/instances/{instance}/history", limit=50)
    assert {event["actor"] for event in events} == {"registrator_rs"}
