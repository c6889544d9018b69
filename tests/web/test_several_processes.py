"""The grown product: one PostgreSQL, and web processes and workers any of which may die."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from engine import deployments
from engine.clock import SystemClock
from engine.database import Database
from engine.host import SYSTEM
from engine.tables import EventLog, Instance, InstanceStatus
from processes import accounts, data_folder, database_version, demo, installation
from processes.product import Product
from processes.settings import Settings
from tests import databases
from tests.engine import bpmn
from tests.web import small_process
from tests.web.started import PATIENCE, Started, process
from web.command_line import main

CLOCK = bpmn.diagram(
    "klocka",
    bpmn.start(),
    bpmn.timer("vanta", "PT2S"),
    bpmn.end(),
    bpmn.chain("start", "vanta", "slut"),
)
TIMERS = 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with databases.database("postgresql", tmp_path, make_region) as database:
        yield database


def make_region(database: Database) -> None:
    database_version.upgrade(database)
    product = Product(Settings(folder=Path("ingen"), database_url=url_of(database)))
    with database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=datetime.now(UTC))
        demo.create(session, product.engine)
        files = {**small_process.files(), "klocka.bpmn": CLOCK}
        deployments.deploy(session, product.engine, files, actor=SYSTEM)
    product.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data_folder.prepare(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def token(database: Database) -> str:
    with database.writing() as session:
        now = SystemClock().now()
        return accounts.create_token(session, "administrator", label="prov", now=now)


@pytest.fixture
def workers(database: Database, folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    command = ("worker", "--data", str(folder))
    started = [process(*command, url=url_of(database)) for _worker in range(2)]
    yield started
    for worker in started:
        worker.kill()
        worker.communicate()


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.mark.long
def test_timers_fire_once_though_processes_are_killed_and_the_rest_ends_cleanly(
    database: Database, folder: Path, token: str, workers: list[subprocess.Popen[str]]
) -> None:
    with Started(folder, "--workers", "2", url=url_of(database)) as web:

        def begin(_number: int) -> Any:
            return web.post("/api/v1/instances", {"process": "klocka"}, token)["id"]

        with ThreadPoolExecutor(4) as people:
            ids = list(people.map(begin, range(TIMERS)))
        workers[0].send_signal(signal.SIGKILL)
        web_processes(web.process.pid)[0].kill()
        wait_until_ended(database, ids)
        assert workers[1].poll() is None
        wait_until_answering(web, ids[0], token)
        assert len(web_processes(web.process.pid)) == 2, "the killed one has been replaced"
        out = ended(web.process)
        assert f"http://127.0.0.1:{web.port}" in out[0]
        assert out[1:] == ["Avsluta med Ctrl+C.", "Avslutat."]
    assert ended(workers[1]) == ["Jobben görs. Avsluta med Ctrl+C.", "Avslutat."]
    with database.reading() as session:
        fired = sa.select(EventLog.instance_id).where(EventLog.kind == "timer_fired")
        assert sorted(session.scalars(fired)) == sorted(ids)


def ended(node: subprocess.Popen[str]) -> list[str]:
    """All that it has said, when it is stopped as by systemd."""
    node.send_signal(signal.SIGTERM)
    out, _err = node.communicate(timeout=PATIENCE)
    assert node.returncode == 0
    return out.splitlines()


def web_processes(parent: int) -> list[psutil.Process]:
    return psutil.Process(parent).children()


def wait_until_ended(database: Database, ids: list[str]) -> None:
    query = sa.select(sa.func.count()).where(Instance.status != InstanceStatus.COMPLETED)
    until = time.monotonic() + PATIENCE
    left = len(ids)
    while left:
        assert time.monotonic() < until, f"{left} timers never fired"
        time.sleep(0.1)
        with database.reading() as session:
            left = session.scalar(query) or 0


def wait_until_answering(web: Any, instance_id: str, token: str) -> None:
    """Whoever had been let in by the process that died meets a closed connection once."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            assert web.get(f"/api/v1/instances/{instance_id}", token)["status"] == "completed"
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


@pytest.mark.parametrize("command", [("run", "--workers", "2", "--demo"), ("worker",)])
def test_several_processes_on_sqlite_are_refused(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path)
    product = Product.open(tmp_path)
    with product.database.writing() as session:
        installation.record(session, name="Region", demo=True, now=product.clock.now())
    product.close()
    with pytest.raises(SystemExit) as ended:
        main([*command, "--data", folder])
    assert ended.value.code == 1
    assert "PostgreSQL" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["mysql://kim:hemligt@maskin/databas", "hemligt ::"])
def test_another_database_is_refused_without_showing_its_password(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARENDEGANG_DATABASE_URL", url)
    with pytest.raises(SystemExit) as ended:
        main(["run", "--data", str(tmp_path)])
    assert ended.value.code == 1
    said = capsys.readouterr()
    assert "postgresql://" in said.err
    assert "hemligt" not in said.err + said.out
