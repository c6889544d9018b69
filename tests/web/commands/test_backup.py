"""`arendegang backup`, `restore` and `copy`, as an administrator runs them."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from processes import accounts
from processes.product import Product
from tests.web.commands.shell import PASSWORD, Run, refused


def test_a_backup_becomes_an_installation(run: Run, installed: Path, tmp_path: Path) -> None:
    said = run("backup", tmp_path / "kopia.tar.gz", "--data", installed)
    assert said.code == 0
    assert re.search(r"klar: [1-9]\d+ rader och 0 filer", said.out[0])
    said = run("restore", tmp_path / "kopia.tar.gz", "--data", tmp_path / "ny")
    assert said.code == 0, said.err
    product = Product.open(tmp_path / "ny")
    with product.database.reading() as session:
        assert accounts.authenticate(session, "administrator", PASSWORD)
    product.close()


def test_what_can_not_be_backed_up_is_said_and_nothing_is_made(
    run: Run, installed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kopia.tar.gz"
    refused(run("backup", file, "--data", tmp_path / "ingen"), "ingen installation")
    assert not (tmp_path / "ingen").exists()
    with sqlite3.connect(installed / "arendegang.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    refused(run("backup", file, "--data", installed), "annan version")
    refused(run("backup", tmp_path / "saknas" / "k", "--data", tmp_path), "ingen installation")
    assert not file.exists()


def test_what_can_not_be_restored_is_said_and_changes_nothing(
    run: Run, installed: Path, tmp_path: Path
) -> None:
    refused(run("restore", tmp_path / "saknas", "--data", tmp_path / "ny"), "finns inte")
    (tmp_path / "skrap").write_bytes(b"skrap")
    refused(run("restore", tmp_path / "skrap", "--data", tmp_path / "ny"), "ingen hel")
    assert run("backup", tmp_path / "kopia", "--data", installed).code == 0
    refused(run("restore", tmp_path / "kopia", "--data", installed), "inte tom")


def test_a_copy_is_told_table_by_table(run: Run, installed: Path, tmp_path: Path) -> None:
    source = f"sqlite:///{installed / 'arendegang.sqlite'}"
    target = f"sqlite:///{tmp_path / 'ny.sqlite'}"
    said = run("copy", source, target)
    assert said.code == 0, said.err
    assert "user_account: " in "\n".join(said.out)
    assert "ARENDEGANG_DATABASE_URL" in said.out[-1]
    refused(run("copy", f"sqlite:///{tmp_path / 'ingen'}", target), "finns inte")
    refused(run("copy", "inte en adress", target), "adress ska börja med")


def test_a_copy_into_what_is_not_empty_is_refused(run: Run, installed: Path) -> None:
    source = f"sqlite:///{installed / 'arendegang.sqlite'}"
    said = run("copy", source, source)
    assert said.code == 1
    assert "inte tom" in said.err[0]
