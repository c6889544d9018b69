"""Instances: start, find, read, cancel, and the log of everything in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from engine.clock import SettableClock
from engine.spiff import Run as EngineRun
from engine.spiff import RunFailed
from tests.web.api import small
from tests.web.api.calling import Caller
from tests.web.api.conftest import As

Run = Callable[[], None]


def complete_all(registrar: Caller, instance: dict[str, Any]) -> None:
    """Both tasks of the small process."""
    for task in registrar.get("/tasks", process="prov")["items"]:
        if task["instance_id"] == instance["id"]:
            data = {"vad": "brev"} if task["element"] == "ta_emot" else {}
            content = {"data": data, "lock_version": task["lock_version"]}
            registrar.post(f"/tasks/{task['id']}/complete", content)


def test_a_process_starts_and_runs_until_it_waits(prov: dict[str, Any]) -> None:
    assert prov["status"] == "active"
    assert prov["version"] == 1
    assert prov["data"]["antal"] == 2
    assert [each["element"] for each in prov["active"]] == ["kontrollera", "ta_emot"]
    assert prov["parent"] is None
    assert prov["children"] == []


def test_starting_says_where_the_instance_is(as_: As) -> None:
    content = {"process": "prov", "data": small.DATA}
    response = as_("processagare").call("POST", "/instances", json=content)
    assert response.json is not None
    assert response.headers["Location"] == f"/api/v1/instances/{response.json['id']}"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"process": "finns_inte"}, 404),
        ({"process": "prov", "version": 7, "data": small.DATA}, 404),
        ({"process": "prov", "version": 0}, 422),
        ({"process": "prov", "version": 10**30}, 422),
        ({"process": "prov", "version": "1"}, 422),
        ({"process": "prov", "data": []}, 422),
        ({"process": ""}, 422),
        ({"process": None}, 422),
        ({}, 422),
        ({"process": "arende"}, 422),  # a case's process can't run without its case
        ({"process": "arende", "business_key": "RS/999/2026"}, 422),
    ],
)
def test_what_cannot_start_is_refused_and_leaves_nothing(
    still_as: As, content: dict[str, Any], status: int
) -> None:
    before = len(still_as("administrator").all("/instances", limit=200))
    still_as("administrator").post("/instances", content, status)
    assert len(still_as("administrator").all("/instances", limit=200)) == before
    assert still_as("administrator").get("/incidents")["items"] == []


def test_a_fault_of_the_database_at_the_start_is_ours_and_not_the_contents(
    as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_whatever: Any) -> None:
        fault = OperationalError("SELECT", None, Exception("disken svarar inte"))
        raise RunFailed("kontrollera", "Kontrollera", fault) from fault

    monkeypatch.setattr(EngineRun, "start", broken)
    administrator, content = as_("administrator"), {"process": "prov", "data": small.DATA}
    with pytest.raises(AssertionError, match='"status":500'):
        administrator.post("/instances", content)
    (incident,) = administrator.get("/incidents")["items"]
    assert "disken svarar inte" in incident["message"]


def test_instances_are_found_by_where_they_are(as_: As, prov: dict[str, Any]) -> None:
    reader = as_("handlaggare_1")
    (found,) = reader.all("/instances", business_key="prov:1")
    assert found["id"] == prov["id"]
    for narrowed in (
        {"process": "prov"},
        {"element": "ta_emot"},
        {"process": "prov", "status": "active"},
        {"process": "prov", "incident": "false"},
    ):
        assert [each["id"] for each in reader.all("/instances", **narrowed)] == [prov["id"]]
    for elsewhere in (
        {"process": "prov", "status": "completed"},
        {"element": "vanta_pa_besked"},
        {"process": "prov", "incident": "true"},
        {"business_key": "prov:2"},
    ):
        assert reader.all("/instances", **elsewhere) == []


def test_a_page_of_instances_follows_the_one_before(as_: As) -> None:
    owner = as_("processagare")
    made = [
        owner.post("/instances", {"process": "prov", "data": small.DATA}, 201)["id"]
        for _turn in range(5)
    ]
    listed = [each["id"] for each in owner.all("/instances", process="prov")]
    assert sorted(listed) == sorted(made)


def test_a_message_and_a_timer_take_it_to_its_end(
    as_: As, prov: dict[str, Any], run_jobs: Run, clock: SettableClock
) -> None:
    registrar = as_("registrator_rs")
    complete_all(registrar, prov)
    waiting = registrar.get(f"/instances/{prov['id']}")
    (wait,) = waiting["waits"]
    assert (wait["name"], wait["key"]) == ("provbesked", ["A1"])
    as_("administrator").post("/messages", {"name": "provbesked", "key": ["A1"]}, 202)
    run_jobs()
    (timer,) = registrar.get(f"/instances/{prov['id']}")["timers"]
    assert timer["element"] == "vanta_en_timme"
    clock.forward(hours=1)
    run_jobs()
    ended = registrar.get(f"/instances/{prov['id']}")
    assert ended["status"] == "completed"
    assert ended["active"] == ended["timers"] == ended["waits"] == []
    assert datetime.fromisoformat(ended["ended_at"]) == clock.now()


def test_the_log_has_every_element_in_order(
    as_: As, prov: dict[str, Any], run_jobs: Run, clock: SettableClock
) -> None:
    registrar = as_("registrator_rs")
    complete_all(registrar, prov)
    events = registrar.all(f"/instances/{prov['id']}/history", limit=4)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    completed = [event["element"] for event in events if event["kind"] == "element_completed"]
    assert completed[:3] == ["start", "raknat", "dela"]
    assert set(completed[3:]) == {"ta_emot", "kontrollera", "samla"}
    entered = {event["element"] for event in events if event["kind"] == "element_entered"}
    assert {"raknat", "dela", "samla", "vanta_pa_besked"} <= entered
    assert events[0]["kind"] == "instance_started"


def test_answers_are_for_who_works_in_it_and_for_who_mends_it(
    as_: As, prov: dict[str, Any]
) -> None:
    complete_all(as_("registrator_rs"), prov)
    for username, reads in (
        ("registrator_rs", True),
        ("processagare", True),  # who started it
        ("administrator", True),
        ("handlaggare_1", False),
    ):
        reader = as_(username)
        data = reader.get(f"/instances/{prov['id']}")["data"]
        events = reader.all(f"/instances/{prov['id']}/history", limit=50)
        assert (data is not None) is reads, username
        assert any("answers" in event["detail"] for event in events) is reads, username


def test_an_administrator_ends_an_instance_with_a_reason(as_: As, prov: dict[str, Any]) -> None:
    administrator, address = as_("administrator"), f"/instances/{prov['id']}"
    administrator.post(f"{address}/cancel", {}, 422)
    administrator.post(f"{address}/cancel", {"reason": ""}, 422)
    old = {"reason": "Fel diagram", "lock_version": prov["lock_version"] - 1}
    administrator.post(f"{address}/cancel", old, 409)
    done = administrator.post(
        f"{address}/cancel", {"reason": "Fel diagram", "lock_version": prov["lock_version"]}
    )
    assert done["status"] == "cancelled"
    assert done["active"] == []
    administrator.post(f"{address}/cancel", {"reason": "En gång till"}, 409)
    assert as_("registrator_rs").get("/tasks", process="prov")["items"] == []
    last = administrator.all(f"{address}/history", limit=50)[-1]
    assert (last["kind"], last["detail"]) == ("instance_cancelled", {"reason": "Fel diagram"})


@pytest.mark.parametrize("path", ["", "/history"])
def test_an_instance_that_is_not_there_is_not_found(still_as: As, path: str) -> None:
    still_as("administrator").get(f"/instances/finns-inte{path}", 404)


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_nothing_is_done_to_what_is_not_there(still_as: As, action: str) -> None:
    still_as("administrator").post(f"/instances/finns-inte/{action}", {"reason": "Prov"}, 404)
