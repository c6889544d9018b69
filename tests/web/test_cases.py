"""The list of cases, intake, the case card, and changes of a card."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest

from engine import deployments, tasks
from engine.host import SYSTEM, Actor
from processes import cases, meetings, records
from processes.cases import CaseStatus
from processes.product import Product
from processes.records import Direction
from processes.swedish_calendar import deadline_day
from tests.web import small_process
from tests.web.conftest import HEADING
from tests.web.pages import Page, Visitor
from web import dates

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
NEW = {
    "kind": "ansokan",
    "received_on": "2026-02-02",
    "initiator": "Föreningen Norr",
    "registry_code": "RS",
    "heading": "Bidrag till Föreningen Norr",
}


def complete(product: Product, number: str, username: str) -> None:
    """Do the case's open task, as somebody."""
    with product.database.writing() as session:
        (task,) = tasks.of_business_key(session, number)
        answers = {"handlaggare": "handlaggare_1", "klart": "2026-03-02", "osaker": False}
        tasks.complete(
            session,
            product.engine,
            task.id,
            answers if task.form else {},
            actor=Actor(id=username),
            lock_version=task.lock_version,
        )


def test_the_next_letter_can_be_written_at_once(log_in: LogIn) -> None:
    """Forty letters on a Monday: the registry and the day stay, the one before is a link."""
    visitor = log_in("registrator_rs")
    values = {**NEW, "registry_code": "RS", "next": "1"}
    page = visitor.page(visitor.post("/arenden/nytt", values).location)
    assert page.h1 == "Nytt ärende"
    assert page.value("received_on") == NEW["received_on"]
    chosen = "//select[@name='registry_code']/option[@selected]/@value"
    assert page.root.xpath(chosen) == ["RS"]
    assert page.root.xpath("//*[@role='status']//a/@href") == ["/arenden/RS/1/2026"]


def test_a_new_case_gets_its_number_and_the_next_person(log_in: LogIn, product: Product) -> None:
    visitor = log_in("registrator_rs")
    answer = visitor.post("/arenden/nytt", {**NEW, "files": (io.BytesIO(b"brev"), "brev.txt")})
    assert answer.status_code == 302
    assert answer.location == "/arenden/RS/1/2026"
    page = visitor.page(answer.location)
    assert page.h1 == "RS/1/2026 Bidrag till Föreningen Norr"
    [said] = page.words("//*[@role='status']")
    assert said == (
        "Ärendet är registrerat som RS/1/2026. Fördelare RS har det nu: Fördela ärendet."
    )
    with product.database.reading() as session:
        [first] = records.of_case(session, "RS/1/2026")
        assert (first.designation, first.sender) == ("RS/1/2026-1", "Föreningen Norr")
        assert [file.name for file in records.files(session, [first.id])[first.id]] == ["brev.txt"]


def test_what_came_in_on_paper_is_the_first_record_too(log_in: LogIn, product: Product) -> None:
    log_in("registrator_rs").post("/arenden/nytt", NEW)
    with product.database.reading() as session:
        [first] = records.of_case(session, "RS/1/2026")
        assert first.direction == Direction.IN


def test_an_initiative_of_our_own_has_no_record_yet(log_in: LogIn, product: Product) -> None:
    log_in("registrator_rs").post("/arenden/nytt", {**NEW, "kind": "internt"})
    with product.database.reading() as session:
        assert records.of_case(session, "RS/1/2026") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"heading": ""}, "heading"),
        ({"kind": "okand"}, "kind"),
        ({"received_on": "2026-02-31"}, "received_on"),
        ({"received_on": "2027-01-01"}, "received_on"),
        ({"secret": "1", "public_heading": "Ansökan"}, "legal_ground"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_registered(
    log_in: LogIn, product: Product, wrong: dict[str, str], field: str
) -> None:
    answer = log_in("registrator_rs").post("/arenden/nytt", {**NEW, **wrong})
    assert answer.status_code == 422
    page = Page(answer)
    assert page.root.xpath("//*[@role='alert']//a/@href") == [f"#{field}"]
    assert page.value("initiator") == "Föreningen Norr", "what was typed stays"
    with product.database.reading() as session:
        assert cases.resolve(session, "RS/1/2026") is None


def test_only_registrars_give_numbers(log_in: LogIn) -> None:
    page = log_in("handlaggare_1").page("/arenden/nytt")
    assert "Registrering görs av registratorn" in page.text
    refused = log_in("handlaggare_1").post("/arenden/nytt", NEW, at="/min-sida/")
    assert refused.status_code in (403, 422)


def test_a_likely_duplicate_is_shown(log_in: LogIn, register: Register) -> None:
    number = register()
    answer = log_in("registrator_rs").client.get(f"/arenden/nytt/liknande?heading={HEADING}")
    assert number in answer.text


def test_the_card_tells_where_the_case_is(log_in: LogIn, register: Register) -> None:
    page = log_in("handlaggare_1").page(f"/arenden/{register()}")
    assert page.h1 == f"RS/1/2026 {HEADING}"
    assert page.words("//ol[@class='line']/li[@aria-current]/b") == ["Fördelat"]
    assert page.words("//section[@aria-labelledby='uppgifter']//tbody//th") == ["Fördela ärendet"]
    assert page.root.xpath("//script[@id='bild-arende-data']"), "its diagram"
    rows = page.words("//section[@aria-labelledby='var']//tbody/tr")
    assert rows[0].startswith("Registrera ärendet Registrering Klart Registrator RS")
    assert rows[1].startswith("Fördela ärendet Arende Pågår")


def test_the_card_lists_every_step_with_actor_and_day(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    complete(product, number, "regionstabschef")
    product.clock.forward(days=1)  # type: ignore[attr-defined]
    complete(product, number, "registrator_rs")
    rows = (
        log_in("handlaggare_1")
        .page(f"/arenden/{number}")
        .words("//section[@aria-labelledby='var']//tbody/tr")
    )
    assert rows == [
        "Registrera ärendet Registrering Klart Registrator RS ons 4 feb 10.20",
        "Fördela ärendet Arende Klart Regionstabschef ons 4 feb 10.20",
        "Ta emot beskedet Arende Klart Registrator RS i dag 10.20",
    ]


def test_the_list_is_narrowed_by_words_status_and_body(log_in: LogIn, register: Register) -> None:
    register()
    visitor = log_in("handlaggare_2")
    for query, found in (
        ("", 1), ("?q=nattåg", 1), ("?q=finns inte", 0), ("?status=Registrerat", 1),
        ("?status=Arkiverat", 0), ("?diarium=HSN", 0), ("?organ=RF", 0),
    ):  # fmt: skip
        rows = visitor.page(f"/arenden/{query}").words("//table//tbody/tr")
        assert len(rows) == found, query


def test_a_card_is_changed_by_those_with_a_part_in_it(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    address = f"/arenden/{number}/andra"
    log_in("handlaggare_2").page(address, 403)
    visitor = log_in("registrator_rs")
    page = visitor.page(address)
    values = {
        "heading": "Motion om fler nattåg", "kind": "motion", "received_on": "2026-01-28",
        "lock_version": page.value("lock_version"),
    }  # fmt: skip
    assert visitor.post(address, {**values, "heading": ""}).status_code == 422
    assert visitor.post(address, values).status_code == 302
    assert visitor.post(address, {**values, "heading": "För sent"}).status_code == 409
    assert visitor.page(f"/arenden/{number}").h1 == "RS/1/2026 Motion om fler nattåg"


def test_officer_secrecy_and_withdrawal_say_what_is_missing(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    visitor, address = log_in("registrator_rs"), f"/arenden/{number}"
    for part, values, said in (
        ("handlaggare", {"officer": "ingen"}, "person"),
        ("sekretess", {"do": "mark", "legal_ground": "nej", "public_heading": "x"}, "Lagrum"),
        ("aterkalla", {"reason": " "}, "varför"),
    ):
        answer = visitor.post(f"{address}/{part}", values, at=f"{address}/andra")
        assert answer.status_code == 422, part
        [wrong] = Page(answer).words("//*[contains(@class, 'ds-validation-message')]")
        assert said in wrong or part == "sekretess", wrong
    with product.database.reading() as session:
        case = cases.get(session, number)
        assert (case.case_officer, case.secret, case.withdrawn_at) == (None, False, None)


def test_a_case_that_waits_for_a_meeting_says_which(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    with product.database.writing() as session:
        meeting = meetings.upcoming(session, "RS", on_or_after=date(2026, 2, 4), limit=1)[0]
        case = cases.get(session, number)
        case.path, case.planned_meetings = ["RS"], {"RS": meeting.id}
        case.status = CaseStatus.READY
        day = dates.day(meeting.on, today=date(2026, 2, 4)).replace(dates.NO_BREAK, " ")
    card = log_in("registrator_rs").page(f"/arenden/{number}")
    [decision] = card.words("//ol[@class='line']/li[@aria-current='step']/small")
    assert decision == f"RS {day}"


def test_only_those_who_are_case_officers_are_offered_a_case(
    log_in: LogIn, register: Register
) -> None:
    visitor, address = log_in("registrator_rs"), f"/arenden/{register()}"
    offered = visitor.page(f"{address}/andra").words("//select[@name='officer']/option")
    assert "Handläggare 1 · Regional utveckling" in offered
    assert not any("Administratör" in one for one in offered)
    answer = visitor.post(
        f"{address}/handlaggare", {"officer": "administrator"}, at=f"{address}/andra"
    )
    assert answer.status_code == 422
    assert "Välj en person som har rollen Handläggare." in Page(answer).text


def test_a_case_is_handed_over_marked_and_withdrawn(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    visitor, address = log_in("registrator_rs"), f"/arenden/{number}"
    for part, values in (
        ("handlaggare", {"officer": "handlaggare_1"}),
        (
            "sekretess",
            {"do": "mark", "legal_ground": "25 kap. 1 § OSL", "public_heading": "Ärende"},
        ),
        ("sekretess", {"do": "lift", "reason": "Den som berörs har samtyckt."}),
        ("aterkalla", {"reason": "Motionären drar tillbaka den."}),
    ):
        answer = visitor.post(f"{address}/{part}", values, at=f"{address}/andra")
        assert answer.status_code == 302, (part, answer.text[:300])
    with product.database.reading() as session:
        case = cases.get(session, number)
        assert (case.case_officer, case.secret) == ("handlaggare_1", False)
        assert case.withdrawn_at is not None


def test_a_secret_case_is_not_there_for_others(log_in: LogIn, product: Product) -> None:
    log_in("registrator_rs").post(
        "/arenden/nytt",
        {**NEW, "secret": "1", "legal_ground": "25 kap. 1 § OSL", "public_heading": "Ansökan"},
    )
    log_in("registrator_rs").page("/arenden/RS/1/2026")
    for username in ("handlaggare_2", "administrator"):
        visitor = log_in(username)
        for page in ("", "/andra", "/ny-handling"):
            visitor.page(f"/arenden/RS/1/2026{page}", 404)
        assert "Föreningen" not in visitor.page("/arenden/").text
        similar = visitor.client.get("/arenden/nytt/liknande?heading=Bidrag till Föreningen Norr")
        assert "Föreningen" not in similar.text


def test_a_new_day_says_what_it_moves_before_it_is_saved(
    log_in: LogIn, register: Register, product: Product
) -> None:
    files = small_process.files()
    files["arende.bpmn"] = files["arende.bpmn"].replace("3 arbetsdagar", "senast färdigdatum")
    with product.database.writing() as session:
        deployments.deploy(session, product.engine, files, actor=SYSTEM)
    number = register()
    with product.database.writing() as session:
        cases.change(
            session, product.engine, number, {"ready_by_on": date(2026, 3, 2)}, actor=SYSTEM
        )

    def due_on() -> date:
        with product.database.reading() as session:
            [task] = tasks.of_business_key(session, number)
            return deadline_day(task.due_at)

    assert due_on() == date(2026, 3, 2), "the task moved with the day"
    visitor, address = log_in("registrator_rs"), f"/arenden/{number}/andra"
    page = visitor.page(address)
    names = ("heading", "kind", "received_on", "lock_version")
    values = {name: page.value(name) or "" for name in names} | {
        "kind": "motion", "ready_by_on": "2026-03-09",
    }  # fmt: skip
    asked = Page(visitor.post(address, values))
    [said] = asked.words("//section[@aria-labelledby='flyttas']//li")
    assert said == "Fördela ärendet: mån 2 mar → blir mån 9 mar"
    assert asked.value("ready_by_on") == "2026-03-09"
    assert due_on() == date(2026, 3, 2), "nothing is saved yet"
    another = {**values, "ready_by_on": "2026-03-16", "confirmed": asked.value("confirmed")}
    assert Page(visitor.post(address, another)).words("//section[@aria-labelledby='flyttas']")
    done = visitor.post(address, {**values, "confirmed": asked.value("confirmed")})
    assert done.status_code == 302
    assert due_on() == date(2026, 3, 9)


def test_a_change_that_moves_nothing_is_saved_at_once(log_in: LogIn, register: Register) -> None:
    visitor, address = log_in("registrator_rs"), f"/arenden/{register()}/andra"
    page = visitor.page(address)
    values = {name: page.value(name) or "" for name in ("heading", "received_on", "lock_version")}
    answer = visitor.post(address, {**values, "kind": "motion", "ready_by_on": "2026-03-09"})
    assert answer.status_code == 302
