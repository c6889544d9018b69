"""Too much is told in the same words when several processes serve, over PostgreSQL."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from lxml import html

from engine.clock import SystemClock
from engine.database import Database
from processes import accounts, data_folder
from tests import databases
from tests.web.connected import Browser
from tests.web.started import Running, Started
from tests.web.test_large_bodies import FORM, LARGE, LIMIT, MEGABYTE, upload
from tests.web.test_several_processes import make_region, url_of

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gunicorn") / "data"
    data_folder.prepare(folder)
    return folder


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[Database]:
    with databases.database("postgresql", folder, make_region) as database:
        yield database


@pytest.fixture(scope="module")
def web(database: Database, folder: Path) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ARENDEGANG_MAX_FILE_MB", str(LIMIT // MEGABYTE))
        with Started(folder, "--workers", "2", url=url_of(database)) as web:
            yield web


@pytest.fixture
def browser(web: Running) -> Iterator[Browser]:
    with Browser(web.port) as browser:
        yield browser


@pytest.mark.parametrize("size", [LIMIT + 2 * MEGABYTE, LARGE])
@pytest.mark.parametrize("chunked", [False, True], ids=["in one piece", "chunked"])
def test_a_file_too_large_is_told_by_our_own_page(
    browser: Browser, size: int, *, chunked: bool
) -> None:
    body = upload(browser.log_in("administrator"), size)
    how = {"Transfer_Encoding": "chunked"} if chunked else {"Content_Length": str(len(body))}
    sent: object = iter([body]) if chunked else io.BytesIO(body)
    address = "/administration/kalender"
    status, text, answered = browser.ask("POST", address, sent, Content_Type=FORM, **how)
    assert status == 413
    page = html.fromstring(text)
    assert page.xpath("string(//h1)") == "Filen är för stor"
    assert "Högst 2 MB" in " ".join(page.text_content().split())
    assert "frame-ancestors 'none'" in answered["Content-Security-Policy"]
    assert browser.ask("GET", "/min-sida/")[0] == 200


@pytest.mark.parametrize("chunked", [False, True], ids=["in one piece", "chunked"])
def test_a_text_too_long_is_told_and_never_kept_in_part(browser: Browser, *, chunked: bool) -> None:
    values = {"csrf_token": browser.log_in("administrator"), "name": "x" * 8 * MEGABYTE}
    body = urlencode(values).encode()
    how = {"Transfer_Encoding": "chunked"} if chunked else {}
    kind = "application/x-www-form-urlencoded"
    sent: object = iter([body]) if chunked else body
    status, text, _headers = browser.ask(
        "POST", "/administration/anvandare", sent, Content_Type=kind, **how
    )
    assert status == 413
    assert html.fromstring(text).xpath("string(//h1)") == "Texten är för lång"


@pytest.mark.parametrize(
    ("kind", "address"), [("application/json", "/api/v1/cases"), (FORM, "/api/v1/deployments")]
)
@pytest.mark.parametrize("chunked", [False, True], ids=["in one piece", "chunked"])
def test_a_call_too_large_is_a_problem(
    browser: Browser, database: Database, kind: str, address: str, *, chunked: bool
) -> None:
    with database.writing() as session:
        now = SystemClock().now()
        token = accounts.create_token(session, "processagare", label="prov", now=now)
    how = {"Transfer_Encoding": "chunked"} if chunked else {}
    sent: object = iter([b"x" * LARGE]) if chunked else b"x" * LARGE
    status, text, headers = browser.ask(
        "POST", address, sent, Content_Type=kind, Authorization=f"Bearer {token}", **how
    )
    assert status == 413
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(text)["status"] == 413


def test_what_fits_comes_through_whole(browser: Browser) -> None:
    body = upload(browser.log_in("administrator"), LIMIT // 2)
    address = "/administration/kalender"
    status, text, _headers = browser.ask("POST", address, body, Content_Type=FORM)
    assert status == 422, "it is no calendar, but it was read"
    assert "TOML" in text or "kalender" in text.lower()
