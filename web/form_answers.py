"""What was sent back from a form, as answers; and what its row buttons do to them.

Nothing here decides whether an answer is good: `engine.forms` does, with the same schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from web.form_widgets import Kind, Schema, kind_of, row_mode

Answers = dict[str, Any]

_PLACE = re.compile(r"[0-9]{1,3}")  # of a row: a form with a thousand of them is nobody's
_INTEGER = re.compile(r"^[+-]?\d{1,15}$")
_NUMBER = re.compile(r"^[+-]?\d{1,15}([.,]\d{1,6})?$")


def read(schema: Schema, sent: MultiDict[str, str], prefix: str = "") -> Answers:
    """What was answered. A text left empty is no answer; a number that is none stays as typed,
    so that it can be shown again beside the message."""
    answers: Answers = {}
    for name, part in schema.get("properties", {}).items():
        kind = kind_of(part)
        value = _read_one(f"{prefix}{name}", kind, part, sent)
        if value is not None:
            answers[name] = value
    return answers


def _read_one(name: str, kind: Kind, part: Schema, sent: MultiDict[str, str]) -> Any:
    if kind is Kind.FILE or (kind is Kind.OUTPUT and "." not in name):
        return None
    if kind is Kind.CHECKBOX:
        return name in sent
    if kind in (Kind.CHECKBOXES, Kind.HIDDEN):
        return [value for value in sent.getlist(name) if value]
    if kind is Kind.ROWS:
        return [read(part["items"], sent, f"{name}.{n}.") for n in _row_numbers(name, sent)]
    text = sent.get(name, "").replace("\r\n", "\n").strip()
    return _typed(text, part) if text else None


def _row_numbers(name: str, sent: MultiDict[str, str]) -> list[int]:
    head = f"{name}."
    heads = {key[len(head) :].partition(".")[0] for key in sent if key.startswith(head)}
    return sorted(int(number) for number in heads if _PLACE.fullmatch(number))


def _typed(text: str, part: Schema) -> Any:
    wanted = part.get("type")
    if wanted == "integer" and _INTEGER.match(text):
        return int(text)
    if wanted == "number" and _NUMBER.match(text):
        return float(text.replace(",", "."))
    return text


def without_empty_rows(schema: Schema, answers: Answers) -> Answers:
    """Rows that were added and never filled in say nothing."""
    kept = dict(answers)
    for name, part in schema.get("properties", {}).items():
        if kind_of(part) is Kind.ROWS and isinstance(kept.get(name), list):
            kept[name] = [row for row in kept[name] if _says_something(row)]
    return kept


def _says_something(row: Mapping[str, Any]) -> bool:
    return any(value not in (None, "", [], False) for value in row.values())


def with_read_only(schema: Schema, answers: Answers, defaults: Mapping[str, Any]) -> Answers:
    """What a form only shows is as it was shown, whatever was sent: rows that were not shown go."""
    kept = dict(answers)
    for name, part in schema.get("properties", {}).items():
        if kind_of(part) is Kind.OUTPUT:
            kept.pop(name, None)
            if name in defaults:
                kept[name] = defaults[name]
        elif kind_of(part) is Kind.ROWS and not row_mode(part).adds:
            shown = [_shown_only(part["items"], row) for row in defaults.get(name) or []]
            rows = kept.get(name) or []
            kept[name] = [row for row in rows if _shown_only(part["items"], row) in shown]
    return kept


def _shown_only(items: Schema, row: Mapping[str, Any]) -> dict[str, str]:
    """The read-only part of a row, as it is sent: as text."""
    names = [name for name, part in items["properties"].items() if kind_of(part) is Kind.OUTPUT]
    return {name: str(row[name]) for name in names if row.get(name) not in (None, "")}


def change_rows(schema: Schema, answers: Answers, action: str) -> Answers:
    """`answers` after a press on a row button: "name.add", "name.remove.1", "name.up.1" …

    What the form has no button for changes nothing.
    """
    name, verb, place = _pressed(action)
    part = schema.get("properties", {}).get(name, {})
    if kind_of(part) is not Kind.ROWS:
        return answers
    mode = row_mode(part)
    rows = list(answers.get(name) or [])
    if verb == "add" and mode.adds:
        rows.append({})
    elif verb == "remove" and mode.adds and 0 <= place < len(rows):
        del rows[place]
    elif verb in _STEPS and mode.moves:
        _swap(rows, place, place + _STEPS[verb])
    else:  # "keep" too: the page only comes back with the choices that now hold
        return answers
    return {**answers, name: rows}


def _pressed(action: str) -> tuple[str, str, int]:
    """Field, verb and row of "name.up.1"; row -1 when none is named."""
    name, _dot, rest = action.partition(".")
    verb, _dot, number = rest.partition(".")
    return name, verb, int(number) if _PLACE.fullmatch(number) else -1


_STEPS = {"up": -1, "down": 1}


def _swap(rows: list[Any], one: int, other: int) -> None:
    if min(one, other) >= 0 and max(one, other) < len(rows):
        rows[one], rows[other] = rows[other], rows[one]


def row_anchor(schema: Schema, answers: Answers, action: str) -> str:
    """Where to go on after a row button: the new row's first field, the row touched, the field."""
    name, verb, place = _pressed(action)
    part = schema.get("properties", {}).get(name, {})
    if kind_of(part) is not Kind.ROWS:
        return ""
    last = len(answers.get(name) or []) - 1
    if last < 0:
        return f"{name}-add"
    if verb == "add":
        return f"{name}-{last}-{next(iter(part['items']['properties']))}"
    touched = (last if place < 0 else place) + _STEPS.get(verb, 0)
    return f"{name}-row-{min(max(touched, 0), last)}"
