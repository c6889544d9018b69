"""From the inbox through a task and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import tasks
from engine.clock import SettableClock
from engine.tables import Task, TaskStatus
from processes.product import Product
from tests.web.pages import Page, Visitor

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
ANSWERS = {"handlaggare": "handlaggare_1", "klart": "2026-02-12", "beslutsform": "delegation"}


def open_task(product: Product, number: str) -> Task:
    with product.database.reading() as session:
        return tasks.of_business_key(session, number)[0]


def take(visitor: Visitor, task: Task) -> str:
    """The task's address, once it is the visitor's."""
    address = f"/uppgift/{task.id}"
    assert visitor.post(f"{address}/ta", at=address).status_code == 302
    return address


@pytest.fixture
def task(product: Product, register: Register) -> Task:
    return open_task(product, register())


def test_the_inbox_shows_what_can_be_taken_with_its_deadline(log_in: LogIn, task: Task) -> None:
    page = log_in("regionstabschef").page("/inkorg")
    row = page.words("//tr[contains(@class, 'row')]")[0]
    assert row.startswith("Fördela ärendet Motion om fortsatt nattåg till länet RS/1/2026")
    assert "har väntat 1 minut" in row
    assert "mån 9 feb om 5 dagar" in row
    assert page.words("//h2")[-1] == "Att ta"


def test_a_taken_task_is_mine_and_colleagues_see_who_took_it(log_in: LogIn, task: Task) -> None:
    visitor = log_in("regionstabschef")
    take(visitor, task)
    page = visitor.page("/inkorg")
    assert "Senare" in page.words("//h2")
    assert "från Registrator RS" in page.words("//span[@class='meta']")[0]


def test_two_who_take_the_same_task_are_told_apart(
    log_in: LogIn, task: Task, product: Product
) -> None:
    first, second = log_in("regionstabschef"), log_in("regionstabschef")
    address = f"/uppgift/{task.id}"
    values = {"lock_version": task.lock_version}
    assert first.post(f"{address}/ta", values, at=address).status_code == 302
    late = second.post(f"{address}/ta", values, at=address)
    assert late.status_code == 409
    assert Page(late).h1 == "Någon annan hann före"


def test_a_task_is_done_in_one_step_and_the_inbox_says_who_has_it_now(
    log_in: LogIn, task: Task, product: Product
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    page = visitor.page(address)
    assert page.h1 == "Fördela ärendet"
    assert page.words("//p[@class='ask']")[0].startswith("Bestäm vem som handlägger")
    assert page.words("//div[@class='then']/p") == ["Går till Registrator, som tar emot beskedet."]
    done = visitor.post(address, {**ANSWERS, "lock_version": page.value("lock_version")})
    assert done.location == "/inkorg"
    said = visitor.page("/inkorg").words("//div[@role='status']")[0]
    assert said == (
        "Klart. ”Fördela ärendet” är gjord i RS/1/2026. "
        "Registrator RS har nu ”Ta emot beskedet”, senast fre 6 feb."
    )
    with product.database.reading() as session:
        assert tasks.get(session, task.id).status == TaskStatus.COMPLETED


def test_the_rule_stands_open_until_the_step_has_been_met(
    log_in: LogIn, product: Product, register: Register
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, open_task(product, register()))
    assert visitor.page(address).root.xpath("//details[.//p[@class='rule']]/@open")
    visitor.post(address, ANSWERS)
    again = visitor.page(take(visitor, open_task(product, register())))
    assert again.root.xpath("//details[.//p[@class='rule']]")
    assert not again.root.xpath("//details[.//p[@class='rule']]/@open")


def test_a_refused_form_says_what_is_wrong_and_keeps_what_was_typed(
    log_in: LogIn, task: Task
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    answer = visitor.post(address, {"meddelande": "Stäm av med HSN.", "osaker": "1"})
    assert answer.status_code == 422
    page = Page(answer)
    assert page.root.findtext(".//title").startswith("Fel: Fördela ärendet")
    assert page.words("//h2[@id='fel-rubrik']") == [
        "Uppgiften är inte skickad. Två saker behöver rättas"
    ]
    assert page.root.xpath("//div[@role='alert']//a/@href") == ["#handlaggare", "#klart"]
    assert page.words("//textarea") == ["Stäm av med HSN."]
    kept = visitor.page(address)
    assert kept.words("//textarea") == ["Stäm av med HSN."]
    assert kept.root.xpath("//input[@id='osaker']/@checked")


def test_a_draft_waits_with_its_empty_fields(log_in: LogIn, task: Task) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    saved = visitor.post(address, {"do": "draft", "meddelande": "Halvfärdigt"})
    assert saved.location == address
    page = visitor.page(address)
    assert page.words("//textarea") == ["Halvfärdigt"]
    assert not page.root.xpath("//input[@type='radio']/@checked")


def test_rows_are_added_without_script(log_in: LogIn, task: Task) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    added = visitor.post(address, {**ANSWERS, "_row": "vag.add"})
    assert added.location == f"{address}#vag-0-organ"
    page = visitor.page(address)
    assert page.root.xpath("//input[@name='vag.0.organ']")
    assert page.value("klart") == "2026-02-12"


def test_a_returned_task_keeps_what_was_filled_in(log_in: LogIn, task: Task) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    visitor.post(address, {"do": "release", "meddelande": "Så långt kom jag."})
    page = visitor.page(address)
    assert "Uppgiften ligger hos Fördelare RS." in " ".join(
        page.text.replace("\u00a0", " ").split()
    )
    assert page.words("//textarea") == ["Så långt kom jag."]
    assert page.root.xpath("//fieldset[@disabled]")


def test_a_task_handed_over_is_the_colleagues(log_in: LogIn, task: Task, product: Product) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    visitor.post(f"{address}/lamna-over", {"to": "kanslichef"}, at=address)
    with product.database.reading() as session:
        assert tasks.get(session, task.id).assignee == "kanslichef"


def test_a_task_of_the_one_chosen_to_attest_stays_with_them(
    log_in: LogIn, task: Task, product: Product
) -> None:
    """KL 5:69: whoever takes it over would attest in another's name."""
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    with product.database.writing() as session:
        session.get_one(Task, task.id).role = "Justerare"
    page = visitor.page(address)
    assert not page.root.xpath("//button[@value='release']")
    assert not page.root.xpath("//select[@name='to']")
    visitor.post(address, {"do": "release"}, at=address)
    visitor.post(f"{address}/lamna-over", {"to": "kanslichef"}, at=address)
    with product.database.reading() as session:
        assert tasks.get(session, task.id).assignee == "regionstabschef"


def test_a_substitute_sees_for_whom_and_acts_in_the_own_name(
    log_in: LogIn, task: Task, product: Product
) -> None:
    """The demo lets Regionstabschef stand in for Kanslichef."""
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    visitor.post(f"{address}/lamna-over", {"to": "kanslichef"}, at=address)
    page = visitor.page("/inkorg")
    assert page.words("//span[@class='meta']/b") == ["för Kanslichef"]
    assert "ersätter Kanslichef t.o.m." in page.words("//div[@class='me']")[0]
    assert visitor.post(address, ANSWERS).location == "/inkorg"
    with product.database.reading() as session:
        assert tasks.get(session, task.id).completed_by == "regionstabschef"


def test_somebody_elses_task_can_be_read_but_not_done(log_in: LogIn, task: Task) -> None:
    take(log_in("regionstabschef"), task)
    other = log_in("registrator_rs")
    page = other.page(f"/uppgift/{task.id}")
    assert "Regionstabschef har uppgiften." in page.text
    assert not page.root.xpath("//button[@value='complete' and not(@disabled)]")
    refused = other.post(f"/uppgift/{task.id}", ANSWERS)
    assert refused.status_code == 403
    assert "Inget har ändrats" in refused.text or "inte din" in refused.text


def test_one_task_sent_twice_is_done_once_and_what_was_typed_is_shown(
    log_in: LogIn, task: Task
) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    assert visitor.post(address, ANSWERS).status_code == 302
    second = visitor.post(address, {**ANSWERS, "meddelande": "Skrivet i onödan"})
    assert second.status_code == 409
    page = Page(second)
    assert "Skrivet i onödan" in page.text
    assert "Uppgiften är klar." in page.text


def test_a_stale_page_changes_nothing(log_in: LogIn, task: Task, product: Product) -> None:
    visitor = log_in("regionstabschef")
    address = take(visitor, task)
    answer = visitor.post(address, {**ANSWERS, "lock_version": task.lock_version})
    assert answer.status_code == 409
    with product.database.reading() as session:
        assert tasks.get(session, task.id).status == TaskStatus.OPEN


def test_a_task_that_is_not_there_is_a_kind_404(log_in: LogIn) -> None:
    assert log_in("regionstabschef").page("/uppgift/finnsinte", 404).h1 == "Sidan finns inte"


def test_late_tasks_come_first_and_are_red(log_in: LogIn, task: Task, product: Product) -> None:
    clock = product.clock
    assert isinstance(clock, SettableClock)
    visitor = log_in("regionstabschef")
    take(visitor, task)
    clock.forward(days=6)
    page = log_in("regionstabschef").page("/inkorg")
    assert page.words("//h2")[-1] == "Försenat"
    assert page.words("//span[@data-color='danger']") == ["försenad 1 arbetsdag"]


def test_filters_are_addresses(log_in: LogIn, task: Task) -> None:
    visitor = log_in("regionstabschef")
    page = visitor.page("/inkorg")
    assert page.words("//section[@id='filter']//a")[0] == "Allt 1"
    assert visitor.page("/inkorg?vem=mina").words(
        "//div[@class='empty'] | //section[@class='empty']/h2"
    )
    assert visitor.page("/inkorg?vem=att-ta&roll=F%C3%B6rdelare").words(
        "//tr[@class='row current']"
    )


def test_a_made_up_cursor_is_refused(log_in: LogIn, task: Task) -> None:
    assert log_in("regionstabschef").page("/inkorg?fran=hej", 422).h1 == "Något behöver rättas"


def test_an_empty_inbox_says_why_and_what_comes(log_in: LogIn) -> None:
    page = log_in("sekreterare_rs").page("/inkorg")
    assert page.words("//section[@class='empty']/h2") == ["Inget väntar på dig"]
    [said] = page.words("//section[@class='empty']")
    assert "Nästa sammanträde: " in said


@pytest.mark.parametrize(
    ("username", "said", "way"),
    [
        ("forvaltningschef_run", "Hit kommer till exempel Fördela ärendet.", "/sammantraden/"),
        ("processagare", "1 process gäller. Öppna Processer", "/processer/"),
        ("administrator", "Inget står stilla. Öppna Drift", "/drift/"),
    ],
)
def test_who_seldom_has_a_task_is_told_what_comes_or_where_to_go(
    log_in: LogIn, username: str, said: str, way: str
) -> None:
    page = log_in(username).page("/inkorg")
    [found] = page.words("//section[@class='empty']")
    assert said in found
    assert page.root.xpath("//section[@class='empty']//a/@href")[0].startswith(way)
