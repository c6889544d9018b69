"""The basis for decision and the memorandum can be read by those who see the case, as written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import deployments, tasks
from engine.host import SYSTEM, Actor
from processes import cases, delegation, secrecy
from processes.delegation import DelegatedDecision
from processes.installation import DIAGRAMS
from processes.product import Product
from tests.engine import bpmn
from tests.web.pages import Visitor

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
OFFICER, LINK = "handlaggare_1", "Beslutsunderlag och tjänsteskrivelse"
BASIS_FORM, MEMORANDUM_FORM = "ta_fram_beslutsunderlag", "uppratta_tjansteskrivelse"
PERSPECTIVES = ("jamstalldhet", "barns_rattigheter", "ekonomi", "miljo", "regional_utveckling")
MARKUP = "<script>alert(1)</script> & <b>fet</b>"
BASIS: dict[str, Any] = {
    "syfte_och_bakgrund": f"Nattåget behövs.\n{MARKUP}",
    "tidigare_beslut": "Inga.",
    "lagar": "Kommunallagen.",
    "styrande_dokument": "Regionplanen.",
    "konsekvenser": "Fler åker tåg.",
    "statistik": "Behövs inte.",
    "markta": True,
    **dict.fromkeys(PERSPECTIVES, "ingen"),
    **{f"{name}_text": "Litet ärende." for name in PERSPECTIVES},
}
MEMORANDUM: dict[str, Any] = {
    "rubrik": "Nattåg till länet",
    "sammanfattning": "Tåget går vidare.",
    "beslutsmeningar": [{"mening": "Motionen bifalls."}, {"mening": "Staten tillskrivs."}],
    "underlag": [{"namn": "Motion.pdf", "upprattad": "2026-02-03"}],
    "upprattad": "2026-02-04",
}


@pytest.fixture
def number(product: Product, register: Register) -> str:
    """A case whose officer is to write the two, then the manager to approve."""
    steps = (
        bpmn.task("underlaget", form=BASIS_FORM, operation="spara_beslutsunderlag",
                  deadline="3 arbetsdagar"),
        bpmn.task("skrivelsen", form=MEMORANDUM_FORM, operation="spara_tjansteskrivelse",
                  deadline="3 arbetsdagar"),
        bpmn.task("godkann", role="Handläggare", deadline="3 arbetsdagar"),
    )  # fmt: skip
    diagram = bpmn.diagram(
        "arende", bpmn.start(), *steps, bpmn.end(),
        bpmn.chain("start", "underlaget", "skrivelsen", "godkann", "slut"),
    )  # fmt: skip
    forms = {
        f"{name}.json": (DIAGRAMS / "forms" / f"{name}.json").read_text("utf-8")
        for name in (BASIS_FORM, MEMORANDUM_FORM)
    }
    with product.database.writing() as session:
        deployments.deploy(session, product.engine, {"arende.bpmn": diagram, **forms}, actor=SYSTEM)
    made = register()
    with product.database.writing() as session:
        cases.get(session, made).case_officer = OFFICER
    return made


def write(product: Product, number: str, answers: dict[str, Any]) -> None:
    """Do the case's open task, as its officer."""
    with product.database.writing() as session:
        (task,) = tasks.of_business_key(session, number)
        tasks.complete(
            session, product.engine, task.id, answers, actor=Actor(id=OFFICER), lock_version=None
        )


def test_what_was_written_is_read_under_its_titles_in_words(
    log_in: LogIn, product: Product, number: str
) -> None:
    write(product, number, BASIS)
    write(product, number, MEMORANDUM)
    page = log_in("omradeschef").page(f"/arenden/{number}/underlag")
    basis = "//section[@aria-labelledby='beslutsunderlag']"
    memorandum = "//section[@aria-labelledby='tjansteskrivelse']"
    titles = page.words(f"{basis}/h3")
    assert titles[0] == "Syfte och bakgrund"
    assert "Att ändra" not in titles, "what the form only shows was not written"
    said = dict(zip(titles, page.words(f"{basis}/p[@class='shown']"), strict=True))
    assert said["Ekonomi"] == "Ingen direkt inverkan, därför att"
    assert said["Varje underlag är märkt med diarienummer och datum"] == "Ja"
    assert page.words(f"{basis}/p")[0].startswith("Av Handläggare 1, i dag 10.20.")
    titles, texts = page.words(f"{memorandum}/h3"), page.words(f"{memorandum}/p[@class='shown']")
    assert list(zip(titles, texts, strict=True)) == [
        ("Rubrik", "Nattåg till länet"),
        ("Sammanfattande beskrivning", "Tåget går vidare."),
        ("Förslag till beslut", "1. Motionen bifalls. 2. Staten tillskrivs."),
        ("Beslutsunderlag", "Motion.pdf, tis 3 feb"),
        ("Tjänsteskrivelsen upprättad", "ons 4 feb"),
    ]


def test_markup_in_it_is_text(log_in: LogIn, product: Product, number: str) -> None:
    write(product, number, BASIS)
    page = log_in(OFFICER).page(f"/arenden/{number}/underlag")
    assert MARKUP in page.words("//p[@class='shown']")[0]
    assert not page.root.xpath("//main//script | //main//p//b")


def test_the_card_and_the_next_task_lead_to_it_once_it_is_written(
    log_in: LogIn, product: Product, number: str
) -> None:
    visitor = log_in(OFFICER)
    link = f"//main//a[.='{LINK}']"
    assert not visitor.page(f"/arenden/{number}").words(link)
    assert "Inget är skrivet än" in visitor.page(f"/arenden/{number}/underlag").text
    write(product, number, BASIS)
    with product.database.reading() as session:
        (task,) = tasks.of_business_key(session, number)
    for address in (f"/arenden/{number}", f"/uppgift/{task.id}"):
        found = visitor.page(address).root.xpath(f"{link}/@href")
        assert found == [f"/arenden/{number}/underlag"], address


def test_outside_a_secret_case_it_is_not_there(
    log_in: LogIn, product: Product, number: str
) -> None:
    write(product, number, BASIS)
    with product.database.writing() as session:
        secrecy.mark_case(
            session, product.engine, number, legal_ground="39 kap. 2 § OSL",
            public_heading="Personal", actor=Actor(id="registrator_rs"),
        )  # fmt: skip
    address = f"/arenden/{number}/underlag"
    assert "Nattåget behövs" in log_in(OFFICER).page(address).text
    for outsider in ("handlaggare_2", "administrator", "processagare"):
        assert "Nattåget" not in log_in(outsider).page(address, 404).text


def test_the_decision_that_a_delegate_is_to_sign_is_there_for_who_checks_it(
    product: Product, log_in: LogIn, number: str
) -> None:
    with product.database.writing() as session:
        delegation.draw_up(
            session,
            DelegatedDecision(
                case_number=number, delegate="delegat", point="3.2", decision="Avtalet godkänns.",
                reasons="Det är förmånligt.", report_to="RS", drawn_up_at=product.clock.now(),
            ),
        )  # fmt: skip
    page = log_in(OFFICER).page(f"/arenden/{number}/underlag")
    for said in ("Delegationsbeslut", "Avtalet godkänns.", "Det är förmånligt.", "3.2"):
        assert said in page.text
