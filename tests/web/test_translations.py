"""Every visible text can be gathered for translation, and another language takes over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from lxml import html

from engine.texts import gettext, translator
from processes import cases, letters
from processes.product import Product
from tests.web.pages import Visitor
from web import texts
from web.app import create_app
from web.configuration import Configuration

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "web" / "translations" / "babel.cfg"
CATALOGUE = ROOT / "web" / "translations" / "en" / "LC_MESSAGES"
NAMED = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def messages() -> set[str]:
    """What is gathered, the first form of each plural."""
    with CONFIGURATION.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    methods = [(f"{pattern}", method) for pattern, method in methods]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None, "_says": None}
    found = set()
    for folder in ("engine", "processes", "web"):
        inner = [
            (pattern.removeprefix(f"{folder}/"), method)
            for pattern, method in methods
            if pattern.startswith(f"{folder}/")
        ]
        inner_options = {
            pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()
        }
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, inner, inner_options, keywords=keywords, directory_filter=_is_ours
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in {"node_modules", "__pycache__", "static", "frontend"}


@pytest.mark.parametrize(
    "message",
    [
        "Inget väntar på dig",  # a template
        "%(num)d arbetsdag",  # a plural in code
        "Uppgiften finns inte.",  # the engine
        "Välj en person som arbetar här.",  # the domain
        "Någon annan hann före",
        "Under handläggning",  # marked in one place, said in another
        "%(who)s fördelade ärendet till %(officer)s.",
    ],
)
def test_visible_texts_are_gathered(messages: set[str], message: str) -> None:
    assert message in messages


@pytest.mark.parametrize("message", ["Ärende att fördela", "Flaggan %(name)s finns inte."])
def test_what_is_always_swedish_is_not(messages: set[str], message: str) -> None:
    """Letters are read by others than the one who caused them; so is the command line."""
    assert message not in messages


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (CATALOGUE / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_nothing_in_the_catalogue_is_a_guess(english: Catalog) -> None:
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_every_translation_fills_in_what_its_message_does(english: Catalog) -> None:
    for message in english:
        assert list(message.check(english)) == [], message.id
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            first = message.id if isinstance(message.id, str) else message.id[0]
            assert message.id == "" or sorted(NAMED.findall(text)) == sorted(NAMED.findall(first))


def test_nearly_everything_is_translated(english: Catalog, messages: set[str]) -> None:
    """What is new may be Swedish for a while: it falls back, but not for ever."""
    missing = {text for text in messages if text not in english or not english[text].string}
    assert len(missing) < 0.05 * len(messages), sorted(missing)


def test_what_is_read_is_what_was_translated(english: Catalog) -> None:
    """`make translations` compiles the catalogue that the application reads."""
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert _said(compiled) == _said(english)


def _said(catalogue: Catalog) -> dict[str, list[str]]:
    """What each message, or the first form of a plural, becomes."""
    found = {}
    for message in catalogue:
        if message.id and message.string:
            first = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string
            found[first] = [said] if isinstance(said, str) else list(said)
    return found


def test_an_english_reader_meets_english(
    log_in: Callable[[str], Visitor], register: Callable[[], str]
) -> None:
    number = register()
    visitor = log_in("registrator_rs")
    visitor.post("/sprak", {"language": "en"}, at="/inkorg")
    card = visitor.client.get(f"/arenden/{number}").text
    assert '<html lang="en"' in card
    assert "Where is the case?" in card
    assert "Registered" in card
    assert "Wed\u00a028\u00a0Jan" in card
    page = html.fromstring(visitor.client.get(f"/arenden/{number}/andra").text)
    mark = page.xpath("//input[@name='csrf_token']/@value")[0]
    refused = visitor.client.post(f"/arenden/{number}/aterkalla", data={"csrf_token": mark})
    assert "Write who withdraws the case and why." in refused.text


def test_a_letter_is_swedish_whoever_caused_it(
    register: Callable[[], str], product: Product
) -> None:
    number = register()
    token = translator.set(lambda _message: "English")
    try:
        with product.database.reading() as session:
            letter = letters.allocated(session, cases.get(session, number), public_url="")
    finally:
        translator.reset(token)
    assert "English" not in f"{letter.subject} {letter.body}"
    assert gettext("Inkorg") == "Inkorg"


def test_swedish_is_what_is_written(still_app: Flask) -> None:
    with still_app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert texts.current_language() == "sv"


def test_the_language_outlives_the_login(log_in: Callable[[str], Visitor]) -> None:
    visitor = log_in("registrator_rs")
    visitor.post("/sprak", {"language": "en"}, at="/inkorg")
    inbox = html.fromstring(visitor.client.get("/inkorg").text)
    mark = inbox.xpath("//input[@name='csrf_token']/@value")[0]
    assert visitor.client.post("/logga-ut", data={"csrf_token": mark}).status_code == 302
    assert '<html lang="en"' in visitor.client.get("/logga-in").text
    with visitor.client.session_transaction() as left:
        assert set(left) <= {"language", "csrf_token", "_fresh"}, "nothing of who it was"


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, product: Product) -> Flask:
    """The application with a small English catalogue."""
    catalogue = Catalog(locale="en")
    catalogue.add("Inkorg", "Inbox")
    catalogue.add("Uppgiften finns inte.", "There is no such task.")
    folder = tmp_path / "catalogues" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(texts, "TRANSLATIONS", str(tmp_path / "catalogues"))
    return create_app(product, Configuration(secret_key="for tests only"))


def test_with_a_catalogue_another_language_can_be_chosen(translated: Flask) -> None:
    visitor = Visitor(translated.test_client()).log_in("registrator_rs")
    assert "English" in visitor.page("/inkorg").words("//div[@id='konto']//button")
    visitor.post("/sprak", {"language": "en"}, at="/inkorg")
    answer = visitor.client.get("/inkorg")
    assert '<html lang="en"' in answer.text
    assert "<h1>Inbox</h1>" in answer.text
    assert "There is no such task." in visitor.client.get("/uppgift/1").text
    assert gettext("Inkorg") == "Inkorg"  # nothing is left behind for the next reader
