"""Files too large, sent over a real connection to a real server: told in words, and it goes on."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

import pytest
from lxml import html

from processes import accounts
from processes.product import Product
from tests.web.connected import Browser, served

MEGABYTE = 1024 * 1024
LIMIT = 2 * MEGABYTE
LARGE = 60 * MEGABYTE
BOUNDARY = "gransen"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def browser(product: Product) -> Iterator[Browser]:
    object.__setattr__(product.settings, "max_file_bytes", LIMIT)
    with served(product) as port, Browser(port) as found:
        yield found


def upload(mark: str, size: int) -> bytes:
    field = 'Content-Disposition: form-data; name="{}"'
    return b"".join(
        (
            f"--{BOUNDARY}\r\n{field.format('csrf_token')}\r\n\r\n{mark}\r\n".encode(),
            f'--{BOUNDARY}\r\n{field.format("file")}; filename="a.toml"\r\n\r\n'.encode(),
            b"x" * size,
            f"\r\n--{BOUNDARY}--\r\n".encode(),
        )
    )


@pytest.mark.parametrize("size", [LIMIT + 2 * MEGABYTE, LARGE])
@pytest.mark.parametrize("chunked", [False, True], ids=["in one piece", "chunked"])
def test_a_file_too_large_is_told_by_our_own_page(
    browser: Browser, size: int, *, chunked: bool
) -> None:
    body = upload(browser.log_in("administrator"), size)
    headers = {"Content_Type": FORM} | ({"Transfer_Encoding": "chunked"} if chunked else {})
    sent: object = iter([body]) if chunked else io.BytesIO(body)
    if not chunked:
        headers["Content_Length"] = str(len(body))
    status, text, answered = browser.ask("POST", "/administration/kalender", sent, **headers)
    assert status == 413
    page = html.fromstring(text)
    assert page.xpath("string(//h1)") == "Filen är för stor"
    assert "Högst 2 MB" in " ".join(page.text_content().split())
    assert "frame-ancestors 'none'" in answered["Content-Security-Policy"]
    connection = browser.connection.sock
    assert browser.ask("GET", "/min-sida/")[0] == 200
    assert browser.connection.sock is connection, "the connection goes on"


def test_what_fits_comes_through_whole(browser: Browser) -> None:
    body = upload(browser.log_in("administrator"), LIMIT // 2)
    status, text, _headers = browser.ask(
        "POST", "/administration/kalender", body, Content_Type=FORM
    )
    assert status == 422, "it is no calendar, but it was read"
    assert "TOML" in text or "kalender" in text.lower()


@pytest.mark.parametrize(
    ("kind", "address"), [("application/json", "/api/v1/cases"), (FORM, "/api/v1/deployments")]
)
def test_a_call_too_large_is_a_problem(
    browser: Browser, product: Product, kind: str, address: str
) -> None:
    with product.database.writing() as session:
        token = accounts.create_token(
            session, "processagare", label="prov", now=product.clock.now()
        )
    status, text, headers = browser.ask(
        "POST", address, b"x" * LARGE, Content_Type=kind, Authorization=f"Bearer {token}"
    )
    assert status == 413
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(text)["status"] == 413


def test_nothing_of_it_is_kept(
    browser: Browser, product: Product, count: Callable[[], int]
) -> None:
    body, before = upload(browser.log_in("administrator"), LARGE), count()
    browser.ask("POST", "/administration/kalender", body, Content_Type=FORM)
    assert count() == before


@pytest.fixture
def count(product: Product) -> Callable[[], int]:
    return lambda: len(list(product.settings.folder.rglob("*")))
