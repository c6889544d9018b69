"""The inbox, and what is done with a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.clock import SettableClock
from processes.product import Product
from tests.web.api.conftest import As

NewCase = Callable[..., dict[str, Any]]


@pytest.fixture
def task(as_: As, prov: dict[str, Any]) -> dict[str, Any]:
    """The task of the small process that has a form."""
    items = as_("registrator_rs").get("/tasks", process="prov")["items"]
    return next(item for item in items if item["element"] == "ta_emot")


def of(task: dict[str, Any], action: str = "") -> str:
    return f"/tasks/{task['id']}{'/' if action else ''}{action}"


def lock(task: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"lock_version": task["lock_version"], **more}


# --- the inbox


def test_the_inbox_is_what_my_roles_may_take_and_what_is_mine(
    as_: As, task: dict[str, Any]
) -> None:
    registrar = as_("registrator_rs")
    assert len(registrar.all("/tasks", limit=1, process="prov")) == 2
    assert registrar.get("/tasks", assignee="me")["items"] == []
    registrar.post(of(task, "claim"), lock(task))
    (mine,) = registrar.get("/tasks", assignee="me")["items"]
    assert mine["id"] == task["id"]
    assert mine["assignee"] == "registrator_rs"
    assert as_("registrator_run").get("/tasks", process="prov")["items"] == []


def test_soonest_comes_first_and_every_filter_narrows(
    as_: As, task: dict[str, Any], new_case: NewCase
) -> None:
    new_case(heading="Nattåg till länet")
    chief = as_("regionstabschef")
    (found,) = chief.all("/tasks", q="nattåg fördela")
    assert found["case"] == "RS/1/2026"
    assert chief.all("/tasks", q="nattåg finns inte") == []
    assert chief.all("/tasks", case="rs/1/2026") == [found]
    assert chief.all("/tasks", role="Fördelare") == [found]
    assert chief.all("/tasks", role="Registrator") == []
    assert chief.all("/tasks", process="fordelning", assignee="regionstabschef") == []
    assert chief.all("/tasks", due_before="2030-01-01T00:00:00Z", role="Fördelare") == [found]
    assert chief.all("/tasks", due_before="2026-02-04T00:00:00+01:00") == []
    dues = [item["due_at"] for item in as_("registrator_rs").all("/tasks")]
    assert dues == sorted(dues)


def test_what_is_late_can_be_asked_for(as_: As, task: dict[str, Any], clock: SettableClock) -> None:
    registrar = as_("registrator_rs")
    assert registrar.get("/tasks", overdue="true", process="prov")["items"] == []
    clock.forward(days=14)
    assert len(registrar.get("/tasks", overdue="true", process="prov")["items"]) == 2


def test_who_stands_in_for_somebody_has_their_inbox_and_acts_in_their_name(
    as_: As, run_jobs: Callable[[], None]
) -> None:
    as_("administrator").post("/messages", {"name": "provstarta"}, 202)
    run_jobs()
    stand_in = as_("regionstabschef")
    (task,) = stand_in.get("/tasks", process="provstart")["items"]
    assert task["role"] == "Kanslichef"
    stand_in.post(of(task, "claim"), lock(task))
    events = stand_in.all(f"/instances/{task['instance_id']}/history", limit=5)
    (claimed,) = [event for event in events if event["kind"] == "task_claimed"]
    assert (claimed["actor"], claimed["on_behalf_of"]) == ("regionstabschef", "kanslichef")


# --- one task


def test_a_task_tells_what_is_asked_and_what_it_opens_with(as_: As, task: dict[str, Any]) -> None:
    found = as_("registrator_rs").get(of(task))
    assert found["form"]["title"] == "Ta emot"
    assert found["data"] == {"vad": "ett brev"}
    assert found["rule"] == "A3 · 3.1"
    assert found["help"] == "Skriv vad som kom."
    assert found["deadline"] == "2 arbetsdagar"
    assert found["next"] == "Går till den som väntar på besked."
    assert found["may_act"] is True
    people = [option["value"] for option in found["options"]["personer"]]
    assert "handlaggare_1" in people


def test_a_draft_is_seen_only_by_who_may_work_on_it(as_: As, task: dict[str, Any]) -> None:
    registrar, other = as_("registrator_rs"), as_("handlaggare_1")
    registrar.post(of(task, "draft"), {"data": {"vad": "halv"}})
    assert registrar.get(of(task))["draft"] == {"vad": "halv"}
    seen = other.get(of(task))
    assert seen["may_act"] is False
    assert seen["draft"] == seen["data"] == seen["options"] == {}
    assert seen["form"]["title"] == "Ta emot"


def test_an_ended_task_is_still_there_to_read(as_: As, task: dict[str, Any]) -> None:
    registrar = as_("registrator_rs")
    registrar.post(of(task, "complete"), lock(task, data={"vad": "brev"}))
    found = registrar.get(of(task))
    assert found["status"] == "completed"
    assert found["may_act"] is False


@pytest.mark.parametrize("action", ["", "claim", "release", "delegate", "draft", "complete"])
def test_a_task_that_is_not_there_is_not_found(still_as: As, action: str) -> None:
    content = {"lock_version": 1, "to": "handlaggare_1"} if action == "delegate" else None
    if action == "":
        still_as("registrator_rs").get("/tasks/finns-inte", 404)
    else:
        still_as("registrator_rs").post(
            f"/tasks/finns-inte/{action}", content or {"lock_version": 1}, 404
        )


# --- claim, release, delegate


def test_claiming_twice_is_refused_and_releasing_gives_it_back(
    as_: As, task: dict[str, Any], product: Product
) -> None:
    registrar = as_("registrator_rs")
    taken = registrar.post(of(task, "claim"), lock(task))
    assert taken["lock_version"] == task["lock_version"] + 1
    registrar.post(of(task, "claim"), lock(task), 409)
    back = registrar.post(of(task, "release"), lock(taken))
    assert back["assignee"] is None


def test_a_task_is_laid_on_somebody_who_works_here(as_: As, task: dict[str, Any]) -> None:
    registrar = as_("registrator_rs")
    refused = registrar.post(of(task, "delegate"), lock(task, to="ingen_alls"), 422)
    assert refused["errors"][0]["field"] == "to"
    given = registrar.post(of(task, "delegate"), lock(task, to="handlaggare_2"))
    assert given["assignee"] == "handlaggare_2"
    registrar.post(of(task, "claim"), lock(given), 403)
    assert as_("handlaggare_2").get("/tasks", assignee="me")["items"][0]["id"] == task["id"]


@pytest.mark.parametrize("action", ["claim", "release", "draft", "complete", "delegate"])
def test_a_task_of_another_role_is_not_mine_to_touch(
    as_: As, task: dict[str, Any], action: str
) -> None:
    content = lock(task, to="handlaggare_1") if action == "delegate" else lock(task)
    for username in ("handlaggare_1", "administrator", "registrator_run"):
        as_(username).post(of(task, action), content, 403)


# --- the version that was read


def test_an_old_version_is_refused_everywhere(as_: As, task: dict[str, Any]) -> None:
    registrar = as_("registrator_rs")
    taken = registrar.post(of(task, "claim"), lock(task))
    for action in ("claim", "release", "draft", "complete"):
        registrar.post(of(task, action), lock(task), 409)
    registrar.post(of(task, "delegate"), lock(task, to="handlaggare_1"), 409)
    assert registrar.get(of(task))["lock_version"] == taken["lock_version"]


def test_the_version_may_be_said_in_a_header(as_: As, task: dict[str, Any]) -> None:
    registrar = as_("registrator_rs")
    etag = registrar.call("GET", of(task)).headers["ETag"]
    registrar.post(of(task, "claim"), {}, headers={"If-Match": etag})
    registrar.post(of(task, "release"), {}, 409, headers={"If-Match": etag})
    registrar.post(of(task, "release"), {}, 422, headers={"If-Match": "*"})
    refused = registrar.post(of(task, "release"), {}, 422)
    assert refused["errors"] == [
        {
            "field": "lock_version",
            "code": "required",
            "message": "Uppgiften saknas.",
            "element": None,
        }
    ]


# --- complete


def test_completing_answers_with_my_next_task_in_the_same_instance(
    as_: As, task: dict[str, Any]
) -> None:
    registrar = as_("registrator_rs")
    other = next(
        item
        for item in registrar.get("/tasks", process="prov")["items"]
        if item["id"] != task["id"]
    )
    registrar.post(of(other, "claim"), lock(other))
    done = registrar.post(of(task, "complete"), lock(task, data={"vad": "brev"}))
    assert done["instance_id"] == task["instance_id"]
    assert done["next"]["id"] == other["id"]
    last = registrar.post(of(other, "complete"), lock(done["next"]))
    assert last["next"] is None
    instance = registrar.get(f"/instances/{task['instance_id']}")
    assert instance["data"]["ta_emot"]["vad"] == "brev"
    assert [each["element"] for each in instance["active"]] == ["vanta_pa_besked"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "vad"),
        ({"vad": ""}, "vad"),
        ({"vad": 7}, "vad"),
        ({"vad": "brev", "vem": "ingen_alls"}, "vem"),
        ({"vad": "brev", "antal": -1}, "antal"),
        ({"vad": "brev", "antal": "två"}, "antal"),
        ({"vad": "brev", "dag": "2026-02-30"}, "dag"),
        ({"vad": "brev", "annat": 1}, "annat"),
        ({"vad": "x" * 30_000}, "vad"),
    ],
)
def test_an_answer_that_does_not_fit_is_named_and_nothing_changes(
    as_: As, task: dict[str, Any], data: dict[str, Any], field: str
) -> None:
    registrar = as_("registrator_rs")
    refused = registrar.post(of(task, "complete"), lock(task, data=data), 422)
    assert [(error["field"], error["element"]) for error in refused["errors"]] == [
        (field, "ta_emot")
    ]
    assert registrar.get(of(task))["lock_version"] == task["lock_version"]


def test_what_is_done_is_done(as_: As, task: dict[str, Any]) -> None:
    registrar = as_("registrator_rs")
    registrar.post(of(task, "complete"), lock(task, data={"vad": "brev"}))
    again = registrar.get(of(task))
    for action in ("claim", "complete", "draft", "release"):
        registrar.post(of(task, action), lock(again), 409)


def test_a_real_case_is_allocated_through_its_form(as_: As, new_case: NewCase) -> None:
    (task_id,) = new_case(kind="skrivelse")["tasks"]
    chief = as_("regionstabschef")
    opened = chief.get(f"/tasks/{task_id}")
    assert opened["rule"]
    answers = {
        **opened["data"],
        "handlaggare": "handlaggare_1",
        "ansvarig_chef": "omradeschef",
        "beslutsform": "besvaras",
        "beslutsvag": [],
        "remiss": "nej",
    }
    known = set(opened["form"]["properties"])
    sent = {name: value for name, value in answers.items() if name in known}
    chief.post(f"/tasks/{task_id}/complete", {"data": sent, **lock(opened)})
    case = chief.get("/cases/RS/1/2026")
    assert case["case_officer"] == "handlaggare_1"
    assert [
        item["case"] for item in as_("handlaggare_1").get("/tasks", assignee="me")["items"]
    ] == ["RS/1/2026"]
