"""Seeing at a glance that answers to a plain form are right; in doubt the validator is asked.

Most forms ask for texts, numbers, dates and boxes, and most answers are right. The validator
takes a tenth of a completion to find that out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Schema = Mapping[str, Any]
Sees = Callable[[Any], bool]  # True is certain, False means nothing

_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool}
_ANNOTATIONS = frozenset({"$schema", "$id", "title", "description", "default", "examples"})
_OF_FIELD = frozenset({"type", "minLength", "maxLength", "minimum", "maximum", "format", "enum"})
_OF_FORM = frozenset({"type", "properties", "required", "additionalProperties"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def sees(schema: Schema, longest: int) -> Sees:
    """What tells whether answers are certainly right; no text may be longer than `longest`."""
    if not _says_only(schema, _OF_FORM) or schema.get("additionalProperties", True) is not True:
        return _never
    fields = {name: _field(part, longest) for name, part in schema.get("properties", {}).items()}
    required = schema.get("required", ())

    def all_right(given: Any) -> bool:
        return (
            isinstance(given, dict)
            and all(name in given for name in required)
            and all(name in fields and fields[name](value) for name, value in given.items())
        )

    return all_right


def _field(schema: Schema, longest: int) -> Sees:
    kind = _TYPES.get(str(schema.get("type")))
    form = schema.get("format")
    if kind is None or not _says_only(schema, _OF_FIELD) or form not in (None, "date"):
        return _never
    shortest, longest = schema.get("minLength", 0), min(schema.get("maxLength", longest), longest)
    least, most = schema.get("minimum"), schema.get("maximum")
    choices = [one for one in schema["enum"] if type(one) is kind] if "enum" in schema else None

    def right(value: Any) -> bool:
        if type(value) is not kind or (choices is not None and value not in choices):
            return False
        if isinstance(value, str):
            return shortest <= len(value) <= longest and (form is None or _is_date(value))
        return (least is None or value >= least) and (most is None or value <= most)

    return right


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _says_only(schema: Schema, known: frozenset[str]) -> bool:
    return all(key in known or key in _ANNOTATIONS or key.startswith("x-") for key in schema)


def _never(_value: Any) -> bool:
    return False
