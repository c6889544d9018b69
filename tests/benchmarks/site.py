"""The product as it is run: a process of its own that answers over HTTP, on a folder of data."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson

from processes import accounts, demo, installation
from processes.product import Product

PATIENCE_SECONDS = 60
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

    def megabytes(self) -> float:
        """Resident memory of the whole product: its process and those it has started."""
        return sum(_kilobytes(pid) for pid in _family(self.process.pid)) / 1024


class Caller:
    """One client on one kept connection."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)

    def get(self, path: str, token: str) -> tuple[int, bytes]:
        return self._call("GET", path, token, None)

    def post(self, path: str, token: str, content: Any) -> tuple[int, bytes]:
        return self._call("POST", path, token, orjson.dumps(content))

    def _call(self, method: str, path: str, token: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection.request(method, f"/api/v1{path}", body=body, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def furnished() -> Iterator[Product]:
    """An installation without cases, on SQLite, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="arendegang-bench-") as folder:
        product = Product.open(Path(folder))
        with product.database.writing() as session:
            now = product.clock.now()
            installation.record(session, name=NAME, demo=True, now=now)
            installation.deploy_shipped(session, product.engine)
            demo.create(session, product.engine)
        yield product
        product.close()


@contextmanager
def serving(product: Product) -> Iterator[Site]:
    """`arendegang run` on that installation, until the block ends."""
    port = _free_port()
    command = [sys.executable, "-c", "from web.command_line import main; main()", "run"]
    where = ["--data", str(product.settings.folder), "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ARENDEGANG_")}
    with subprocess.Popen(
        [*command, *where], cwd=Path(__file__).parents[2], env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            _wait_for(process, port)
            yield Site(product=product, process=process, port=port)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the product did not start; its own words stand above")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _kilobytes(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0
