"""A secret case is not there for those outside it: no page, list, count, call or error tells."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from processes import accounts, cases, secrecy
from processes.product import Product
from tests.web import secret_world
from tests.web.installing import product_in
from tests.web.pages import Page, Visitor
from tests.web.secret_world import OFFICER, REGISTRAR, WORD, SecretWorld
from web.app import create_app
from web.configuration import Configuration

LogIn = Callable[[str], Visitor]
OUTSIDERS = ("handlaggare_2", "presidium_rs", "registrator_hsn", "processagare", "administrator")
STARTS = ("/inkorg", "/arenden/", "/sammantraden/", "/processer/", "/drift/", "/min-sida/")
# Words of what is hidden, but for the one that no answer may hold.
SEARCHES = ("", "hemlig", "Svensson", "viskningar", "Karlsson", "Personalärende", "brevet")
MOST_PAGES = 70
ALIKE = 2  # so many pages of one kind are enough


@dataclass(frozen=True, kw_only=True)
class Office:
    """The product with its secret, for tests that change nothing: made once."""

    app: Flask
    world: SecretWorld
    tokens: dict[str, str]

    def log_in(self, username: str) -> Visitor:
        return Visitor(self.app.test_client()).log_in(username)


@pytest.fixture(scope="module")
def office(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("secret") / "data"
    shutil.copytree(installed, folder)
    product = product_in(folder)
    product.read_installation()
    world = secret_world.make(product)
    with product.database.writing() as session:
        now = product.clock.now()
        tokens = {
            name: accounts.create_token(session, name, label="prov", now=now) for name in OUTSIDERS
        }
    app = create_app(product, Configuration(secret_key="for tests only"))
    yield Office(app=app, world=world, tokens=tokens)
    product.close()


@pytest.fixture
def world(product: Product) -> SecretWorld:
    """One that may be changed."""
    return secret_world.make(product)


def crawl(visitor: Visitor, starts: list[str]) -> Iterator[tuple[str, str, int]]:
    """Address, text and status of all that can be reached by links, a few of each kind."""
    waiting, seen, kinds = list(starts), set(starts), dict[str, int]()
    for _turn in range(MOST_PAGES):
        if not waiting:
            return
        address = waiting.pop(0)
        answer = visitor.client.get(address)
        text = answer.get_data(as_text=True)
        yield address, text, answer.status_code
        if answer.status_code != 200 or "<!doctype html>" not in text:
            continue
        for link in Page(answer).root.xpath("//a/@href"):
            link = str(link).partition("#")[0]
            kind = "/".join(urlsplit(link).path.split("/")[:3])
            if link.startswith("/") and link not in seen and kinds.get(kind, 0) < ALIKE:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(link)
                waiting.append(link)


@pytest.mark.parametrize("username", OUTSIDERS)
def test_no_page_tells_of_it(office: Office, username: str) -> None:
    visitor = office.log_in(username)
    starts = [
        *STARTS,
        *(f"/sok?q={words}" for words in SEARCHES),
        *(f"/arenden/?q={words}&person={OFFICER}" for words in SEARCHES),
        "/arenden/nytt/liknande?heading=viskningar på kansliet",
        f"/sammantraden/{office.world.meeting_id}",
        f"/uppgift/{office.world.meeting_task_id}",
        f"/arenden/{office.world.open_number}?historia=allt",
        f"/drift/floden/{office.world.meeting_instance_id}",
        f"/drift/floden?arende={office.world.number}",
    ]
    seen = 0
    for address, text, status in crawl(visitor, starts):
        assert status < 500, address
        assert WORD not in text.lower(), address
        seen += status == 200
    assert seen > 25


@pytest.mark.parametrize("username", OUTSIDERS)
def test_every_address_of_it_is_404_in_the_words_for_what_is_not_there(
    office: Office, username: str
) -> None:
    visitor = office.log_in(username)
    for address in office.world.hidden_addresses:
        page = visitor.page(address, 404)
        assert WORD not in page.text.lower(), address
        if "RUN" in address:
            assert office.world.number not in page.text
    nothing = visitor.page("/arenden/RS/999/2026", 404)
    hidden = visitor.page(f"/arenden/{office.world.number}", 404)
    said, of_nothing = hidden.words("//body")[0], nothing.words("//body")[0]
    assert said.replace(office.world.number, "X") == of_nothing.replace("RS/999/2026", "X")


@pytest.mark.parametrize("username", OUTSIDERS)
def test_nothing_is_done_to_it_from_outside(
    log_in: LogIn, world: SecretWorld, username: str, product: Product
) -> None:
    visitor = log_in(username)
    values = {
        "lock_version": "1",
        "heading": "x",
        "reason": "x",
        "officer": username,
        "to": username,
    }
    for address in (
        f"/arenden/{world.number}/andra",
        f"/arenden/{world.number}/handlaggare",
        f"/arenden/{world.number}/sekretess",
        f"/arenden/{world.number}/aterkalla",
        f"/arenden/{world.number}/ny-handling",
        f"/arenden/handling/{world.record_id}",
        f"/arenden/handling/{world.hidden_record_id}",
        f"/uppgift/{world.task_id}",
        f"/uppgift/{world.task_id}/ta",
        f"/uppgift/{world.task_id}/lamna-over",
        f"/uppgift/{world.handed_back_id}/ta",
        f"/drift/floden/{world.instance_id}/avbryt",
    ):
        answer = visitor.post(address, values, at="/min-sida/")
        assert answer.status_code in (403, 404), (address, answer.status_code)
        if not address.startswith("/drift"):
            assert answer.status_code == 404, address
        assert WORD not in answer.text.lower(), address
    with product.database.reading() as session:
        assert cases.get(session, world.number).case_officer == OFFICER


def test_no_search_goes_to_it_by_number_or_alias(office: Office) -> None:
    visitor = office.log_in("handlaggare_2")
    for number in (
        office.world.number,
        office.world.alias,
        office.world.number.lower(),
        f"{office.world.number}-1",
    ):
        answer = visitor.client.get("/sok", query_string={"q": number})
        assert answer.status_code == 200, number
        assert "/arenden/RS" not in answer.text
    mine = office.log_in("registrator_rs").client.get(
        "/sok", query_string={"q": office.world.alias}
    )
    assert mine.location == f"/arenden/{office.world.number}"


def test_what_was_handed_back_shows_and_counts_only_for_those_with_a_part(office: Office) -> None:
    outside = office.log_in("handlaggare_2").page("/inkorg")
    assert office.world.number not in outside.text
    assert not outside.words("//h2[starts-with(., 'Att ta')]")
    inside = office.log_in(OFFICER).page("/inkorg")
    assert office.world.number in inside.text


def test_an_outsider_at_the_meeting_sees_the_public_heading_and_no_way_in(office: Office) -> None:
    visitor = office.log_in("presidium_rs")
    task = visitor.page(f"/uppgift/{office.world.meeting_task_id}")
    assert "Personalärende" in task.text
    assert f"/arenden/{office.world.number}" not in task.text
    assert (
        f"/arenden/{office.world.number}"
        not in visitor.page(f"/sammantraden/{office.world.meeting_id}").text
    )


def test_what_others_write_in_a_task_is_not_for_everybody(office: Office) -> None:
    address = f"/uppgift/{office.world.meeting_task_id}"
    assert "Personalärende" not in office.log_in("handlaggare_2").page(address).text


@pytest.mark.parametrize("username", OUTSIDERS)
def test_no_call_of_the_api_tells_of_it(office: Office, username: str) -> None:
    world = office.world
    header = {"Authorization": f"Bearer {office.tokens[username]}"}
    client = office.app.test_client()

    def get(address: str) -> tuple[int, str]:
        answer = client.get(f"/api/v1{address}", headers=header)
        return answer.status_code, answer.get_data(as_text=True)

    for address in (
        "/tasks", "/tasks?q=viskningar", f"/tasks?case={world.number}", "/cases", "/cases?q=hemlig",
        "/cases?q=viskningar", "/instances", f"/instances?business_key={world.number}",
        f"/instances?business_key={world.alias}", "/incidents", "/timers", "/meetings",
        f"/instances/{world.meeting_instance_id}", f"/tasks/{world.meeting_task_id}",
        f"/instances/{world.meeting_instance_id}/history", f"/cases/{world.open_number}/records",
    ):  # fmt: skip
        status, text = get(address)
        assert status in (200, 403), (address, status, text)
        assert WORD not in text.lower(), (address, text)
        assert world.number not in text or address.startswith(("/tasks/", "/instances/")), address
    for address in (
        f"/cases/{world.number}", f"/cases/{world.alias}", f"/cases/{world.number}/records",
        f"/instances/{world.instance_id}", f"/instances/{world.instance_id}/history",
        f"/tasks/{world.task_id}", f"/tasks/{world.handed_back_id}",
    ):  # fmt: skip
        status, text = get(address)
        assert status == 404, (address, text)
        assert WORD not in text.lower(), address


def test_one_who_had_the_page_open_when_it_became_secret_loses_nothing_and_sees_nothing(
    log_in: LogIn, world: SecretWorld, product: Product
) -> None:
    visitor = log_in("handlaggare_2")
    address = f"/arenden/{world.open_number}/ny-handling"
    mark = visitor.page("/min-sida/").value("csrf_token")
    visitor.page(f"/arenden/{world.open_number}")
    with product.database.writing() as session:
        secrecy.mark_case(
            session, product.engine, world.open_number, legal_ground="39 kap. 2 § OSL",
            public_heading="Personal", actor=REGISTRAR,
        )  # fmt: skip
    answer = visitor.client.post(address, data={"csrf_token": mark, "subject": "Det jag skrev"})
    assert answer.status_code == 404
    page = Page(answer)
    assert "Det jag skrev" in page.text
    assert "nattåg" not in page.text
    assert visitor.client.get(f"/arenden/{world.open_number}").status_code == 404


def test_a_failed_retry_tells_an_administrator_nothing_of_it(
    log_in: LogIn, world: SecretWorld, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(f"{WORD} i felet igen")

    monkeypatch.setattr("engine.incidents.retry", fail)
    visitor = log_in("administrator")
    answer = visitor.post(f"/drift/fel/{world.incident_id}/forsok", at="/min-sida/")
    assert WORD not in answer.text
    assert WORD not in visitor.page("/drift/").text.lower()
