"""A command to run, and an installation that `init` has made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from processes import demo
from tests.web.commands.shell import PASSWORD, Run, Said
from web.command_line import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A command as from a shell, in this process."""

    def make(*arguments: object) -> Said:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        code = ended.value.code
        return Said(
            code=code if isinstance(code, int) else 0,
            out=said.out.splitlines(),
            err=said.err.splitlines(),
        )

    return make


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production installation, made by `init`."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with pytest.raises(SystemExit) as ended:
        main(["init", str(demo.FILE), "--data", str(folder), "--password", PASSWORD])
    assert not ended.value.code
    return folder


@pytest.fixture
def installed(made: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(made, folder)
    return folder
