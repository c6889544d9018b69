"""The files of a deployment as they came, a zip among them unpacked."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from flask import request
from werkzeug.datastructures import FileStorage

from engine.errors import Invalid
from engine.gate.reading import as_text
from web.texts import gettext as _

FIELD = "files"
MAX_UNPACKED = 20_000_000
MAX_FILES = 500
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # compressed in a way that Python doesn't know
    OSError,
    RuntimeError,  # encrypted
    ValueError,
)


def files() -> dict[str, str]:
    """By name, without folders: those are the sender's own."""
    uploads = [each for each in request.files.getlist(FIELD) if each.filename]
    if not uploads:
        raise Invalid.field(FIELD, _("Inga filer följde med. Skicka dem i fältet ”files”."))
    found: dict[str, str] = {}
    for upload in uploads:
        for name, content in _contents(upload).items():
            if name in found:
                raise Invalid.field(name, _("Två filer heter likadant."))
            found[name] = _text(name, content)
    return found


def _contents(upload: FileStorage) -> dict[str, bytes]:
    name, content = _base(upload.filename or ""), upload.read()
    return _unpacked(content) if name.lower().endswith(".zip") else {name: content}


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "")


def _text(name: str, content: bytes) -> str:
    """The file as it is; a diagram may say that it is in another encoding, a form is UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not name.lower().endswith(".json"):
            return as_text(content)
        raise Invalid.field(name, _("Filen är inte text i UTF-8.")) from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip; one that would unpack to something enormous is refused unread."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _members(archive)
    except _BROKEN as error:
        raise Invalid.field(FIELD, _("Zip-filen går inte att läsa.")) from error


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [each for each in archive.infolist() if not _is_beside(each)]
    if len(members) > MAX_FILES or sum(each.file_size for each in members) > MAX_UNPACKED:
        raise Invalid.field(FIELD, _("Zip-filen är för stor uppackad."))
    found: dict[str, bytes] = {}
    for each in members:
        name = _base(each.filename)
        if name in found:
            raise Invalid.field(name, _("Två filer heter likadant."))
        found[name] = archive.read(each)
    return found


def _is_beside(member: zipfile.ZipInfo) -> bool:
    """Folders, and what a Mac adds of its own."""
    return member.is_dir() or "__MACOSX/" in member.filename or _base(member.filename)[:1] == "."
