"""Translation of what engine and domain say to people.

Messages are written in Swedish. Who has a reader with another language (the web) sets a
translator for the time of one request.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

translator: ContextVar[Callable[[str], str] | None] = ContextVar("translator", default=None)


def gettext(message: str, **values: Any) -> str:
    """`message` in the reader's language, its `%(name)s` filled in."""
    translate = translator.get()
    text = translate(message) if translate else message
    return text % values if values else text


def untranslated(message: str, **values: Any) -> str:
    """A text that is kept or sent: in Swedish, whatever its writer reads, since others read it."""
    return message % values if values else message


def marked(message: str) -> str:
    """Gathered for translation here, and said by `gettext` somewhere else."""
    return message
