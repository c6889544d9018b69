"""Where the content of files lies: a folder, each file under the digest of what it holds."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.errors import NotFound, Refusal
from engine.texts import gettext as _

CHUNK = 256 * 1024
MAX_NAME = 150
MEGABYTE = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Shown in the browser as they are; everything else is downloaded, so that nothing uploaded runs.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".msg": "application/vnd.ms-outlook",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


class TooLarge(Refusal):
    """413: the file is larger than the installation takes."""

    def __init__(self, name: str, max_bytes: int) -> None:
        super().__init__(
            _(
                "Filen %(name)s är för stor. Högst %(limit)s MB går att spara.",
                name=name,
                limit=max_bytes // MEGABYTE,
            )
        )


class EmptyFile(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(_("Filen %(name)s är tom.", name=name))


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """What the store has kept; a record refers to it by `sha256`."""

    name: str
    media_type: str
    size: int
    sha256: str


class FileStore:
    """Content is written once and never changed; the same content twice is one file."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    def save(self, stream: IO[bytes], name: str) -> StoredFile:
        """Keep a file for good before anything refers to it. Raises TooLarge or EmptyFile.

        Called outside the transaction: a row that never came leaves only unreferred content.
        """
        name = safe_name(name)
        with self._temporary() as (temporary, out):
            digest, size = self._copy(stream, out, name)
            if size == 0:
                raise EmptyFile(name)
            self._put_in_place(temporary, digest)
        return StoredFile(name=name, media_type=media_type(name), size=size, sha256=digest)

    def take_in(self, stream: IO[bytes], sha256: str) -> bool:
        """Keep what a backup has under that digest; False when its content is another."""
        target = self.path(sha256)
        with self._temporary() as (temporary, out):
            found = hashlib.sha256()
            while chunk := stream.read(CHUNK):
                found.update(chunk)
                out.write(chunk)
            if found.hexdigest() != target.name:
                return False
            out.flush()
            os.fsync(out.fileno())
            self._put_in_place(temporary, target.name)
        return True

    def everything(self) -> Iterator[str]:
        """The digests of all there is, in order."""
        for path in sorted(self.folder.glob("??/*")):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    @contextmanager
    def _temporary(self) -> Iterator[tuple[Path, IO[bytes]]]:
        """Beside where it is to lie, so that it can be put there in one step."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".ny-")
        try:
            with os.fdopen(handle, "wb") as out:
                yield Path(name), out
        finally:
            Path(name).unlink(missing_ok=True)

    def open(self, sha256: str) -> IO[bytes]:
        path = self.path(sha256)
        try:
            return path.open("rb")
        except FileNotFoundError as error:
            raise NotFound(_("Filens innehåll saknas i arkivet.")) from error

    def is_intact(self, sha256: str) -> bool:
        """True when the content is there and is still what it was."""
        try:
            with self.path(sha256).open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def _copy(self, stream: IO[bytes], out: IO[bytes], name: str) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > self.max_bytes:
                raise TooLarge(name, self.max_bytes)
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
        return digest.hexdigest(), size

    def _put_in_place(self, temporary: Path, digest: str) -> None:
        target = self.path(digest)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        temporary.replace(target)
        for folder in (target.parent, self.folder):  # or the name may be lost at a power cut
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def path(self, sha256: str) -> Path:
        """Where that content lies. Raises NotFound for what is no digest."""
        if not _DIGEST.fullmatch(sha256):
            raise NotFound(_("Filen finns inte."))
        return self.folder / sha256[:2] / sha256


def safe_name(name: str) -> str:
    """The last part of `name` without control or path characters, its ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    return f"{stem[: MAX_NAME - len(ending) - 1].rstrip()}{dot}{ending}" or "fil"


def media_type(name: str) -> str:
    """By the name's ending, never by what the sender says it is."""
    return _MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
