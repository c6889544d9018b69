"""What is wrong with what was sent, by field and in Swedish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from engine.errors import FieldError, Invalid
from web.texts import current_language
from web.texts import gettext as _

# By marshmallow's own keys; the key is also the code that a program reads.
MESSAGES: Mapping[str, Callable[[], str]] = {
    "required": lambda: _("Uppgiften saknas."),
    "null": lambda: _("Uppgiften får inte vara null."),
    "unknown": lambda: _("Anropet har ingen sådan uppgift."),
    "type": lambda: _("Skicka ett JSON-objekt."),
    "too_large": lambda: _("Talet är för stort."),
    "invalid": lambda: _("Uppgiften har fel slag eller går inte att läsa."),
}
OUT_OF_BOUNDS = "out_of_bounds"


def in_swedish(known: Mapping[str, Any]) -> dict[str, Any]:
    """Marshmallow's messages by key, each in our words."""
    said = _said_in(current_language())
    return {**dict.fromkeys(known, said["invalid"]), **said}


@cache
def _said_in(_language: str) -> Mapping[str, str]:
    """Every call makes its schemas anew, each field of them with all the messages."""
    return {key: say() for key, say in MESSAGES.items()}


def of(messages: Any) -> Invalid:
    """From marshmallow's nested messages, `{"json": {"data": {"3": […]}}}`."""
    inner = next(iter(messages.values())) if isinstance(messages, dict) else messages
    return Invalid(list(_errors(inner, ())))


def _errors(messages: Any, path: tuple[str, ...]) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _errors(inner, path if name in ("_schema", "key") else (*path, str(name)))
        return
    for message in messages:
        code = next((key for key, say in MESSAGES.items() if say() == message), None)
        yield FieldError(
            field=".".join(part for part in path if part != "value"),
            code=code or OUT_OF_BOUNDS,
            message=str(message),
        )


@contextmanager
def named(**names: str) -> Iterator[None]:
    """Name the fields that the domain refuses as this API names them."""
    try:
        yield
    except Invalid as refused:
        raise Invalid(
            [replace(error, field=names.get(error.field, error.field)) for error in refused.errors]
        ) from refused
