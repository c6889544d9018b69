"""The product behind its real server, and browsers with connections of their own."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

from waitress import wasyncore

from processes.product import Product
from web.server import listening

FORM = "application/x-www-form-urlencoded"


@contextmanager
def served(product: Product) -> Iterator[int]:
    """The port where waitress serves the product, as `run` lets it."""
    server = listening(product, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port
    with suppress(OSError):  # it may wake of itself, and be closed before it is woken
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))  # in its own thread
    thread.join(10)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown()


class Browser:
    """One connection that is kept, as browsers keep theirs."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def ask(
        self, method: str, address: str, body: Any = None, **headers: str
    ) -> tuple[int, str, http.client.HTTPMessage]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(
            method,
            address,
            body=body,
            headers={**sent, **({"Cookie": cookie} if cookie else {})},
            encode_chunked="Transfer-Encoding" in sent,
        )
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for said in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers

    def log_in(self, username: str) -> str:
        """The mark that forms carry."""
        mark = mark_in(self.ask("GET", "/logga-in")[1])
        self.form("/logga-in/roll", {"csrf_token": mark, "username": username})
        return mark_in(self.ask("GET", "/min-sida/")[1])

    def form(self, address: str, values: Mapping[str, str]) -> tuple[int, str, str]:
        """Status, text, and where it leads."""
        status, text, headers = self.ask("POST", address, urlencode(values), Content_Type=FORM)
        return status, text, headers.get("Location", "")


def mark_in(text: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found
    return found[1]
