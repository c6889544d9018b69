"""The outbox under Drift: what was written, to whom, and what the reader may not know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import jobs
from engine.host import Actor
from engine.tables import JobKind
from processes import mail, secrecy
from processes.product import Product
from tests.web.pages import Page, Visitor

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
ADDRESS = "/drift/utkorg"
ROWS = "//main//tbody/tr"


def write(product: Product, subject: str, **given: str | None) -> None:
    letter = {"to": "anna@example.se", "body": "Innehållet", "about": mail.NO_CASE, **given}
    with product.database.writing() as session:
        mail.queue(session, product.engine, subject=subject, **letter)  # type: ignore[arg-type]


def outbox(log_in: LogIn, query: str = "") -> Page:
    return log_in("administrator").page(f"{ADDRESS}{query}")


def test_an_empty_outbox_says_what_comes_there(log_in: LogIn) -> None:
    assert outbox(log_in).words("//main//h2") == ["Inga mejl än"]


def test_drift_leads_to_it(log_in: LogIn) -> None:
    assert log_in("administrator").page("/drift/").root.xpath(f"//main//a[@href='{ADDRESS}']")


@pytest.mark.parametrize("username", ["registrator_rs", "processagare", "handlaggare_1"])
def test_only_administrators_see_it(log_in: LogIn, username: str) -> None:
    log_in(username).page(ADDRESS, 403)


def test_what_waits_and_what_is_kept_for_want_of_a_server_or_an_address(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    write(product, "Ett nytt ärende", about=number)
    jobs.drain(product.engine)
    product.clock.forward(minutes=1)  # type: ignore[attr-defined]
    write(product, "Utan adress", to="Anna (saknar e-postadress)")
    jobs.drain(product.engine)
    product.clock.forward(minutes=1)  # type: ignore[attr-defined]
    write(product, "Inte skickat än")
    page = outbox(log_in)
    assert page.words(f"{ROWS}/th") == [
        "Inte skickat än", "Utan adress", "Ett nytt ärende",
    ]  # fmt: skip
    assert page.words(f"{ROWS}/td[3]") == [
        "Väntar", "Sparat här: ingen e-postadress", "Sparat här",
    ]  # fmt: skip
    assert page.words(f"{ROWS}[3]/td[1]//a") == [number]
    assert page.words(f"{ROWS}[3]/td[2]") == ["anna@example.se"]
    assert "Innehållet" not in page.text


def test_what_was_sent_and_what_failed(log_in: LogIn, product: Product) -> None:
    write(product, "Framme")
    jobs.drain(product.engine)
    with product.database.writing() as session:
        session.query(mail.SentMail).update({"delivered": True})

    product.clock.forward(minutes=1)  # type: ignore[attr-defined]

    def unreachable(*_given: object) -> None:
        raise OSError("E-postservern svarar inte.")

    product.engine.job_handlers[JobKind.MAIL] = unreachable
    write(product, "Aldrig framme")
    for _attempt in range(8):
        jobs.drain(product.engine)
        product.clock.forward(hours=1)  # type: ignore[attr-defined]
    page = outbox(log_in)
    assert page.words(f"{ROWS}/th") == ["Aldrig framme", "Framme"]
    assert page.words(f"{ROWS}/td[3]") == ["Misslyckat", "Skickat"]


def test_of_a_case_one_may_not_see_it_tells_neither_whom_nor_what(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    write(product, f"Nytt ärende till dig: {number} Fortsatt nattåg", about=number)
    jobs.drain(product.engine)
    write(product, f"Påminnelse: {number}", about=number)
    write(product, "Brev som inte säger om vad", about=None)
    with product.database.writing() as session:
        secrecy.mark_case(
            session, product.engine, number, legal_ground="25 kap. 1 § OSL",
            public_heading="Anmälan", actor=Actor(id="registrator_rs"),
        )  # fmt: skip
    page = outbox(log_in)
    assert page.words(f"{ROWS}/th") == ["Visas inte"] * 3
    assert page.words(f"{ROWS}/td[1]") == ["–"] * 3
    assert page.words(f"{ROWS}/td[2]") == ["Visas inte"] * 3
    assert number not in page.text
    assert "nattåg" not in page.text
    assert "anna@example.se" not in page.text


def test_markup_in_a_letter_is_shown_as_it_was_written(log_in: LogIn, product: Product) -> None:
    write(product, "<script>alert(1)</script>", to="<b>anna</b>")
    jobs.drain(product.engine)
    page = outbox(log_in)
    assert page.words(f"{ROWS}/th") == ["<script>alert(1)</script>"]
    assert page.words(f"{ROWS}/td[2]") == ["<b>anna</b>"]


def test_page_after_page_shows_every_letter_once(log_in: LogIn, product: Product) -> None:
    for number in range(60):
        write(product, f"Brev {number:02}")
        if number % 2:
            jobs.drain(product.engine)
        product.clock.forward(minutes=1)  # type: ignore[attr-defined]
    write(product, "Brev 60")
    first = outbox(log_in)
    [rest] = first.root.xpath("//a[@rel='next']/@href")
    second = log_in("administrator").page(rest)
    subjects = first.words(f"{ROWS}/th") + second.words(f"{ROWS}/th")
    assert len(first.words(f"{ROWS}/th")) == 50
    assert sorted(subjects) == [f"Brev {number:02}" for number in range(61)]
    assert second.root.xpath(f"//a[@href='{ADDRESS}']")


def test_a_made_up_place_in_the_list_is_refused_kindly(log_in: LogIn) -> None:
    answer = log_in("administrator").client.get(f"{ADDRESS}?fran=x")
    assert answer.status_code < 500
