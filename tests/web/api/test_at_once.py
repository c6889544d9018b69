"""Two at the same instant: one task is done once, and two tasks don't hinder each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.web.api.calling import Caller
from tests.web.api.conftest import NEW_CASE, As


def at_once(*calls: Callable[[], int]) -> list[int]:
    """Each in a thread of its own, let go together; their statuses, sorted."""
    gate = threading.Barrier(len(calls))
    found: list[int] = []

    def run(call: Callable[[], int]) -> None:
        gate.wait()
        found.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def completing(caller: Caller, task: dict[str, Any], data: dict[str, Any]) -> Callable[[], int]:
    content = {"data": data, "lock_version": task["lock_version"]}
    address = f"/tasks/{task['id']}/complete"
    return lambda: caller.call("POST", address, json=content).status_code


def tasks_of(as_: As) -> dict[str, dict[str, Any]]:
    found = as_("registrator_rs").get("/tasks", process="prov")["items"]
    return {task["element"]: task for task in found}


def test_one_task_completed_twice_at_the_same_instant_is_done_once(
    as_: As, prov: dict[str, Any]
) -> None:
    task = tasks_of(as_)["ta_emot"]
    calls = [
        completing(as_("registrator_rs"), task, {"vad": f"brev {number}"}) for number in range(2)
    ]
    assert at_once(*calls) == [200, 409]
    events = as_("registrator_rs").all(f"/instances/{prov['id']}/history", limit=50)
    done = [e for e in events if e["kind"] == "element_completed" and e["element"] == "ta_emot"]
    assert len(done) == 1


def test_two_parallel_tasks_completed_at_the_same_instant_are_both_done(
    as_: As, prov: dict[str, Any]
) -> None:
    tasks = tasks_of(as_)
    calls = [
        completing(as_("registrator_rs"), tasks["ta_emot"], {"vad": "brev"}),
        completing(as_("registrator_rs"), tasks["kontrollera"], {}),
    ]
    assert at_once(*calls) == [200, 200]
    found = as_("registrator_rs").get(f"/instances/{prov['id']}")
    assert [each["element"] for each in found["active"]] == ["vanta_pa_besked"]


def test_one_task_is_claimed_by_one(as_: As, prov: dict[str, Any]) -> None:
    task = tasks_of(as_)["ta_emot"]
    content = {"lock_version": task["lock_version"]}
    address = f"/tasks/{task['id']}/claim"
    callers = [as_("registrator_rs") for _turn in range(3)]
    calls = [
        (lambda caller=caller: caller.call("POST", address, json=content).status_code)
        for caller in callers
    ]
    assert at_once(*calls) == [200, 409, 409]


def test_cases_registered_at_once_get_numbers_without_a_gap(as_: As) -> None:
    registrars = [as_("registrator_rs") for _turn in range(4)]
    calls = [
        (lambda caller=caller: caller.call("POST", "/cases", json=NEW_CASE).status_code)
        for caller in registrars
    ]
    assert at_once(*calls) == [201] * 4
    numbers = [case["number"] for case in as_("registrator_rs").all("/cases")]
    assert sorted(numbers) == [f"RS/{number}/2026" for number in range(1, 5)]
