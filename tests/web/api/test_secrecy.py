"""A secret case is not there for those outside it, administrators too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import incidents
from engine.clock import SettableClock
from engine.errors import EngineError
from engine.incidents import Place
from processes.product import Product
from tests.web.api.conftest import As
from tests.web.api.test_records import LETTER

SECRET = {
    "heading": "Anmälan om vårdskada",
    "public_heading": "Anmälan",
    "kind": "skrivelse",
    "secret": True,
    "legal_ground": "25 kap. 1 § OSL",
}
INSIDE = ("registrator_rs", "regionstabschef")
OUTSIDE = ("administrator", "processagare", "handlaggare_1", "registrator_run", "sekreterare_rf")


@pytest.fixture
def secret(new_case: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return new_case(**SECRET)


@pytest.mark.parametrize("username", INSIDE)
def test_those_with_a_part_see_all_of_it(as_: As, secret: dict[str, Any], username: str) -> None:
    reader, (instance,) = as_(username), secret["instances"]
    assert reader.get("/cases/RS/1/2026")["heading"] == "Anmälan om vårdskada"
    assert reader.get(f"/instances/{instance}")["data"] is not None
    assert reader.get(f"/instances/{instance}/history")["items"]
    assert reader.get("/instances", business_key="RS/1/2026")["items"]
    assert reader.get(f"/tasks/{secret['tasks'][0]}")["case"] == "RS/1/2026"


@pytest.mark.parametrize("username", OUTSIDE)
def test_for_the_others_there_is_no_such_case(
    as_: As, secret: dict[str, Any], username: str
) -> None:
    reader, (instance,), (task,) = as_(username), secret["instances"], secret["tasks"]
    missing = reader.get("/cases/RS/9/2026", 404)["detail"].replace("RS/9", "RS/1")
    assert reader.get("/cases/RS/1/2026", 404)["detail"] == missing
    assert reader.all("/cases") == []
    assert reader.all("/cases", q="vårdskada") == []
    assert reader.get("/cases/RS/1/2026/records", 404)
    reader.upload("/cases/RS/1/2026/records", LETTER, 404)
    reader.get(f"/instances/{instance}", 404)
    reader.get(f"/instances/{instance}/history", 404)
    assert reader.get("/instances", business_key="RS/1/2026")["items"] == []
    assert instance not in [each["id"] for each in reader.all("/instances", limit=200)]
    reader.get(f"/tasks/{task}", 404)
    assert reader.get("/tasks", case="RS/1/2026")["items"] == []
    for action in ("claim", "release", "draft", "complete"):
        reader.post(f"/tasks/{task}/{action}", {"lock_version": 1}, 404)
    reader.post(f"/tasks/{task}/delegate", {"lock_version": 1, "to": username}, 404)


def test_an_administrator_neither_sees_nor_moves_its_flow(
    as_: As, secret: dict[str, Any], product: Product
) -> None:
    administrator, (instance,) = as_("administrator"), secret["instances"]
    with product.database.writing() as session:
        place = Place(instance_id=instance)
        incident = incidents.open_(session, product.engine, EngineError("Trasigt"), place).id
    assert instance not in [each["instance_id"] for each in administrator.all("/timers", limit=200)]
    assert administrator.all("/incidents") == []
    for address in (f"/instances/{instance}/cancel", f"/instances/{instance}/retry"):
        administrator.post(address, {"reason": "Prov"}, 404)
    administrator.post(f"/incidents/{incident}/retry", {}, 404)


def test_nobody_reaches_into_it_with_a_process_or_a_message_of_their_own(
    as_: As, secret: dict[str, Any], run_jobs: Callable[[], None]
) -> None:
    for username in ("administrator", "processagare"):
        sender = as_(username)
        sender.post("/instances", {"process": "prov", "business_key": "RS/1/2026"}, 404)
        data = {"diarium": "RS", "nummer": "A1", "dnr": "RS/1/2026"}
        sender.post("/instances", {"process": "prov", "data": data}, 404)
        withdrawn = {"name": "aterkallat", "key": ["RS/1/2026"]}
        sender.post("/messages", withdrawn, 404)
        sender.post("/messages", {**withdrawn, "keep": True}, 404)
    run_jobs()
    assert as_("registrator_rs").get("/cases/RS/1/2026")["status"] == "Registrerat"


def test_a_secret_record_of_an_open_case_is_for_those_who_work_in_it(
    as_: As, new_case: Callable[..., dict[str, Any]]
) -> None:
    new_case()
    content = {**LETTER, "secret": "true", "legal_ground": "25 kap. 1 § OSL"}
    as_("registrator_rs").upload("/cases/RS/1/2026/records", content)
    assert len(as_("registrator_rs").all("/cases/RS/1/2026/records")) == 1
    for username in OUTSIDE:
        assert as_(username).all("/cases/RS/1/2026/records") == []


def test_a_case_that_is_made_secret_goes_out_of_reach_at_once(
    as_: As, new_case: Callable[..., dict[str, Any]], product: Product, clock: SettableClock
) -> None:
    from engine.host import Actor
    from processes import secrecy

    new_case()
    reader = as_("handlaggare_1")
    reader.get("/cases/RS/1/2026")
    with product.database.writing() as session:
        secrecy.mark_case(
            session,
            product.engine,
            "RS/1/2026",
            legal_ground="25 kap. 1 § OSL",
            public_heading="Motion",
            actor=Actor(id="registrator_rs"),
        )
    reader.get("/cases/RS/1/2026", 404)
