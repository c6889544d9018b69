"""Messages from other systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.api.conftest import As
from tests.web.api.test_instances import complete_all

Run = Callable[[], None]


def test_nobody_waits_and_nothing_is_kept(as_: As, run_jobs: Run, prov: dict[str, Any]) -> None:
    sender = as_("administrator")
    sender.post("/messages", {"name": "provbesked", "key": ["A1"]}, 404)
    sender.post("/messages", {"name": "finns_inte", "key": ["A1"]}, 404)
    complete_all(as_("registrator_rs"), prov)
    run_jobs()
    assert sender.get(f"/instances/{prov['id']}")["waits"] != []


def test_a_message_may_lie_until_somebody_waits(
    as_: As, run_jobs: Run, prov: dict[str, Any]
) -> None:
    sender = as_("administrator")
    kept = {"name": "provbesked", "key": ["A1"], "keep": True}
    assert sender.post("/messages", kept, 202)["id"]
    run_jobs()
    complete_all(as_("registrator_rs"), prov)
    run_jobs()
    assert sender.get(f"/instances/{prov['id']}")["waits"] == []


def test_it_reaches_the_one_with_that_key_with_what_it_carries(
    as_: As, run_jobs: Run, prov: dict[str, Any]
) -> None:
    complete_all(as_("registrator_rs"), prov)
    sender = as_("administrator")
    sender.post("/messages", {"name": "provbesked", "key": ["A2"]}, 404)
    sender.post("/messages", {"name": "provbesked", "key": "A1", "payload": {"svar": "ja"}}, 202)
    run_jobs()
    found = sender.get(f"/instances/{prov['id']}")
    assert found["data"]["vanta_pa_besked"] == {"svar": "ja"}


def test_a_process_is_started_by_its_message(as_: As, run_jobs: Run) -> None:
    as_("processagare").post("/messages", {"name": "provstarta", "key": ["nytt"]}, 202)
    run_jobs()
    (started,) = as_("administrator").get("/instances", process="provstart")["items"]
    assert started["status"] == "active"


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"name": ""},
        {"name": 3},
        {"name": "provbesked", "key": {"dnr": "RS/1/2026"}},
        {"name": "provbesked", "key": [["A1"]]},
        {"name": "provbesked", "key": ["A1"] * 30},
        {"name": "provbesked", "payload": "text"},
        {"name": "provbesked", "keep": "kanske"},
        {"name": "provbesked", "nyckel": ["A1"]},
    ],
)
def test_what_is_wrong_with_a_message_is_said(still_as: As, content: dict[str, Any]) -> None:
    assert still_as("administrator").post("/messages", content, 422)["errors"]
