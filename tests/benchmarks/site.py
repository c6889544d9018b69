"""The product as it is run: processes of its own that answer over HTTP, on a folder of data."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import orjson
import psutil

from engine.database import Database
from processes import accounts, demo, installation
from processes.product import Product
from processes.settings import Settings
from tests.benchmarks.backends import Backend

PATIENCE_SECONDS = 60
KEPT_SECONDS = 1  # gunicorn closes what lies unused for two
HOST = "127.0.0.1"
NAME = "Mätregionen"


@dataclass
class Site:
    """Where it answers, and what the benchmark may do behind its back."""

    product: Product
    process: subprocess.Popen[bytes]
    port: int

    def token(self, username: str) -> str:
        with self.product.database.writing() as session:
            now = self.product.clock.now()
            return accounts.create_token(session, username, label="bench", now=now)

    def megabytes(self) -> list[float]:
        """Resident memory of the whole product: of its process and of those it has started."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        return [each.memory_info().rss / 2**20 for each in family]


class Caller:
    """One client on one kept connection, begun anew where it has lain unused for a while."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
        self._used_at = 0.0

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def get(self, path: str, token: str) -> tuple[int, bytes]:
        return self._call("GET", path, token, None)

    def post(self, path: str, token: str, content: Any) -> tuple[int, bytes]:
        return self._call("POST", path, token, orjson.dumps(content))

    def _call(self, method: str, path: str, token: str, body: bytes | None) -> tuple[int, bytes]:
        if time.monotonic() - self._used_at > KEPT_SECONDS:
            self._connection.close()  # before the server closes it; the next call opens it again
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection.request(method, f"/api/v1{path}", body=body, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self._used_at = time.monotonic()
        return answer.status, content


@contextmanager
def furnished(backend: Backend) -> Iterator[Product]:
    """An installation without cases, with a folder of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="arendegang-bench-"))
        database = stack.enter_context(backend.database(_install))
        product = _product_on(database, Path(folder))
        yield product
        product.close()


@contextmanager
def serving(products: Sequence[Product]) -> Iterator[list[Site]]:
    """`arendegang run` on each installation until the block ends; they start side by side."""
    with ExitStack() as stack:
        sites = [stack.enter_context(_started(product)) for product in products]
        for site in sites:
            _wait_for(site)
        yield sites


@contextmanager
def _started(product: Product) -> Iterator[Site]:
    port = _free_port()
    command = [sys.executable, "-c", "from web.command_line import main; main()", "run"]
    where = ["--data", str(product.settings.folder), "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ARENDEGANG_")}
    environment["ARENDEGANG_DATABASE_URL"] = product.settings.database_url
    with subprocess.Popen(
        [*command, *where], cwd=Path(__file__).parents[2], env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield Site(product=product, process=process, port=port)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _product_on(database: Database, folder: Path) -> Product:
    url = database.url.render_as_string(hide_password=False)
    product = Product(Settings(folder=folder, database_url=url))
    product.read_installation()
    return product


def _install(database: Database) -> None:
    product = _product_on(database, Path("none"))
    with product.database.writing() as session:
        now = product.clock.now()
        installation.record(session, name=NAME, demo=True, now=now)
        installation.deploy_shipped(session, product.engine)
        demo.create(session, product.engine)
    product.close()


def _wait_for(site: Site) -> None:
    """Until it answers pages and its timers tick."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and site.process.poll() is None:
        connection = HTTPConnection(HOST, site.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise SystemExit("the product did not start; its own words stand above")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
