"""What is wrong with what was sent, by field and in the language of who sent it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from engine.errors import FieldError, Invalid
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


def by_key(known: Mapping[str, Any]) -> dict[str, Any]:
    """What marshmallow is to say in place of its messages, for `of` to put in words.

    A schema is made once, and is asked by people of several languages.
    """
    return {**dict.fromkeys(known, "invalid"), **{key: key for key in MESSAGES}}


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
        say = MESSAGES.get(str(message))
        yield FieldError(
            field=".".join(part for part in path if part != "value"),
            code=str(message) if say else OUT_OF_BOUNDS,
            message=say() if say else str(message),
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
