"""Every visible text can be gathered for translation, and another language takes over."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from flask import Flask

from engine.texts import gettext
from processes.product import Product
from tests.web.pages import Visitor
from web import texts
from web.app import create_app
from web.configuration import Configuration

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "web" / "translations" / "babel.cfg"


@pytest.fixture(scope="module")
def messages() -> set[str]:
    """What is gathered, the first form of each plural."""
    with CONFIGURATION.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    methods = [(f"{pattern}", method) for pattern, method in methods]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
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
    ],
)
def test_visible_texts_are_gathered(messages: set[str], message: str) -> None:
    assert message in messages


def test_swedish_is_what_is_written(still_app: Flask) -> None:
    with still_app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert texts.current_language() == "sv"


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
