"""Making a backup while people work, and making an installation of one.

The archive holds a table of contents, one text file per table and every stored file. Rows are read
in one view of the database, and files are kept before any row names them: whatever a row of the
backup refers to is in it.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.database import Database
from engine.texts import gettext as _
from processes import database_version
from processes.backup import rows
from processes.data_folder import why
from processes.errors import InstallationError
from processes.files import FileStore
from processes.records.tables import RecordFile

CONTENTS = "innehall.json"
TABLES, FILES = "tabeller", "filer"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """`tables`: how many rows each has, and their digest. Files are named by theirs."""

    revision: str
    made_at: str
    tables: dict[str, tuple[int, str]]
    files: int
    damaged: list[str]  # digests of files that were missing or had another content

    @property
    def rows(self) -> int:
        return sum(count for count, _digest in self.tables.values())


class NotEmpty(InstallationError):
    def __init__(self) -> None:
        super().__init__(
            _("Databasen är inte tom: där finns redan en installation. Inget har ändrats.")
        )


class BadArchive(InstallationError):
    def __init__(self, path: Path) -> None:
        super().__init__(_("%(path)s är ingen hel säkerhetskopia. Inget har ändrats.", path=path))


def make(database: Database, files: FileStore, path: Path, *, now: datetime) -> Contents:
    """Write the archive to `path`, which must not be there. A half-written one never is."""
    revision = database_version.require_current(database)
    try:
        with _becoming(path) as out:
            return _write(database, files, out, revision=revision, now=now)
    except FileExistsError as error:
        raise InstallationError(
            _("%(path)s finns redan. Välj ett annat namn.", path=path)
        ) from error
    except OSError as error:
        raise InstallationError(
            _("Säkerhetskopian gick inte att skriva: %(why)s.", why=why(error))
        ) from error


def _name(part: Path, path: Path) -> None:
    """Raises FileExistsError for the later of two that are made at once."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no links, as many that backups are kept on
        path.open("xb").close()
        part.replace(path)


@contextmanager
def _becoming(path: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only when it is whole."""
    if path.exists():
        raise FileExistsError(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # its owner's alone
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _name(part, path)
    finally:
        part.unlink(missing_ok=True)


def restore(path: Path, database: Database, files: FileStore) -> Contents:
    """Make an installation of the archive in an empty database: all of it or nothing."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            contents = _contents(archive, path)
            _require_same_version(contents)
            require_empty(database)
            database_version.upgrade(database)
            _take_in_files(archive, files, contents, path)
            with database.writing() as session:
                require_no_rows(session)
                for table in rows.tables():
                    _take_in(session, archive, contents, table.name, path)
    except FileNotFoundError as error:
        raise InstallationError(_("%(path)s finns inte.", path=path)) from error
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise BadArchive(path) from error
    except OSError as error:
        raise InstallationError(
            _("Det gick inte att läsa säkerhetskopian eller skriva: %(why)s.", why=why(error))
        ) from error
    return contents


def require_empty(database: Database) -> None:
    """Nothing is done to a database that holds an installation, of whatever version."""
    with database.reading() as session:
        revision = database_version.revision(session)
        if revision == database_version.newest():
            require_no_rows(session)
        elif revision is not None:
            raise NotEmpty


def require_no_rows(session: Session) -> None:
    """Rows are only ever taken into tables that hold none."""
    if any(rows.there_are_any(session, table) for table in rows.tables()):
        raise NotEmpty


def _write(
    database: Database, files: FileStore, out: IO[bytes], *, revision: str, now: datetime
) -> Contents:
    with tempfile.TemporaryDirectory() as name, tarfile.open(fileobj=out, mode="w:gz") as archive:
        folder = Path(name)
        with database.reading() as session:
            counted = {
                table.name: _lay_out(folder / table.name, rows.lines(session, table))
                for table in rows.tables()
            }
            named = set(session.scalars(sa.select(RecordFile.sha256)))
        kept = {sha256: files.is_intact(sha256) for sha256 in files.everything()}
        contents = Contents(
            revision=revision,
            made_at=now.isoformat(),
            tables=counted,
            files=sum(kept.values()),
            damaged=sorted(sha256 for sha256 in named | kept.keys() if not kept.get(sha256)),
        )
        _add_text(archive, CONTENTS, json.dumps(asdict(contents), indent=1))
        for table in counted:
            archive.add(folder / table, f"{TABLES}/{table}.jsonl", filter=_anonymous)
        for sha256 in sorted(kept.keys() - set(contents.damaged)):
            archive.add(files.path(sha256), f"{FILES}/{sha256}", filter=_anonymous)
    return contents


def _lay_out(path: Path, found: Iterator[str]) -> tuple[int, str]:
    with path.open("w", encoding="utf-8") as out:

        def written() -> Iterator[str]:
            for line in found:
                out.write(line + "\n")
                yield line

        return rows.digest(written())


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who made the backup, and when each file was written, is nobody's concern."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _contents(archive: tarfile.TarFile, path: Path) -> Contents:
    found = json.loads(_opened(archive, CONTENTS, path).read())
    tables = {name: (int(count), str(total)) for name, (count, total) in found["tables"].items()}
    return Contents(
        revision=str(found["revision"]),
        made_at=str(found["made_at"]),
        tables=tables,
        files=int(found["files"]),
        damaged=[str(sha256) for sha256 in found["damaged"]],
    )


def _require_same_version(contents: Contents) -> None:
    if contents.revision != database_version.newest():
        raise InstallationError(
            _(
                "Säkerhetskopian är gjord med en annan version av Ärendegång (%(revision)s). "
                "Återställ den med den versionen och uppgradera sedan.",
                revision=contents.revision,
            )
        )


def _take_in_files(
    archive: tarfile.TarFile, files: FileStore, contents: Contents, path: Path
) -> None:
    found = [name for name in archive.getnames() if name.startswith(f"{FILES}/")]
    if len(found) != contents.files:
        raise BadArchive(path)
    for name in found:
        if not files.take_in(_opened(archive, name, path), name.rpartition("/")[2]):
            raise BadArchive(path)


def _take_in(
    session: Session, archive: tarfile.TarFile, contents: Contents, name: str, path: Path
) -> None:
    """What lies in the database afterwards is what was written down."""
    table = next(table for table in rows.tables() if table.name == name)
    with io.TextIOWrapper(_opened(archive, f"{TABLES}/{name}.jsonl", path), "utf-8") as text:
        rows.insert(session, table, (line.rstrip("\n") for line in text))
    if rows.digest(rows.lines(session, table)) != contents.tables[name]:
        raise BadArchive(path)


def _opened(archive: tarfile.TarFile, name: str, path: Path) -> IO[bytes]:
    with suppress(KeyError):
        if content := archive.extractfile(name):
            return content
    raise BadArchive(path)
