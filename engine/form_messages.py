"""What to say when an answer doesn't fit its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from engine.texts import gettext as _

Schema = Mapping[str, Any]


def missing(field: Schema, name: str) -> str:
    """For a field that must be answered and wasn't."""
    label = _label(field, name)
    if label.endswith("?"):
        return _("Svara på frågan ”%(field)s”", field=field.get("title", name))
    if field.get("format") == "date":
        return _("Ange %(field)s.", field=label)
    if field.get("type") == "boolean":
        return _("Kryssa i %(field)s.", field=label)
    if field.get("type") == "array" and "properties" in field.get("items", {}):
        return _("Lägg till minst en rad under %(field)s.", field=label)
    if _is_choice(field):
        return _("Välj %(field)s.", field=label)
    return _("Fyll i %(field)s.", field=label)


def message_of(error: ValidationError, field: Schema) -> str:
    """For an answer that breaks one of its field's rules."""
    say = _BY_RULE.get(str(error.validator))
    if say is not None:
        return say(error.validator_value)
    if error.validator in ("type", "format"):
        return _kind(field)
    if error.validator in ("enum", "oneOf", "anyOf", "const") and _is_choice(field):
        return _("Välj ett av alternativen.")
    if error.validator == "const" and error.validator_value is True:
        return _("Kryssa i rutan för att gå vidare.")
    return _("Svaret går inte att ta emot. Kontrollera det.")


_BY_RULE: dict[str, Callable[[Any], str]] = {
    "minLength": lambda limit: _("Skriv minst %(limit)s tecken.", limit=limit),
    "maxLength": lambda limit: _("Skriv högst %(limit)s tecken.", limit=limit),
    "minimum": lambda limit: _("Ange %(limit)s eller mer.", limit=limit),
    "maximum": lambda limit: _("Ange %(limit)s eller mindre.", limit=limit),
    "exclusiveMinimum": lambda limit: _("Ange mer än %(limit)s.", limit=limit),
    "exclusiveMaximum": lambda limit: _("Ange mindre än %(limit)s.", limit=limit),
    "multipleOf": lambda step: _("Ange en multipel av %(step)s.", step=step),
    "minItems": lambda limit: _("Ange minst %(limit)s.", limit=limit),
    "maxItems": lambda limit: _("Ange högst %(limit)s.", limit=limit),
    "uniqueItems": lambda _value: _("Samma svar finns två gånger. Ta bort det ena."),
    "pattern": lambda _value: _("Skriv svaret så som hjälptexten visar."),
}


def _kind(field: Schema) -> str:
    if field.get("format") == "date":
        return _("Skriv ett datum som finns, till exempel 2026-03-31.")
    if field.get("format") == "email":
        return _("Skriv en e-postadress, till exempel namn@example.se.")
    return {
        "integer": _("Skriv ett heltal med siffror."),
        "number": _("Skriv ett tal med siffror."),
        "boolean": _("Svara ja eller nej."),
        "array": _("Välj i listan."),
    }.get(str(field.get("type")), _("Skriv svaret som text."))


def _is_choice(field: Schema) -> bool:
    holder = field.get("items", field) if field.get("type") == "array" else field
    return any(key in place for place in (field, holder) for key in ("enum", "oneOf", "x-source"))


def _label(field: Schema, name: str) -> str:
    """The title as it reads inside a sentence; abbreviations keep their capitals."""
    title = str(field.get("title") or name)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
