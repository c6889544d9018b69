"""The command line: what it makes, and that every refusal is one clear line and a code."""

from __future__ import annotations

import signal
import socket
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from processes import accounts, demo
from processes.numbering import NumberSeries
from processes.organisation import Role, ScopeKind
from processes.product import Product
from tests.engine import bpmn
from tests.web.commands.shell import PASSWORD, Run, Said, refused
from tests.web.started import PATIENCE, Started
from web import server

# --- init


def test_init_makes_an_installation_with_one_administrator(installed: Path) -> None:
    product = Product.open(installed)
    assert product.demo is False
    with product.database.reading() as session:
        administrators = [user for user in accounts.everyone(session) if user.is_administrator]
        with_password = [user.id for user in accounts.everyone(session) if user.password_hash]
        found = accounts.authenticate(session, "administrator", PASSWORD)
    product.close()
    assert found is not None
    assert [user.id for user in administrators] == [found.id]
    assert with_password == ["administrator"], "nobody of the file can log in yet"


def test_init_twice_changes_nothing(run: Run, installed: Path) -> None:
    said = run("init", demo.FILE, "--data", installed, "--password", PASSWORD)
    refused(said, "finns redan en installation")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[organ\n", "rad 1"),
        ('[[organ]]\nkod = "RS"\n', "namn"),
        ("[[trollkarl]]\n", "trollkarl"),
        ("\xff", "UTF-8"),
    ],
)
def test_a_wrong_organisation_file_says_where(
    run: Run, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "organisation.toml"
    file.write_bytes(text.encode("latin-1"))
    said = run("init", file, "--data", tmp_path / "data", "--password", PASSWORD)
    assert said.code == 1
    assert any(words in line for line in said.err), said.err
    again = run("run", "--data", tmp_path / "data", "--port", "18741")
    refused(again, "finns ingen installation")


def test_init_needs_a_file_and_a_password_that_will_do(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    refused(run("init", tmp_path / "saknas.toml", "--data", data), "Filen finns inte")
    refused(run("init", tmp_path, "--data", data), "mapp")
    refused(run("init", demo.FILE, "--data", data, "--password", "kort"), "Lösenordet")
    refused(run("init"), "saknas", code=2)


# --- run


def test_a_port_in_use_is_said_before_anything_is_made(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(run("run", "--demo", "--port", port, "--data", tmp_path / "data"), str(port))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "abc", "", "-1", "8000.5", "٣"])
def test_what_is_no_port_is_said(run: Run, tmp_path: Path, port: str) -> None:
    refused(run("run", f"--port={port}", "--data", tmp_path / "data"), "ingen port")
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_written_in_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "fil"
    file.touch()
    for folder in (file, file / "data"):
        refused(run("run", "--demo", "--port", "18742", "--data", folder), "går inte att skriva i")


def test_a_database_from_a_newer_version_is_said(run: Run, installed: Path) -> None:
    product = Product.open(installed)
    with product.database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'framtiden'"))
    product.close()
    refused(run("run", "--port", "18743", "--data", installed), "nyare version", "framtiden")


def test_what_is_no_database_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "arendegang.sqlite").write_bytes(b"skr\xc3\xa4p" * 1000)
    refused(run("run", "--port", "18744", "--data", tmp_path), "Databasen går inte att använda")


def test_without_an_installation_there_is_nothing_to_run(run: Run, tmp_path: Path) -> None:
    refused(run("run", "--port", "18745", "--data", tmp_path / "data"), "arendegang init")


def test_two_processes_never_share_a_folder(run: Run, installed: Path) -> None:
    with Started(installed) as first:
        refused(
            run("run", "--port", "18746", "--data", installed), "används redan av en annan start"
        )
        assert first.get("/readyz") == {"database": True, "scheduler": True}


@pytest.mark.parametrize(
    ("name", "value"), [("SMTP_PORT", "tjugofem"), ("MAX_FILE_MB", "-1"), ("SMTP_PORT", "99999999")]
)
def test_a_setting_that_is_no_number_is_said(
    run: Run, installed: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ARENDEGANG_{name}", value)
    refused(run("run", "--port", "18747", "--data", installed), name, value)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("arende.example", "http://arende.example:8000"),
    ],
)
def test_the_address_said_is_one_that_can_be_opened(host: str, address: str) -> None:
    assert server.address_of(host, 8000) == address


def test_an_address_that_is_not_ours_is_said(run: Run, tmp_path: Path) -> None:
    said = run("run", "--host", "192.0.2.1", "--port", "18748", "--data", tmp_path / "data")
    refused(said, "192.0.2.1")


# --- a command that is written wrongly


@pytest.mark.parametrize(
    "arguments",
    [
        ["trolla"],
        ["run", "--trolla"],
        ["lint"],
        ["token", "create"],
        ["run", "--port"],
        ["user", "x"],
    ],
)
def test_what_is_not_understood_is_one_line_too(run: Run, arguments: Sequence[str]) -> None:
    refused(run(*arguments), "--help", code=2)


# --- lint


def test_lint_of_what_is_right_says_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mapp").mkdir()
    (tmp_path / "mapp" / "ratt.bpmn").write_text(_diagram("Registrator"), "utf-8")
    (tmp_path / "mapp" / "anteckning.txt").write_text("hör inte hit", "utf-8")
    for path in (tmp_path, tmp_path / "mapp" / "ratt.bpmn"):
        assert run("lint", path) == Said(code=0, out=[], err=[])


def test_lint_names_file_element_and_fault_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "fel.bpmn"
    file.write_text(_diagram("Trollkarl"), "utf-8")
    said = run("lint", file)
    assert said.code == 1
    assert [line for line in said.out if line.startswith(f"{file}:gor: ")], said.out


def test_lint_goes_by_the_organisation_in_force(run: Run, installed: Path, tmp_path: Path) -> None:
    product = Product.open(installed)
    with product.database.writing() as session:
        session.add(Role(name="Trollkarl", slug="trollkarl", scope_kind=ScopeKind.REGION))
    product.close()
    file = tmp_path / "eget.bpmn"
    file.write_text(_diagram("Trollkarl"), "utf-8")
    assert run("lint", file, "--data", installed) == Said(code=0, out=[], err=[])
    assert run("lint", file, "--data", tmp_path / "ingen").code == 1
    assert not (tmp_path / "ingen").exists()


def test_lint_does_not_guess_at_an_installation_of_another_version(
    run: Run, installed: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(installed / "arendegang.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    file = tmp_path / "ratt.bpmn"
    file.write_text(_diagram("Registrator"), "utf-8")
    refused(run("lint", file, "--data", installed), "annan version", "--data")


def test_warnings_alone_are_no_fault(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "varning.bpmn"
    file.write_text(_diagram("Registrator", deadline=""), "utf-8")
    said = run("lint", file)
    assert all("varning: " in line for line in said.out)
    assert said.code == 0


def test_lint_of_strange_files_and_of_none(run: Run, tmp_path: Path) -> None:
    for name, content in (("tom.bpmn", b""), ("skrap.dmn", b"\x00\xff"), ("trasig.json", b"[")):
        (tmp_path / name).write_bytes(content)
        assert run("lint", tmp_path / name).code == 1
    (tmp_path / "tomt").mkdir()
    refused(run("lint", tmp_path / "tomt"), "inga diagram")
    refused(run("lint", tmp_path / "saknas.bpmn"), "Filen finns inte")


# --- deploy, user create, token create


def test_deploy_makes_a_new_version(run: Run, installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "prov.bpmn"
    file.write_text(_diagram("Registrator"), "utf-8")
    assert run("deploy", file, "--data", installed).out == ["prov version 1"]
    file.write_text(_diagram("Kanslichef"), "utf-8")
    assert run("deploy", tmp_path, "--data", installed).out == ["prov version 2"]
    file.write_text(_diagram("Trollkarl"), "utf-8")
    said = run("deploy", file, "--data", installed)
    assert said.code == 1
    assert said.err[0].startswith("prov.bpmn:gor: ")


def test_an_account_is_made_and_given_a_token(run: Run, installed: Path) -> None:
    account = ("user", "create", "kim", "--name", "Kim", "--password", PASSWORD)
    assert run(*account, "--data", installed).out == ["Kontot kim är skapat."]
    refused(run(*account, "--data", installed), "upptaget")
    (token,) = run("token", "create", "--user", "kim", "--data", installed).out
    product = Product.open(installed)
    with product.database.reading() as session:
        found = accounts.user_of_token(session, token, product.clock.now())
    product.close()
    assert found is not None
    assert found.id == "kim"


def test_accounts_and_tokens_need_an_installation(
    run: Run, tmp_path: Path, installed: Path
) -> None:
    token = ("token", "create", "--user")
    refused(run(*token, "kim", "--data", installed), "inget konto")
    refused(run(*token, "kim", "--data", tmp_path / "fel"), "finns inte")
    assert not (tmp_path / "fel").exists(), "a misspelt folder is not made"
    account = ("user", "create", "Å", "--name", "", "--password", "kort")
    assert run(*account, "--data", installed).code == 1


# --- verify


def test_verify_finds_nothing_in_a_sound_installation(run: Run, installed: Path) -> None:
    said = run("verify", "--data", installed)
    assert (said.code, said.out, said.err) == (0, ["Allt stämmer."], [])


def test_verify_says_what_is_wrong_a_line_each_and_fails(run: Run, installed: Path) -> None:
    product = Product.open(installed)
    with product.database.writing() as session:
        session.execute(sa.text("UPDATE event_log SET actor = 'x' WHERE seq = 2"))
        series = {"series": "RS", "year": 2031, "last": 3}
        session.execute(sa.insert(NumberSeries).values(series))
    product.close()
    said = run("verify", "--data", installed)
    assert said.code == 1
    assert any("loggkedjan är bruten vid rad 2" in line for line in said.out)
    assert "RS 2031: serien har delat ut 3 nummer, men 0 ärenden finns" in said.out
    assert said.err == [f"{len(said.out)} fel."]


# --- a process of its own


@pytest.fixture
def token(run: Run, installed: Path) -> str:
    return run("token", "create", "--user", "registrator_rs", "--data", installed).out[0]


def test_what_was_registered_survives_a_kill_and_timers_go_on(
    run: Run, installed: Path, tmp_path: Path, token: str
) -> None:
    diagram = tmp_path / "klocka.bpmn"
    diagram.write_text(_clock(), "utf-8")
    assert run("deploy", diagram, "--data", installed).code == 0
    administrator = run("token", "create", "--user", "administrator", "--data", installed).out[0]
    new = {"registry": "RS", "heading": "Motion om nattåg", "kind": "motion"}
    with Started(installed) as first:
        number = first.post("/api/v1/cases", new, token)["number"]
        waiting = first.post("/api/v1/instances", {"process": "klocka"}, administrator)["id"]
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(timeout=10)
    time.sleep(2)  # the timer falls due while nothing runs
    with Started(installed) as second:
        assert second.get(f"/api/v1/cases/{number}", token)["heading"] == "Motion om nattåg"
        until = time.monotonic() + PATIENCE
        while second.get(f"/api/v1/instances/{waiting}", administrator)["status"] != "completed":
            assert time.monotonic() < until, "the timer never fired"
            time.sleep(0.1)


def test_sigterm_ends_it_cleanly(installed: Path) -> None:
    with Started(installed) as running:
        running.process.send_signal(signal.SIGTERM)
        out, err = running.process.communicate(timeout=PATIENCE)
    assert running.process.returncode == 0, err
    assert f"http://127.0.0.1:{running.port}" in out
    assert out.splitlines()[-1] == "Avslutat."
    assert err == ""


@pytest.mark.long
def test_the_first_start_says_what_it_does_and_the_second_keeps_it(tmp_path: Path) -> None:
    before = time.monotonic()
    with Started(tmp_path / "data", "--demo") as first:
        assert time.monotonic() - before < PATIENCE
        first.process.send_signal(signal.SIGTERM)
        out, _err = first.process.communicate(timeout=PATIENCE)
    assert out.startswith("Gör i ordning demonstrationen")
    with Started(tmp_path / "data", "--demo") as second:
        second.process.send_signal(signal.SIGTERM)
        out, _err = second.process.communicate(timeout=PATIENCE)
    assert "Gör i ordning" not in out


def _diagram(role: str, *, deadline: str = "2 arbetsdagar") -> str:
    more = {"deadline": deadline} if deadline else {}
    return bpmn.diagram(
        "prov",
        bpmn.start(),
        bpmn.task("gor", role, **more),
        bpmn.end(),
        bpmn.chain("start", "gor", "slut"),
    )


def _clock() -> str:
    return bpmn.diagram(
        "klocka",
        bpmn.start(),
        bpmn.timer("vanta", "PT2S"),
        bpmn.end(),
        bpmn.chain("start", "vanta", "slut"),
    )
