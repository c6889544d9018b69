"""What a diagram may reach: the case that its flow was started for, and no other."""

from __future__ import annotations

import json

from engine import deployments, instances, tasks
from engine.errors import EngineError
from engine.host import SYSTEM, Actor
from processes import agenda
from tests.engine import bpmn
from tests.web.office import Office

TOLD = ("viskningar", "svensson")  # of the secret case, and of nothing else
OWNER = Actor(id="processagare")
FORM = {
    "type": "object",
    "properties": {
        "rubrik": {"title": "Rubrik", "type": "string", "x-default": "arende.rubrik"},
        "fran": {"title": "Från", "type": "string", "x-default": "arende.initiativtagare"},
    },
}


def deploy_spy(office: Office, number: str, *, operation: str = "") -> None:
    """A diagram that says that it is about somebody else's case."""
    after = bpmn.service("gor", operation) if operation else bpmn.script("gor", "klart = True")
    diagram = bpmn.diagram(
        "spion",
        bpmn.start(),
        bpmn.script("byt", f"dnr = '{number}'"),
        bpmn.task("las", role="Registrator", form="spion", deadline="3 arbetsdagar"),
        after,
        bpmn.end(),
        bpmn.chain("start", "byt", "las", "gor", "slut"),
    )
    files = {"spion.bpmn": diagram, "spion.json": json.dumps(FORM)}
    with office.product.database.writing() as session:
        deployments.deploy(session, office.product.engine, files, actor=SYSTEM)


def require_untold(text: str) -> None:
    assert not [word for word in TOLD if word in text.lower()]


def start_spy(office: Office, key: str) -> str:
    with office.product.database.writing() as session:
        started = instances.start(
            session, office.product.engine, "spion", business_key=key, data={}, actor=OWNER
        )
        return started.id


def test_a_script_that_names_a_secret_case_reads_nothing_of_it(office: Office) -> None:
    deploy_spy(office, office.world.number)
    instance_id = start_spy(office, office.world.open_number)
    with office.product.database.reading() as session:
        [task] = [
            task
            for task in tasks.of_business_key(session, office.world.open_number)
            if task.element == "las"
        ]
    for username in ("registrator_rs", "handlaggare_2", "administrator"):
        visitor = office.visitor(username)
        for asked in (f"/uppgift/{task.id}", f"/drift/floden/{instance_id}"):
            require_untold(visitor.client.get(asked).text)
    shown = office.visitor("registrator_rs").page(f"/uppgift/{task.id}")
    assert shown.value("rubrik") in (None, "Öppet om nattåg")
    assert "Öppet om nattåg" in shown.text
    called = office.get("registrator_rs", f"/api/v1/tasks/{task.id}")
    assert called.status_code == 200
    require_untold(called.text)


def test_a_flow_about_no_case_has_no_case(office: Office) -> None:
    deploy_spy(office, office.world.number)
    try:
        start_spy(office, "prov:spion")
    except EngineError as refused:
        require_untold(str(refused))
        return
    listed = office.get("registrator_rs", "/api/v1/tasks?process=spion")
    require_untold(listed.text)


def test_a_call_that_names_its_case_only_in_its_data_is_about_that_case(office: Office) -> None:
    deploy_spy(office, office.world.open_number)
    made = office.visitor("").client.post(
        "/api/v1/instances",
        json={"process": "spion", "data": {"dnr": office.world.open_number}},
        headers=office.header("processagare"),
    )
    assert made.status_code == 201
    assert made.get_json()["business_key"] == office.world.open_number


def test_what_a_meeting_was_told_is_hidden_with_its_secret_cases(office: Office) -> None:
    """An administrator mends its flow, and sees where it is; not what was answered in it."""
    world, words = office.world, "Uttalat bakom stängda dörrar"
    with office.product.database.writing() as session:
        [task] = tasks.of_business_key(session, f"mote:{world.meeting_id}")
        answers = {"arenden": [], "anmalningar": [], "sagt": words}
        tasks.save_draft(session, office.product.engine, task.id, answers, actor=SYSTEM)
        assert world.number in agenda.case_numbers(session, world.meeting_id)
    page = office.visitor("administrator").page(f"/drift/floden/{world.meeting_instance_id}")
    assert words not in page.text
    assert world.meeting_id not in page.words("//main//dd"), "nor what it was started with"
    assert "Flödets värden" not in page.text
