"""Files sent with a task become records of its case; and what the step asks stands by its rule."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from engine import deployments, tasks
from engine.host import SYSTEM
from engine.tables import Task, TaskStatus
from processes import records
from processes.product import Product
from tests.engine import bpmn
from tests.web.pages import Page, Visitor
from tests.web.test_tasks import open_task, take

LogIn = Callable[[str], Visitor]
FORM = {
    "type": "object",
    "properties": {
        "underlag": {
            "title": "Underlag",
            "type": "array",
            "items": {"type": "string"},
            "x-widget": "file",
        },
        "meddelande": {"title": "Meddelande", "type": "string"},
    },
    "required": ["underlag", "meddelande"],
}


@pytest.fixture
def task(product: Product, register: Callable[[], str]) -> Task:
    documented = bpmn.node(
        "userTask", "fordela_arende", inside="", name="Fördela ärendet", role="Fördelare",
        form="bifoga", deadline="3 arbetsdagar", rule="A10 · 4",
    ).replace("<bpmn:extensionElements>", "<bpmn:documentation>Läs igenom brevet först."
              "</bpmn:documentation><bpmn:extensionElements>", 1)  # fmt: skip
    diagram = bpmn.diagram(
        "arende", bpmn.start(), documented, bpmn.end(),
        bpmn.chain("start", "fordela_arende", "slut"),
    )  # fmt: skip
    files = {"arende.bpmn": diagram, "bifoga.json": json.dumps(FORM)}
    with product.database.writing() as session:
        deployments.deploy(session, product.engine, files, actor=SYSTEM)
    return open_task(product, register())


def test_files_become_working_material_of_the_case(
    log_in: LogIn, task: Task, product: Product
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    uploads = [(io.BytesIO(b"ett"), "../../ett.pdf"), (io.BytesIO(b"tva"), "två.txt")]
    answer = visitor.post(address, {"underlag": uploads, "meddelande": "Se bilagorna."})
    assert answer.status_code == 302
    with product.database.reading() as session:
        assert tasks.get(session, task.id).status == TaskStatus.COMPLETED
        (record,) = records.of_case(session, str(task.business_key))
        assert record.subject == "Fördela ärendet: Underlag"
        assert not record.registered
        kept = {file.name for file in records.files(session, [record.id])[record.id]}
    assert kept == {"ett.pdf", "två.txt"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"underlag": [(io.BytesIO(b"x"), "a.pdf")]}, "Meddelande"),
        ({"meddelande": "Utan fil."}, "Underlag"),
        ({"underlag": [(io.BytesIO(b""), "tom.pdf")], "meddelande": "Tom."}, "tom.pdf är tom"),
    ],
)
def test_a_refused_form_leaves_no_record(
    log_in: LogIn, task: Task, product: Product, values: dict[str, object], words: str
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    answer = visitor.post(address, values)
    assert answer.status_code == 422
    page = Page(answer)
    assert words in page.text
    assert "Välj filerna på nytt." in page.text
    with product.database.reading() as session:
        assert records.of_case(session, str(task.business_key)) == []


def test_the_box_says_what_to_do_here_and_what_the_rules_ask(log_in: LogIn, task: Task) -> None:
    page = log_in("regionstabschef").page(f"/uppgift/{task.id}")
    (box,) = page.words("//details[summary[contains(., 'Varför')]]")
    assert "Läs igenom brevet först." in box
    assert page.words("//p[@class='rule']")
    assert "steg A10" in box
