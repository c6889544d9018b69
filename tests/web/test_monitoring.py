"""What is stuck and why, the button that mends it, and one flow with its log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from engine import commands, incidents, instances, jobs, tasks
from engine.host import Actor
from engine.tables import JobKind
from processes import mail, secrecy
from processes.product import Product
from tests.web.pages import Page, Visitor

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
CHIEF = Actor(id="regionstabschef")
BROKEN = "Katalogen svarar inte."


@pytest.fixture
def number(register: Register) -> str:
    return register()


def instance_of(product: Product, number: str) -> str:
    with product.database.reading() as session:
        return instances.of_business_key(session, number)[0].id


def fail(product: Product, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the case's task be completed while something is broken."""

    def broken(*_given: object, **_more: object) -> None:
        raise ConnectionError(BROKEN)

    with product.database.reading() as session:
        [task] = tasks.of_business_key(session, number)

    def complete(session: Session) -> None:
        answers = {"handlaggare": "handlaggare_1", "klart": "2026-03-02"}
        tasks.complete(
            session, product.engine, task.id, answers, actor=CHIEF, lock_version=task.lock_version
        )

    monkeypatch.setattr("engine.spiff.Run.complete", broken)
    with pytest.raises(commands.CommandFailed):
        commands.perform(product.engine, complete, instance_id=task.instance_id)
    monkeypatch.undo()


def test_when_nothing_is_wrong_the_page_says_so(log_in: LogIn, number: str) -> None:
    page = log_in("administrator").page("/drift/")
    assert "Allt går som det ska. Inget står stilla." in page.words("//div[@class='head']//p")
    assert page.words("//section[@aria-labelledby='roller']//tbody//th") == ["Fördelare"]


def test_a_stuck_case_is_two_clicks_from_the_first_page(
    log_in: LogIn, number: str, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(product, number, monkeypatch)
    visitor = log_in("administrator")
    page = visitor.page("/drift/")
    [cause] = page.root.xpath("//li[@class='cause']")
    assert BROKEN.rstrip(".") in cause.text_content()
    [link] = cause.xpath(".//a/@href")
    flow = visitor.page(link)
    assert flow.h1.startswith(number)
    assert flow.words("//section[contains(@class, 'mend')]//button") == ["Försök igen nu"]
    assert "ConnectionError" in flow.words("//pre")[0]


def test_what_failed_is_tried_again_and_the_flow_goes_on(
    log_in: LogIn, number: str, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(product, number, monkeypatch)
    visitor = log_in("administrator")
    address = f"/drift/floden/{instance_of(product, number)}"
    [action] = visitor.page(address).root.xpath("//section[contains(@class, 'mend')]//form/@action")
    answer = visitor.post(action, {"back": address}, at=address)
    assert answer.location == address
    page = visitor.page(address)
    assert not page.words("//section[contains(@class, 'mend')]")
    with product.database.reading() as session:
        assert incidents.list_open(session) == []


def test_letters_that_were_not_sent_are_one_cause_with_one_button(
    log_in: LogIn, product: Product
) -> None:
    def unreachable(*_given: object) -> None:
        raise OSError("E-postservern svarar inte.")

    product.engine.job_handlers[JobKind.MAIL] = unreachable
    with product.database.writing() as session:
        for who in ("handlaggare_1", "handlaggare_2"):
            mail.tell(session, product.engine, who, mail.Letter(subject="Hej", body="Hej"))
    for _attempt in range(8):
        jobs.drain(product.engine)
        product.clock.forward(hours=1)  # type: ignore[attr-defined]
    visitor = log_in("administrator")
    page = visitor.page("/drift/")
    assert page.words("//li[@class='cause']//h3") == ["E-postservern svarar inte"]
    [listed] = page.root.xpath("//li[@class='cause']//a/@href")
    assert len(visitor.page(listed).words("//tbody/tr")) == 2
    [retry] = page.root.xpath("//li[@class='cause']//form/@action")
    product.engine.job_handlers[JobKind.MAIL] = lambda *_given: None
    assert visitor.post(retry, at="/drift/").status_code == 302
    jobs.drain(product.engine)
    assert not visitor.page("/drift/").words("//li[@class='cause']")
    visitor.page(listed, 404)


def test_flows_are_found_by_status_process_and_case(log_in: LogIn, number: str) -> None:
    visitor = log_in("administrator")
    for query, found in (
        ("", 1), ("?status=active", 1), ("?status=completed", 0), ("?fel=1", 0),
        ("?process=arende", 1), (f"?arende={number}", 1), ("?arende=RS/9/2026", 0),
    ):  # fmt: skip
        rows = visitor.page(f"/drift/floden{query}").words("//main//tbody/tr")
        assert len(rows) == found, query


def test_a_flow_shows_where_it_is_and_what_happened(
    log_in: LogIn, number: str, product: Product
) -> None:
    page = log_in("administrator").page(f"/drift/floden/{instance_of(product, number)}")
    assert page.words("//section[@aria-labelledby='lage']//tbody//th") == ["Fördela ärendet"]
    log = page.words("//section[@aria-labelledby='logg']//tbody/tr")
    assert "Kom till steget Fördela ärendet" in log[0]
    assert "Flödet startade: version 1" in log[-1]


def test_a_flow_is_ended_only_with_a_reason(log_in: LogIn, number: str, product: Product) -> None:
    visitor = log_in("administrator")
    address = f"/drift/floden/{instance_of(product, number)}"
    refused = visitor.post(f"{address}/avbryt", {"reason": "  "}, at=address)
    assert refused.status_code == 422
    assert Page(refused).words("//*[@id='reason-error']")
    with product.database.reading() as session:
        assert len(tasks.of_business_key(session, number)) == 1
    sent = visitor.post(f"{address}/avbryt", {"reason": "Dubblett."}, at=address)
    assert sent.status_code == 302
    assert "Flödet avbröts: Dubblett" in visitor.page(address).text
    with product.database.reading() as session:
        assert tasks.of_business_key(session, number) == []


def test_nobody_but_administrators_opens_it(log_in: LogIn, number: str, product: Product) -> None:
    instance_id = instance_of(product, number)
    for username in ("handlaggare_1", "processagare"):
        visitor = log_in(username)
        for address in ("/drift/", "/drift/floden", f"/drift/floden/{instance_id}"):
            visitor.page(address, 403)


def test_a_secret_cases_flow_is_not_there_but_can_be_tried_again(
    log_in: LogIn, number: str, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(product, number, monkeypatch)
    with product.database.writing() as session:
        secrecy.mark_case(
            session, product.engine, number, legal_ground="25 kap. 1 § OSL",
            public_heading="Motion", actor=CHIEF,
        )  # fmt: skip
    visitor = log_in("administrator")
    page = visitor.page("/drift/")
    assert page.words("//li[@class='cause']//h3")[0].startswith("Ett flöde med sekretess")
    assert number not in page.text
    assert BROKEN not in page.text
    visitor.page(f"/drift/floden/{instance_of(product, number)}", 404)
    assert number not in visitor.page("/drift/floden").text
    [retry] = page.root.xpath("//li[@class='cause']//form/@action")
    assert visitor.post(retry, at="/drift/").status_code == 302
    with product.database.reading() as session:
        assert incidents.list_open(session) == []
