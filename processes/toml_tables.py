"""Reading files that people write by hand: TOML tables, each key known, each fault at its place.

Nothing stops at the first fault: who wrote the file wants to hear of all of them.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.errors import FieldError, Invalid
from engine.texts import gettext as _

_KINDS = {
    str: "text inom citattecken",
    bool: "true eller false",
    int: "ett heltal",
    date: "ett datum, till exempel 2026-01-01",
    list: "en lista inom hakparenteser",
}


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key of a table: the name it gets in code, and what may stand there."""

    name: str
    kind: type = str
    required: bool = False
    default: Any = None
    words: Mapping[str, Any] | None = None  # what people write → what it means in code


@dataclass(frozen=True, kw_only=True)
class Row:
    place: str  # "organ 3 (RUN)"
    values: Mapping[str, Any]
    given: frozenset[str]  # names that stand in the file, not filled in

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(kw_only=True)
class Faults:
    """What is wrong, gathered along the way."""

    errors: list[FieldError] = field(default_factory=list)

    def add(self, place: str, message: str) -> None:
        self.errors.append(FieldError(field=place, message=message))

    def refuse(self) -> None:
        if self.errors:
            raise Invalid(self.errors)


def document(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+), column (\d+)", str(error))
        place = _("rad %(line)s", line=at[1]) if at else _("slutet av filen")
        message = _("Här följer filen inte TOML-formatet. Ofta saknas ett citattecken.")
        raise Invalid([FieldError(field=place, message=message)]) from error


def check_tables(content: Mapping[str, Any], known: Sequence[str], faults: Faults) -> None:
    """No table with a name that nobody reads: it would be lost in silence."""
    for name in content:
        if name not in known:
            faults.add(name, _not_known(name, known))


def rows(
    content: Mapping[str, Any], table: str, keys: Mapping[str, Key], named_by: str, faults: Faults
) -> list[Row]:
    """The rows of [[table]]. A faulty one is left out, its faults are noted."""
    found = content.get(table, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        faults.add(table, _("Skriv [[%(table)s]] med dubbla hakparenteser.", table=table))
        return []
    read = []
    for number, row in enumerate(found, start=1):
        name = row.get(named_by)
        place = f"{table} {number}" + (f" ({name})" if name else "")
        values = entry(row, keys, place, faults)
        if values is not None:
            read.append(values)
    return read


def entry(
    row: Mapping[str, Any], keys: Mapping[str, Key], place: str, faults: Faults
) -> Row | None:
    """One table's values by the names they have in code; None when something in it is wrong."""
    before = len(faults.errors)
    for written in row:
        if written not in keys:
            faults.add(place, _not_known(written, list(keys)))
    values = {
        key.name: _value(row.get(written), written, key, place, faults)
        for written, key in keys.items()
    }
    if len(faults.errors) > before:
        return None
    given = frozenset(key.name for written, key in keys.items() if written in row)
    return Row(place=place, values=values, given=given)


def _value(value: Any, written: str, key: Key, place: str, faults: Faults) -> Any:
    if value is None or value == "":
        if key.required:
            faults.add(place, _("”%(key)s” saknas.", key=written))
        return key.default
    wrong_date = key.kind is date and isinstance(value, datetime)
    wrong_number = key.kind is int and isinstance(value, bool)
    if not isinstance(value, key.kind) or wrong_date or wrong_number:
        message = _("”%(key)s” ska vara %(kind)s.", key=written, kind=_KINDS[key.kind])
        faults.add(place, message)
        return key.default
    if key.words is None:
        return value
    if not isinstance(value, str) or value not in key.words:
        choices = ", ".join(key.words)
        message = _("”%(key)s” ska vara något av: %(choices)s.", key=written, choices=choices)
        faults.add(place, message)
        return key.default
    return key.words[value]


def _not_known(written: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(written, known, n=1)
    if close:
        return _("”%(key)s” kan inte stå här. Menade du ”%(close)s”?", key=written, close=close[0])
    choices = ", ".join(known)
    return _("”%(key)s” kan inte stå här. Det som kan: %(choices)s.", key=written, choices=choices)
