"""One box finds cases by number and words, meetings by body and day, and people."""

from __future__ import annotations

from collections.abc import Callable

from engine.host import Actor
from processes import secrecy
from processes.product import Product
from tests.web.pages import Visitor

LogIn = Callable[[str], Visitor]
Register = Callable[[], str]
_REGISTRAR = Actor(id="registrator_rs")


def test_a_number_goes_straight_to_its_card(log_in: LogIn, register: Register) -> None:
    number = register()
    answer = log_in("handlaggare_1").client.get(f"/sok?q={number.lower()}")
    assert answer.location == f"/arenden/{number}"


def test_words_find_the_cases_that_have_them(log_in: LogIn, register: Register) -> None:
    number = register()
    page = log_in("handlaggare_1").page("/sok?q=fortsatt nattåg")
    assert page.h1 == "Sök: fortsatt nattåg"
    [row] = page.words("//section[@aria-labelledby='arenden']//tbody/tr")
    assert number in row
    assert page.value("q") == "fortsatt nattåg", "it stands in the box still"


def test_meetings_and_people_are_found_too(log_in: LogIn) -> None:
    visitor = log_in("handlaggare_1")
    assert visitor.page("/sok?q=regionstyrelsen").words("//section[@aria-labelledby='moten']//li")
    people = visitor.page("/sok?q=regiondirektör").words(
        "//section[@aria-labelledby='manniskor']//li"
    )
    assert people[0].startswith("Regiondirektör")


def test_nothing_found_says_what_to_write(log_in: LogIn) -> None:
    page = log_in("handlaggare_1").page("/sok?q=finnsinte")
    assert page.words("//section[@class='empty']/h2") == ["Inget hittades"]
    log_in("handlaggare_1").page("/sok")


def test_what_is_secret_is_not_found_by_others(
    log_in: LogIn, register: Register, product: Product
) -> None:
    number = register()
    with product.database.writing() as session:
        secrecy.mark_case(
            session, product.engine, number, legal_ground="25 kap. 1 § OSL",
            public_heading="Motion", actor=_REGISTRAR,
        )  # fmt: skip
    for words in (number, "nattåg"):
        page = log_in("administrator").page(f"/sok?q={words}")
        assert not page.words("//section[@aria-labelledby='arenden']")
    found = log_in("registrator_rs").client.get(f"/sok?q={number}")
    assert found.location == f"/arenden/{number}"
