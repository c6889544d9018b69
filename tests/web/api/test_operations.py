"""Timers and incidents: what is to happen, and what did not go well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.clock import SettableClock
from tests.web.api.conftest import As

Run = Callable[[], None]


@pytest.fixture
def failed(as_: As, clock: SettableClock, run_jobs: Run) -> dict[str, Any]:
    """An instance that has stopped, dividing by nothing."""
    started = as_("processagare").post(
        "/instances", {"process": "provfel", "data": {"namnare": 0}}, 201
    )
    clock.forward(hours=1)
    run_jobs()
    found: dict[str, Any] = as_("administrator").get(f"/instances/{started['id']}")
    return found


def test_timers_are_listed_soonest_first(as_: As, clock: SettableClock) -> None:
    as_("processagare").post("/instances", {"process": "provfel", "data": {"namnare": 1}}, 201)
    administrator = as_("administrator")
    timers = administrator.all("/timers", limit=40)
    assert len(timers) > 40  # of the meetings too
    dues = [timer["due_at"] for timer in timers]
    assert dues == sorted(dues)
    assert len({timer["id"] for timer in timers}) == len(timers)
    (soon,) = administrator.all("/timers", due_before="2026-02-04T11:30:00+01:00")
    assert soon["element"] == "vanta"
    administrator.get("/timers", 422, due_before="2026-02-04")
    administrator.get("/timers", 422, due_before="0001-01-01T00:00:00+14:00")


def test_what_fails_is_an_incident_until_it_goes_well(as_: As, failed: dict[str, Any]) -> None:
    administrator = as_("administrator")
    (incident,) = administrator.all("/incidents")
    assert incident["instance_id"] == failed["id"]
    assert incident["element"] == "dividera"
    assert incident["message"]
    assert [each["id"] for each in failed["incidents"]] == [incident["id"]]
    assert administrator.all("/instances", incident="true", process="provfel") != []


def test_trying_again_is_refused_while_the_fault_is_there(
    as_: As, failed: dict[str, Any], run_jobs: Run
) -> None:
    administrator = as_("administrator")
    (incident,) = administrator.all("/incidents")
    administrator.call("POST", f"/incidents/{incident['id']}/retry")
    run_jobs()
    (again,) = administrator.all("/incidents")
    assert again["occurrences"] == 2
    administrator.call("POST", f"/instances/{failed['id']}/retry", json={"reason": "En till"})
    run_jobs()
    assert administrator.all("/incidents")[0]["occurrences"] == 3


def test_without_an_incident_there_is_nothing_to_try(as_: As, prov: dict[str, Any]) -> None:
    as_("administrator").post(f"/instances/{prov['id']}/retry", {"reason": "Prov"}, 409)
    as_("administrator").post("/incidents/finns-inte/retry", {}, 404)
