"""The files sent with a form; what can't be kept is told at the field, and nothing is saved."""

from __future__ import annotations

from contextlib import closing

from flask import request
from werkzeug.datastructures import FileStorage

from engine.errors import FieldError, Invalid, Refusal
from processes.files import EmptyFile, StoredFile, TooLarge
from web import errors
from web.current import product

FIELD = "files"
# What a page with a form is shown again for.
REFUSALS = (Invalid, TooLarge, EmptyFile)


def kept(field: str = FIELD) -> list[StoredFile]:
    """Every file chosen in the field, in the store. Raises TooLarge or EmptyFile."""
    return [_keep(upload) for upload in request.files.getlist(field) if upload.filename]


def _keep(upload: FileStorage) -> StoredFile:
    with closing(upload):
        return product().files.save(upload.stream, upload.filename or "fil")


def told(refused: Refusal) -> list[FieldError]:
    if isinstance(refused, Invalid):
        return refused.errors
    return [FieldError(field=FIELD, message=str(refused))]


def status_of(refused: Refusal) -> int:
    return errors.status_of(refused)
