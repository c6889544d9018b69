"""The files sent with a form; what can't be kept is told at the field, and nothing is saved."""

from __future__ import annotations

from flask import request

from engine.errors import FieldError, Invalid, Refusal
from processes.files import EmptyFile, StoredFile, TooLarge
from web import errors
from web.current import product

FIELD = "files"
# What a page with a form is shown again for.
REFUSALS = (Invalid, TooLarge, EmptyFile)


def kept() -> list[StoredFile]:
    """Every file chosen, in the store. Raises TooLarge or EmptyFile."""
    return [
        product().files.save(upload.stream, upload.filename or "fil")
        for upload in request.files.getlist(FIELD)
        if upload.filename
    ]


def told(refused: Refusal) -> list[FieldError]:
    if isinstance(refused, Invalid):
        return refused.errors
    return [FieldError(field=FIELD, message=str(refused))]


def status_of(refused: Refusal) -> int:
    return errors.status_of(refused)
