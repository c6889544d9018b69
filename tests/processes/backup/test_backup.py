"""A backup has everything, whatever happens while it is made; a restored case goes on."""

from __future__ import annotations

import errno
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SettableClock
from engine.database import Database
from engine.tables import Job, JobKind
from processes import backup, cases, database_version, records
from processes.backup import rows
from processes.cases import CaseStatus
from processes.errors import InstallationError
from processes.files import FileStore
from processes.records import Direction, NewRecord
from processes.swedish_calendar import local_date
from tests import databases
from tests.engine.invariants import require_sound
from tests.processes.paths import answers
from tests.processes.paths.conftest import NOW, engine_on, make_region
from tests.processes.paths.walk import REGISTRAR, Walk

AT = datetime(2026, 2, 5, tzinfo=UTC)
CONTENT = b"%PDF-1.7 en handling"

BOTH = pytest.mark.both_databases


def installed(database: Database) -> None:
    database_version.upgrade(database)
    make_region(database)


def empty(_database: Database) -> None:
    """Nothing, as a database is that was just created."""


@pytest.fixture
def walk(backend: str, tmp_path: Path) -> Iterator[Walk]:
    clock = SettableClock(NOW)
    with databases.database(backend, tmp_path, installed) as database:
        yield Walk(engine_on(database, clock), clock)


@pytest.fixture
def other(backend: str, tmp_path: Path) -> Iterator[Database]:
    """An empty one of the same kind."""
    folder = tmp_path / "annan"
    folder.mkdir()
    with databases.database(backend, folder, empty) as database:
        yield database


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "filer", max_bytes=1_000_000)


def begin(walk: Walk, files: FileStore) -> str:
    """A case under way, with a record that has a file; its digest."""
    stored = files.save(io.BytesIO(CONTENT), "ansökan.pdf")
    walk.start()
    answers.allocate(walk, "RS")
    today = local_date(walk.clock.now())
    new = NewRecord(direction=Direction.IN, dated_on=today, subject="Ansökan", sender="En")
    with walk.engine.database.writing() as session:
        records.add(session, walk.engine, walk.number, new, actor=REGISTRAR, files=[stored])
    walk.drain()
    return stored.sha256


def everything(database: Database) -> dict[str, list[str]]:
    with database.reading() as session:
        return {table.name: list(rows.lines(session, table)) for table in rows.tables()}


def go_on(database: Database, walk: Walk) -> None:
    """In the other database the case comes to its meeting, and a new one begins."""
    there = Walk(engine_on(database, walk.clock), walk.clock)
    there.number = walk.number
    there.do("ta_del_av_handling", paverkar="nej")
    answers.prepare(there)
    assert there.status == CaseStatus.READY
    assert there.start() == "RS/2/2026"
    require_sound(there.engine)


@BOTH
def test_a_restored_installation_is_the_same_and_goes_on(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path
) -> None:
    sha256 = begin(walk, files)
    made = backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    assert (made.files, made.made_at) == (1, AT.isoformat())
    elsewhere = FileStore(tmp_path / "annan" / "filer", max_bytes=1)
    assert backup.restore(tmp_path / "kopia", other, elsewhere) == made
    assert everything(other) == everything(walk.engine.database)
    with elsewhere.open(sha256) as content:
        assert content.read() == CONTENT
    require_sound(engine_on(other, walk.clock))
    go_on(other, walk)


@BOTH
def test_people_may_work_while_it_is_made(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path
) -> None:
    begin(walk, files)
    over = threading.Event()

    def work() -> None:
        clerk = Walk(walk.engine, walk.clock)
        while not over.is_set():
            clerk.start()

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    finally:
        over.set()
        clerk.join()
    backup.restore(tmp_path / "kopia", other, FileStore(tmp_path / "f", max_bytes=1))
    require_sound(engine_on(other, walk.clock))
    with other.reading() as session:
        numbers = sorted(case.seq for case in session.query(cases.Case))
        mails = session.query(Job).where(Job.kind == JobKind.MAIL).count()
    assert numbers == list(range(1, len(numbers) + 1))
    assert mails >= 1


def altered(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with what `change` makes of each of its files; None leaves one out."""
    target = path.with_name("andrad")
    with tarfile.open(path) as source, tarfile.open(target, "w:gz") as out:
        for member in source.getmembers():
            content = source.extractfile(member)
            assert content is not None
            new = change(member.name, content.read())
            if new is not None:
                member.size = len(new)
                out.addfile(member, io.BytesIO(new))
    return target


CHANGES: dict[str, Callable[[str, bytes], bytes | None]] = {
    "a row is another": lambda name, content: (
        content.replace(b"Bidrag", b"Avslag") if name == "tabeller/case.jsonl" else content
    ),
    "a row is missing": lambda name, content: b"" if name == "tabeller/task.jsonl" else content,
    "a table is missing": lambda name, content: None if name == "tabeller/job.jsonl" else content,
    "a file is another": lambda name, content: b"x" if name.startswith("filer/") else content,
    "a file is missing": lambda name, content: None if name.startswith("filer/") else content,
    "a row is no row": lambda name, content: b"[1]" if name == "tabeller/task.jsonl" else content,
    "the contents are missing": lambda name, content: None if name == "innehall.json" else content,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_whole_is_refused_and_leaves_nothing(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path, change: str
) -> None:
    begin(walk, files)
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    broken = altered(tmp_path / "kopia", CHANGES[change])
    elsewhere = FileStore(tmp_path / "f", max_bytes=1)
    with pytest.raises(InstallationError, match="ingen hel säkerhetskopia"):
        backup.restore(broken, other, elsewhere)
    database_version.upgrade(other)
    assert not any(everything(other).values())
    assert backup.restore(tmp_path / "kopia", other, elsewhere).rows, "it may be tried again"


def test_half_an_archive_is_none(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path
) -> None:
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    whole = (tmp_path / "kopia").read_bytes()
    for part in (0, 10, len(whole) // 2, len(whole) * 9 // 10):
        (tmp_path / "halv").write_bytes(whole[:part])
        with pytest.raises(InstallationError, match="ingen hel"):
            backup.restore(tmp_path / "halv", other, files)


def test_one_of_another_version_is_refused(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path
) -> None:
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    newest = database_version.newest().encode()
    later = altered(
        tmp_path / "kopia", lambda name, content: content.replace(b'"' + newest, b'"9999')
    )
    with pytest.raises(InstallationError, match="annan version"):
        backup.restore(later, other, files)


def test_nothing_is_written_over(walk: Walk, files: FileStore, tmp_path: Path) -> None:
    (tmp_path / "kopia").write_text("något annat")
    with pytest.raises(InstallationError, match="finns redan"):
        backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    assert (tmp_path / "kopia").read_text() == "något annat"
    backup.make(walk.engine.database, files, tmp_path / "ny", now=AT)
    before = everything(walk.engine.database)
    with pytest.raises(InstallationError, match="inte tom"):
        backup.restore(tmp_path / "ny", walk.engine.database, files)
    assert everything(walk.engine.database) == before


def test_two_at_once_to_one_name_make_one(
    walk: Walk, files: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kopia"
    link, first = os.link, threading.Event()

    def second_meanwhile(source: Path, target: Path) -> None:
        if not first.is_set():
            first.set()
            backup.make(walk.engine.database, files, path, now=AT)
        link(source, target)

    monkeypatch.setattr(os, "link", second_meanwhile)
    with pytest.raises(InstallationError, match="finns redan"):
        backup.make(walk.engine.database, files, path, now=AT)
    assert [found.name for found in tmp_path.glob("*kopia*")] == ["kopia"]
    assert tarfile.is_tarfile(path)


def test_a_disk_without_links_takes_a_backup_too(
    walk: Walk, files: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    assert tarfile.is_tarfile(tmp_path / "kopia")
    with pytest.raises(InstallationError, match="finns redan"):
        backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_damaged_file_is_told_and_all_else_is_kept(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path, is_there: bool
) -> None:
    sha256 = begin(walk, files)
    if is_there:
        files.path(sha256).write_bytes(b"annat")
    else:
        files.path(sha256).unlink()
    whole = files.save(io.BytesIO(b"hel"), "hel.txt").sha256
    made = backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    assert (made.damaged, made.files) == ([sha256], 1)
    elsewhere = FileStore(tmp_path / "f", max_bytes=1)
    assert backup.restore(tmp_path / "kopia", other, elsewhere).damaged == [sha256]
    assert list(elsewhere.everything()) == [whole]
    assert everything(other) == everything(walk.engine.database)


def test_an_older_installation_is_not_touched(walk: Walk, files: FileStore, tmp_path: Path) -> None:
    begin(walk, files)
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    folder = tmp_path / "annan"
    folder.mkdir()
    with databases.database("sqlite", folder, installed) as older:
        with older.writing() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
        elsewhere = FileStore(folder / "filer", max_bytes=1)
        with pytest.raises(InstallationError, match="inte tom"):
            backup.restore(tmp_path / "kopia", older, elsewhere)
        with pytest.raises(InstallationError, match="inte tom"):
            backup.copy(walk.engine.database, older, say=lambda _table, _count: None)
        with older.reading() as session:
            assert database_version.revision(session) == "0001"
        assert list(elsewhere.everything()) == []


def test_what_the_disk_refuses_is_not_blamed_on_the_backup(
    walk: Walk, other: Database, files: FileStore, tmp_path: Path
) -> None:
    begin(walk, files)
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    (tmp_path / "ingen mapp").write_text("en fil")
    with pytest.raises(InstallationError, match="läsa säkerhetskopian eller skriva"):
        backup.restore(tmp_path / "kopia", other, FileStore(tmp_path / "ingen mapp", max_bytes=1))


def test_a_backup_is_its_owners_alone(walk: Walk, files: FileStore, tmp_path: Path) -> None:
    backup.make(walk.engine.database, files, tmp_path / "kopia", now=AT)
    assert (tmp_path / "kopia").stat().st_mode & 0o777 == 0o600


@BOTH
@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_living_installation_moves_to_another_database(
    walk: Walk, files: FileStore, tmp_path: Path, to: str
) -> None:
    begin(walk, files)
    folder = tmp_path / "annan"
    folder.mkdir()
    said: dict[str, int] = {}
    with databases.database(to, folder, empty) as target:
        total = backup.copy(walk.engine.database, target, say=said.__setitem__)
        assert everything(target) == everything(walk.engine.database)
        assert total == sum(said.values()) == sum(map(len, everything(target).values()))
        go_on(target, walk)
