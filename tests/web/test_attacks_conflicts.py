"""Two people at once, old pages and odd forms: told in Swedish, nothing lost, never a 500."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import tasks
from engine.clock import SettableClock
from engine.tables import Task, TaskStatus
from processes import standing, substitutes
from processes.product import Product
from tests.web.pages import Page, Visitor
from tests.web.test_tasks import ANSWERS, open_task, take

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
WRITTEN = "Det här tog lång tid att skriva."


@pytest.fixture
def task(product: Product, register: Register) -> Task:
    return open_task(product, register())


def give_away(product: Product, task: Task, to: str) -> None:
    with product.database.writing() as session:
        tasks.get(session, task.id).assignee = to


@pytest.mark.parametrize(
    "do", [{"do": "complete"}, {"do": "draft"}, {"do": "release"}, {"_row": "vag.add"}]
)
def test_what_was_typed_stays_when_the_task_became_somebody_elses(
    log_in: LogIn, task: Task, product: Product, do: dict[str, str]
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    mark = visitor.page(address).value("csrf_token")
    give_away(product, task, "regiondirektor")
    values = {**ANSWERS, **do, "csrf_token": mark, "meddelande": WRITTEN}
    answer = visitor.client.post(address, data=values)
    assert answer.status_code == 403
    page = Page(answer)
    assert "Uppgiften är inte din längre" in page.words("//h2")
    assert WRITTEN in page.text


@pytest.mark.parametrize("do", [{"do": "draft"}, {"do": "release"}, {"_row": "vag.add"}])
def test_what_was_typed_stays_when_the_task_was_done_meanwhile(
    log_in: LogIn, task: Task, do: dict[str, str]
) -> None:
    visitor, again = log_in("regionstabschef"), log_in("regionstabschef")
    address = take(visitor, task)
    mark = again.page(address).value("csrf_token")
    assert visitor.post(address, ANSWERS).status_code == 302
    answer = again.client.post(address, data={**do, "csrf_token": mark, "meddelande": WRITTEN})
    assert answer.status_code in (403, 409)
    assert WRITTEN in Page(answer).text


def test_an_old_page_saves_no_draft_over_a_newer_one(
    log_in: LogIn, task: Task, product: Product
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    answer = visitor.post(address, {"do": "draft", "lock_version": "1", "meddelande": WRITTEN})
    assert answer.status_code == 409
    assert WRITTEN in Page(answer).text
    with product.database.reading() as session:
        assert tasks.draft(session, task.id) == {}


def test_a_second_press_is_told_and_does_nothing_twice(
    log_in: LogIn, task: Task, product: Product
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    mark = visitor.page(address).value("csrf_token")
    values = {**ANSWERS, "csrf_token": mark, "lock_version": "2"}
    assert visitor.client.post(address, data=values).status_code == 302
    assert visitor.client.post(address, data=values).status_code in (403, 409)
    with product.database.reading() as session:
        assert tasks.get(session, task.id).status == TaskStatus.COMPLETED


def test_a_substitute_can_do_nothing_the_day_after(
    log_in: LogIn, task: Task, product: Product
) -> None:
    clock = product.clock
    assert isinstance(clock, SettableClock)
    give_away(product, task, "kanslichef")  # regionstabschef stands in for them in the demo
    address = f"/uppgift/{task.id}"
    with product.database.writing() as session:
        last = max(
            row.valid_to_on
            for row in substitutes.of(session, "kanslichef", from_on=clock.now().date())
            if row.valid_to_on
        )
    log_in("regionstabschef").page(address)
    clock.forward(days=(last - clock.now().date()).days + 1)
    assert clock.now().date() > last - timedelta(days=1)
    visitor = log_in("regionstabschef")
    with product.database.reading() as session:
        who = standing.of(session, "regionstabschef", clock.now().date())
        assert "kanslichef" not in who.assignees
    assert visitor.post(address, ANSWERS, at="/min-sida/").status_code == 403
    claimed = visitor.post(f"{address}/ta", at="/min-sida/")
    assert claimed.status_code in (403, 409)


def test_a_task_is_handed_over_only_to_those_who_are_offered(
    log_in: LogIn, task: Task, product: Product
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    offered = visitor.page(address).root.xpath("//select[@name='to']/option/@value")
    stranger = "justerare_hsn" if "justerare_hsn" not in offered else ""
    for to in (stranger, "ingen_alls", "regionstabschef", ""):
        answer = visitor.post(f"{address}/lamna-over", {"to": to}, at=address)
        assert answer.status_code == 422, to
    with product.database.reading() as session:
        assert tasks.get(session, task.id).assignee == "regionstabschef"


@pytest.mark.parametrize("action", ["ta", "lamna-over", ""])
def test_nobody_touches_anothers_task(log_in: LogIn, task: Task, action: str) -> None:
    take(log_in("regionstabschef"), task)
    address = f"/uppgift/{task.id}" + (f"/{action}" if action else "")
    values = {**ANSWERS, "to": "handlaggare_1"}
    answer = log_in("handlaggare_2").post(address, values, at="/min-sida/")
    assert answer.status_code in (403, 422)


@pytest.mark.parametrize(
    "values",
    [
        {"_row": f"vag.remove.{'9' * 5000}"},
        {"_row": "meddelande.add", "meddelande": "abc"},
        {"_row": "antal.up.1", "antal": "5"},
        {"_row": "finns_inte.add"},
        {"_row": "."},
        {"_row": "vag.remove.٣", "vag.0.organ": "RS"},
        {"do": "draft", f"vag.{'9' * 5000}.organ": "RS"},
        {"do": "draft", "vag.-1.organ": "RS", "vag..organ": "x", "vag.1e9.organ": "x"},
        {"do": "draft", "antal": "9" * 400, "klart": "9999-99-99"},
        {"do": "draft", "lock_version": "9" * 5000},
        {"do": "okänt", "lock_version": "-1"},
        {"do": "complete", "klart": "0001-01-01", "handlaggare": "handlaggare_1"},
        {"do": "complete", "klart": "9999-12-31", "handlaggare": "handlaggare_1"},
        {"do": "complete", "meddelande": "x" * 1_000_000},
        {"do": "draft", "meddelande": "nul\x00 och \x1b[31m rött \u202e vänt 🙈"},
    ],
)
def test_no_form_makes_us_fail(
    log_in: LogIn, task: Task, values: dict[str, object], product: Product
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    answer = visitor.post(address, values)
    assert answer.status_code < 500
    Page(visitor.client.get(address))
    with product.database.reading() as session:
        kept = str(tasks.draft(session, task.id))
    assert "\x00" not in kept
    assert "\u202e" not in kept
