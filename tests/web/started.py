"""The product in processes of its own, asked over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ARENDEGANG = (sys.executable, "-c", "from web.command_line import main; main()")
PATIENCE = 180.0  # seconds that a start may take on a machine with much else to do


@dataclass(frozen=True, kw_only=True)
class Running:
    process: subprocess.Popen[str]
    port: int

    def get(self, path: str, token: str = "") -> Any:
        return self._ask(urllib.request.Request(self._address(path)), token)

    def post(self, path: str, content: dict[str, Any], token: str) -> Any:
        data = json.dumps(content).encode()
        headers = {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(self._address(path), data, headers), token)

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _ask(self, request: urllib.request.Request, token: str) -> Any:
        request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.loads(response.read())

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.process.communicate()
            try:
                self.get("/readyz")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError("it never became ready")


class Started:
    """The product in a process of its own, on a port that was free."""

    def __init__(self, folder: Path, *more: str, url: str = "") -> None:
        port = free_port()
        command = ["run", "--port", str(port), "--data", str(folder), *more]
        self.running = Running(port=port, process=process(*command, url=url))

    def __enter__(self) -> Running:
        self.running.wait_until_ready()
        return self.running

    def __exit__(self, *_error: object) -> None:
        self.running.process.kill()
        self.running.process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def process(*command: str, url: str = "", told_to: Path | None = None) -> subprocess.Popen[str]:
    """A command that goes on, on SQLite if no `url` is given.

    What has much to tell is to tell it to a file: at 64 KB that nobody reads it stands still.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if url:
        environment["ARENDEGANG_DATABASE_URL"] = url
    with ExitStack() as stack:
        file = stack.enter_context(told_to.open("a")) if told_to else subprocess.PIPE
        return subprocess.Popen(
            [*ARENDEGANG, *command], stdout=file, stderr=file, text=True, env=environment
        )
