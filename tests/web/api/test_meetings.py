"""The meeting calendar."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.conftest import As

NEW = {"organ": "RS", "on": "2026-06-09"}


@pytest.fixture
def meeting(as_: As) -> dict[str, Any]:
    made: dict[str, Any] = as_("sekreterare_rs").post("/meetings", NEW, 201)
    return made


def test_the_calendar_of_a_year_in_order(still_as: As) -> None:
    reader = still_as("handlaggare_1")
    found = reader.all("/meetings", limit=7)
    days = [(each["on"], each["organ"]) for each in found]
    assert len(days) > 20
    assert days == sorted(days)
    assert {each["organ"] for each in reader.all("/meetings", organ="RS")} == {"RS"}
    assert all(each["on"] >= "2027" for each in reader.all("/meetings", year=2027))
    assert reader.all("/meetings", year=1999) == []
    for year in ("0", "99999", "x", str(10**30)):
        reader.get("/meetings", 422, year=year)


def test_a_new_meeting_has_its_days_and_its_process(as_: As, meeting: dict[str, Any]) -> None:
    reader = as_("handlaggare_1")
    assert reader.get(f"/meetings/{meeting['id']}") == meeting
    assert meeting["submission_on"] < meeting["notice_on"] < meeting["on"]
    flow = reader.get(f"/instances/{meeting['instance']}")
    assert flow["business_key"] == f"mote:{meeting['id']}"


@pytest.mark.parametrize("username", ["sekreterare_run", "handlaggare_1", "processagare"])
def test_only_the_secretary_and_administrators_change_it(
    as_: As, meeting: dict[str, Any], username: str
) -> None:
    as_(username).post("/meetings", {**NEW, "on": "2026-06-10"}, 403)
    as_(username).patch(f"/meetings/{meeting['id']}", {"reason": "x", "cancelled": True}, 403)


def test_moving_it_moves_what_hangs_on_it(as_: As, meeting: dict[str, Any]) -> None:
    secretary, address = as_("sekreterare_rs"), f"/meetings/{meeting['id']}"
    before = secretary.get(f"/instances/{meeting['instance']}")["timers"]
    change = {"on": "2026-06-16", "reason": "Lokalen", "lock_version": meeting["lock_version"]}
    moved = secretary.patch(address, change)
    assert moved["on"] == "2026-06-16"
    assert moved["submission_on"] > meeting["submission_on"]
    after = secretary.get(f"/instances/{meeting['instance']}")["timers"]
    assert {timer["due_at"] for timer in after} != {timer["due_at"] for timer in before}
    secretary.patch(address, change, 409)
    secretary.patch(address, {"on": "2026-06-17", "reason": "x"}, 409, headers={"If-Match": '"1"'})


def test_cancelling_it_ends_its_process(as_: As, meeting: dict[str, Any]) -> None:
    administrator, address = as_("administrator"), f"/meetings/{meeting['id']}"
    gone = administrator.patch(address, {"cancelled": True, "reason": "För få ärenden"})
    assert gone["status"] == "cancelled"
    assert administrator.get(f"/instances/{meeting['instance']}")["status"] == "cancelled"
    administrator.patch(address, {"cancelled": True, "reason": "En gång till"}, 409)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"organ": "XX"}, "organ"),
        ({"on": "2026-06-06"}, "on"),  # a Saturday, and the national day
        ({"on": "9999-12-31"}, "on"),
        ({"on": "0001-01-01"}, "on"),
        ({"on": None}, "on"),
        ({"last_day_on": "2026-06-08"}, "last_day_on"),
        ({"submission_on": "2026-06-10"}, "submission_on"),
        ({"extra": "kanske"}, "extra"),
    ],
)
def test_a_meeting_that_cannot_be_held_is_refused(
    still_as: As, change: dict[str, Any], field: str
) -> None:
    refused = still_as("administrator").post("/meetings", {**NEW, **change}, 422)
    assert field in [error["field"] for error in refused["errors"]]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 422),
        ({"reason": "x"}, 422),
        ({"on": "2026-06-16"}, 422),
        ({"on": "2026-06-16", "reason": ""}, 422),
        ({"on": "2025-06-16", "reason": "x"}, 422),
        ({"on": "2199-12-31", "reason": "x"}, 200),
        ({"on": "2026-06-16", "reason": "x", "lock_version": 99}, 409),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(
    as_: As, meeting: dict[str, Any], change: dict[str, Any], status: int
) -> None:
    as_("administrator").patch(f"/meetings/{meeting['id']}", change, status)


def test_a_meeting_that_is_not_there_is_not_found(still_as: As) -> None:
    still_as("administrator").get("/meetings/finns-inte", 404)
    still_as("administrator").patch("/meetings/finns-inte", {"reason": "x", "cancelled": True}, 404)
