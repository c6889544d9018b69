"""Answers against a form's JSON Schema, judged in words that the person filling it in can use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from engine import plain_forms
from engine.errors import FieldError
from engine.form_messages import message_of, missing
from engine.storable import MAX_INTEGER
from engine.texts import gettext as _

MAX_TEXT = 20_000  # characters of one answer
MAX_MATCHED = 200  # characters of an answer that a pattern is tried on
MAX_ANSWERS = 200_000  # characters of all of them, as JSON
MOST_JUDGES = 500

Schema = Mapping[str, Any]
Options = Callable[[str], list[str]]
Path = tuple[str | int, ...]
Errors = Iterator[ValidationError]

# Made once: json.dumps makes one for each value that isn't written in its ordinary way.
_as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_FORMATS = FormatChecker(formats=("date", "email"))


def _pattern(validator: Any, pattern: str, answer: Any, schema: Schema) -> Errors:
    """A pattern is tried on short answers only: its time grows with a power of their length."""
    if isinstance(answer, str) and len(answer) > MAX_MATCHED:
        yield ValidationError(f"more than {MAX_MATCHED}")
    else:
        yield from Draft202012Validator.VALIDATORS["pattern"](validator, pattern, answer, schema)


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]  # it ships half its types
    Draft202012Validator, {"pattern": _pattern}
)


def fields(schema: Schema) -> dict[str, Schema]:
    """The form's fields in the order they are shown: by section, else as declared."""
    properties: dict[str, Schema] = dict(schema.get("properties", {}))
    sections = schema.get("x-sections", ())
    shown = [name for section in sections for name in section.get("fields", ())]
    order = [name for name in shown if name in properties]
    return {name: properties[name] for name in (*order, *properties)}


def filled(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with every field there, so that expressions and operations can ask.

    A list nobody filled in is empty, a box nobody ticked is False, anything else is None.
    """
    properties: Mapping[str, Schema] = schema.get("properties", {})
    return {**{name: _unanswered(field) for name, field in properties.items()}, **answers}


def _unanswered(field: Schema) -> Any:
    return {"array": [], "boolean": False}.get(str(field.get("type")))


def validate(schema: Schema, answers: Mapping[str, Any], options: Options) -> list[FieldError]:
    """What is wrong with `answers`, at most one error per field, in the order of the form.

    `field` is the dotted path ("beslutsvag.0.organ"). Nothing is coerced; blank texts, None and
    empty lists count as not answered. `options` gives what an `x-source` offers here.
    """
    too_much = _too_much(answers)
    if too_much:
        return [too_much]
    given, judge = _given(answers), _judge(schema)
    wrong = list(_Offered(options).refused(schema, given, ()))
    if not judge.sees_right(given):
        wrong = [*_unknown(schema, given, ()), *_broken(judge, given), *wrong]
    if not wrong:
        return []
    found: dict[str, FieldError] = {}
    for path, message in wrong:
        name = ".".join(map(str, path))
        found.setdefault(name, FieldError(field=name, message=message))
    places = {name: place for place, name in enumerate(fields(schema))}
    return sorted(
        found.values(), key=lambda error: places.get(error.field.split(".")[0], len(places))
    )


def _too_much(answers: Mapping[str, Any]) -> FieldError | None:
    if _is_little(answers):
        return None
    try:
        size = len(_as_json(answers))
    except (TypeError, ValueError, RecursionError):
        return FieldError(field="", message=_("Svaren går inte att läsa. Fyll i dem på nytt."))
    if size > MAX_ANSWERS:
        return FieldError(
            field="",
            message=_("Svaren är för långa tillsammans. Lägg långa texter i en handling."),
        )
    return None


def _is_little(answers: Mapping[str, Any]) -> bool:
    """So little that it needn't be written out to be measured; False means nothing."""
    room = MAX_ANSWERS // 6  # JSON writes a character with six at most
    for name, value in answers.items():
        room -= len(name) + 20
        if type(value) is str:
            room -= len(value)
        elif not (value is None or type(value) is bool or _is_number(value)):
            return False
    return room >= 0


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) <= MAX_INTEGER


def _given(value: Any) -> Any:
    """The same without what wasn't answered; rows are kept, since their places name them."""
    if isinstance(value, Mapping):
        parts = {key: _given(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if not _blank(part)}
    if isinstance(value, list | tuple):
        return [_given(part) for part in value]
    return value


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


class _Judge:
    """What is worked out once of a form's schema, which is never changed."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.sees_right = plain_forms.sees(schema, MAX_TEXT)
        self.validator = _Validator(schema, format_checker=_FORMATS)


def _judge(schema: Schema) -> _Judge:
    judge = _judges.get(id(schema))
    if judge is None:
        judge = _Judge(schema)  # keeps the schema, so that no other is given its id
        if len(_judges) >= MOST_JUDGES:
            _judges.clear()
        _judges[id(schema)] = judge
    return judge


_judges: dict[int, _Judge] = {}


def _broken(judge: _Judge, given: Any) -> Iterator[tuple[Path, str]]:
    schema = judge.schema
    for error in judge.validator.iter_errors(given):
        path: Path = tuple(error.absolute_path)
        if error.validator in ("required", "dependentRequired"):
            yield from _missing(schema, error, path)
        elif error.validator != "additionalProperties":  # said by `_unknown`
            yield path, message_of(error, _field_at(schema, path))


def _missing(schema: Schema, error: ValidationError, path: Path) -> Iterator[tuple[Path, str]]:
    wanted: Any = error.validator_value
    if isinstance(wanted, Mapping):
        wanted = [name for names in wanted.values() for name in names]
    given: Any = error.instance
    for name in wanted:
        if name not in given:
            yield (*path, name), missing(_field_at(schema, (*path, name)), name)


def _field_at(schema: Schema, path: Path) -> Schema:
    """What the form says of the field at `path`, {} for the form itself and the unknown."""
    part: Any = schema
    for step in path:
        part = part.get("items", {}) if isinstance(step, int) else _property(part, step)
    return {} if part is schema else part


def _property(part: Schema, name: str) -> Schema:
    found: Schema = part.get("properties", {}).get(name, {})
    return found


def _unknown(schema: Schema, given: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Only what the form asks for is kept."""
    for place, part, value in _parts(schema, given, path):
        if part is None:
            yield place, _("Formuläret frågar inte efter detta. Läs in sidan igen.")
        elif isinstance(value, str) and len(value) > min(part.get("maxLength", MAX_TEXT), MAX_TEXT):
            limit = min(part.get("maxLength", MAX_TEXT), MAX_TEXT)
            yield place, _("Skriv högst %(limit)s tecken.", limit=limit)
        for number, row in _rows(part, value):
            yield from _unknown(part["items"] if part else {}, row, (*place, number))


def _parts(schema: Schema, given: Any, path: Path) -> Iterator[tuple[Path, Schema | None, Any]]:
    properties = schema.get("properties", {})
    for name, value in given.items() if isinstance(given, Mapping) else ():
        yield (*path, name), properties.get(name), value


def _rows(part: Schema | None, value: Any) -> Iterator[tuple[int, Any]]:
    if part and isinstance(value, list) and "properties" in part.get("items", {}):
        yield from enumerate(value)


class _Offered:
    """What the domain offers, asked once per source."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known: dict[str, frozenset[str]] = {}

    def refused(self, schema: Schema, given: Any, path: Path) -> Iterator[tuple[Path, str]]:
        for place, part, value in _parts(schema, given, path):
            if part is None:
                continue
            source = part.get("x-source") or part.get("items", {}).get("x-source")
            if source and not self._has(source, value):
                yield place, _("Välj något av det som erbjuds.")
            for number, row in _rows(part, value):
                yield from self.refused(part["items"], row, (*place, number))

    def _has(self, source: str, value: Any) -> bool:
        if source not in self._known:
            self._known[source] = frozenset(map(str, self._options(source)))
        chosen = value if isinstance(value, list) else [value]
        return all(str(one) in self._known[source] for one in chosen)
