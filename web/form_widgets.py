"""From our JSON-schema forms to fields on a page; `web.form_answers` reads what comes back.

Everything works without script; rows are added and taken away by submit buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from flask import Flask

from engine.errors import FieldError, Invalid
from engine.host import Option
from web import dates
from web.texts import gettext as _

Schema = Mapping[str, Any]

ROW_ACTION = "_row"  # name of the buttons that change rows; value "beslutsvag.add" and so on
MANY = 15  # more boxes than this are searched, the ticked ones first
FEW = 6  # this many fixed choices are shown as radio buttons, more as a list
LONG_TEXT = 200


Options = Callable[[str], Sequence[Option]]  # the choices of an `x-source`


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    TEXTAREA = "textarea"
    DATE = "date"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    CHECKBOXES = "checkboxes"
    ROWS = "rows"
    FILE = "file"
    OUTPUT = "output"
    HIDDEN = "hidden"  # a list the form opened with, sent back as it was


class RowMode(StrEnum):
    """What may be done with the rows themselves (`x-rows`)."""

    FREE = "free"  # added, taken away and moved
    UNORDERED = "unordered"  # added and taken away: which comes first says nothing
    SORTABLE = "sortable"  # moved only
    FIXED = "fixed"  # filled in only

    @property
    def adds(self) -> bool:
        return self in (RowMode.FREE, RowMode.UNORDERED)

    @property
    def moves(self) -> bool:
        return self in (RowMode.FREE, RowMode.SORTABLE)


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class When:
    """The answer to another field that calls for this one."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Widget:
    name: str  # as it is sent: "handlaggare", "beslutsvag.0.organ"
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    conditional: bool = False  # required when another answer says so
    when: When | None = None  # and by which answer, when that is one choice
    narrows: bool = False  # other fields' choices hang on this one's
    value: Any = None
    error: str = ""
    choices: tuple[Choice, ...] = ()
    rows: tuple[tuple[Widget, ...], ...] = ()
    row_mode: RowMode = RowMode.FREE
    item: str = ""  # what one row is called, for the button that adds one
    sent: bool = False  # read-only, yet sent back: it says which row this is
    max_length: int | None = None
    is_day: bool = False  # its value is a date

    @property
    def shown(self) -> Any:
        """What a field that is only shown says."""
        if self.is_day and (day := dates.day_of(self.value)):
            return dates.day(day)
        return "–" if self.value is None else self.value

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def anchor(self) -> str:
        """Where a link to this field lands: something that can hold the focus."""
        if self.kind in (Kind.RADIO, Kind.CHECKBOXES):
            return f"{self.id}-0"
        if self.kind is Kind.ROWS:
            return f"{self.id}-add" if self.row_mode.adds else f"{self.id}-row-0"
        return self.id

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}-error"] * bool(self.error) + [f"{self.id}-hint"] * bool(self.hint)
        return " ".join(ids)

    @property
    def is_searched(self) -> bool:
        return self.kind is Kind.CHECKBOXES and len(self.choices) > MANY

    @property
    def in_order(self) -> tuple[Choice, ...]:
        """As they are shown: of very many those chosen already stand first."""
        if not self.is_searched:
            return self.choices
        return tuple(sorted(self.choices, key=lambda choice: not self.is_chosen(choice)))

    def is_chosen(self, choice: Choice) -> bool:
        if isinstance(self.value, list):
            return choice.value in map(str, self.value)
        return self.value is not None and str(self.value) == choice.value


@dataclass(frozen=True, kw_only=True)
class Section:
    title: str
    widgets: tuple[Widget, ...]

    @property
    def is_one_group(self) -> bool:
        """Its only field is a group with the same heading, which is then written once."""
        return len(self.widgets) == 1 and self.widgets[0].label == self.title


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One line of the box on top: what is wrong, and where to mend it."""

    message: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()
    submit: str = ""

    @property
    def has_files(self) -> bool:
        return any(w.kind is Kind.FILE for section in self.sections for w in section.widgets)


# --- to the page


@dataclass(frozen=True, kw_only=True)
class _Builder:
    options: Options
    errors: Mapping[str, str] = field(default_factory=dict)

    def widgets(self, schema: Schema, answers: Mapping[str, Any], prefix: str) -> list[Widget]:
        properties = schema.get("properties", {})
        rules = _Rules.of(schema)
        narrowing = {part["x-within"] for part in properties.values() if "x-within" in part}
        return [
            replace(
                self.widget(f"{prefix}{name}", part, answers),
                required=name in rules.required,
                conditional=name in rules.conditional,
                when=rules.when(name, prefix),
                narrows=name in narrowing,
            )
            for name, part in properties.items()
        ]

    def widget(self, name: str, part: Schema, answers: Mapping[str, Any]) -> Widget:
        kind = kind_of(part)
        value = answers.get(name.rpartition(".")[2])
        return Widget(
            name=name,
            kind=kind,
            label=part.get("title", name),
            hint=part.get("description", ""),
            value=value,
            error=self.errors.get(name, ""),
            choices=self.choices(part, answers) if kind in _CHOOSING else (),
            rows=self.rows(name, part, value) if kind is Kind.ROWS else (),
            row_mode=row_mode(part),
            item=part.get("items", {}).get("title", "") if kind is Kind.ROWS else "",
            sent=kind is Kind.OUTPUT and "." in name,
            max_length=part.get("maxLength"),
            is_day=part.get("format") == "date",
        )

    def rows(self, name: str, part: Schema, value: Any) -> tuple[tuple[Widget, ...], ...]:
        """One widget per field and row; what a field is for is said in the first row only."""
        rows = [row if isinstance(row, dict) else {} for row in value or ()]
        built = [self.widgets(part["items"], row, f"{name}.{n}.") for n, row in enumerate(rows)]
        return tuple(
            tuple(widget if not n else replace(widget, hint="") for widget in row)
            for n, row in enumerate(built)
        )

    def choices(self, part: Schema, answers: Mapping[str, Any]) -> tuple[Choice, ...]:
        holder = part.get("items", part) if part.get("type") == "array" else part
        source = part.get("x-source") or holder.get("x-source")
        if source:
            within = answers.get(part.get("x-within", ""))
            return tuple(
                Choice(value=str(o.value), label=o.label, hint=o.hint, group=o.group)
                for o in self.options(source)
                if not within or not o.group or o.group == within
            )
        if "oneOf" in holder:
            return tuple(
                Choice(
                    value=str(one["const"]),
                    label=one.get("title", str(one["const"])),
                    hint=one.get("description", ""),
                )
                for one in holder["oneOf"]
            )
        return tuple(Choice(value=str(one), label=str(one)) for one in holder.get("enum", ()))


_CHOOSING = frozenset({Kind.SELECT, Kind.RADIO, Kind.CHECKBOXES, Kind.OUTPUT})


def build(
    schema: Schema,
    answers: Mapping[str, Any],
    options: Options,
    errors: Sequence[FieldError] = (),
) -> Form:
    """The form as the page draws it, with what was answered and what was wrong with it."""
    said = {error.field.replace("/", "."): error.message for error in reversed(errors)}
    builder = _Builder(options=options, errors=said)
    widgets = {w.name: w for w in builder.widgets(schema, answers, "")}
    return Form(
        sections=_sections(schema, widgets),
        problems=_problems(errors, widgets),
        submit=schema.get("x-submit", ""),
    )


def row_mode(part: Schema) -> RowMode:
    return RowMode(part.get("x-rows", RowMode.FREE))


def kind_of(part: Schema) -> Kind:
    """The widget a part of the schema asks for, or the natural one for its type."""
    if part.get("readOnly"):
        return Kind.OUTPUT
    asked = part.get("x-widget")
    if asked in set(Kind):
        return _number_if(part) if asked == Kind.TEXT else Kind(str(asked))
    items = part.get("items", {})
    if part.get("type") == "array":
        return Kind.ROWS if "properties" in items else Kind.CHECKBOXES
    if part.get("type") == "boolean":
        return Kind.CHECKBOX
    if "x-source" in part:
        return Kind.SELECT
    if "oneOf" in part or "enum" in part:
        fixed = part.get("oneOf") or part.get("enum") or ()
        return Kind.RADIO if len(fixed) <= FEW else Kind.SELECT
    if part.get("format") == "date":
        return Kind.DATE
    if part.get("maxLength", 0) > LONG_TEXT:
        return Kind.TEXTAREA
    return _number_if(part)


def _number_if(part: Schema) -> Kind:
    return Kind.NUMBER if part.get("type") in ("integer", "number") else Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """What a schema demands always, and what only when another answer says so.

    A field that a condition names under `properties` belongs to that answer without being demanded.
    """

    required: frozenset[str]
    conditional: frozenset[str]
    called: Mapping[str, list[Schema]]  # field: the conditions that call for it

    @classmethod
    def of(cls, schema: Schema) -> _Rules:
        demanded: set[str] = set()
        called: dict[str, list[Schema]] = {}
        for rule in schema.get("allOf", ()):
            for way, condition in (("then", rule.get("if", {})), ("else", {})):
                part = rule.get(way, {})
                demanded.update(part.get("required", ()))
                for name in {*part.get("required", ()), *part.get("properties", ())}:
                    called.setdefault(name, []).append(condition)
        required = frozenset(schema.get("required", ()))
        return cls(required=required, conditional=frozenset(demanded), called=called)

    def when(self, name: str, prefix: str) -> When | None:
        """Only where one choice among several calls for the field: a box left empty is no call."""
        conditions = self.called.get(name, [])
        if len(conditions) != 1 or name in self.required:
            return None
        asked = list(conditions[0].get("properties", {}).items())
        if len(asked) != 1:
            return None
        other, test = asked[0]
        values = test.get("enum", [test["const"]] if "const" in test else [])
        if not values or not all(isinstance(value, str) or value is True for value in values):
            return None
        said = tuple("1" if value is True else value for value in values)
        return When(name=f"{prefix}{other}", values=said)


def _sections(schema: Schema, widgets: Mapping[str, Widget]) -> tuple[Section, ...]:
    named = schema.get("x-sections", ())
    placed = {name for section in named for name in section.get("fields", ())}
    sections = [
        Section(
            title=section.get("title", ""),
            widgets=tuple(widgets[name] for name in section["fields"] if name in widgets),
        )
        for section in named
    ]
    rest = tuple(widget for name, widget in widgets.items() if name not in placed)
    if rest:
        sections.append(Section(title="", widgets=rest))
    return tuple(section for section in sections if section.widgets)


def _problems(errors: Sequence[FieldError], widgets: Mapping[str, Widget]) -> tuple[Problem, ...]:
    anchors = {w.name: w.anchor for w in _all(widgets.values())}
    return tuple(
        Problem(message=error.message, anchor=_anchor(error.field.replace("/", "."), anchors))
        for error in errors
    )


def _anchor(name: str, anchors: Mapping[str, str]) -> str:
    """The field's own place, or that of the field it belongs to."""
    while name and name not in anchors:
        name = name.rpartition(".")[0]
    return anchors.get(name, "")


def _all(widgets: Any) -> list[Widget]:
    inner = [w for widget in widgets for row in widget.rows for w in row]
    return [*widgets, *inner]


def by_field(refused: Invalid | None, *, anchor: str = "") -> dict[str, Any]:
    """For a small form written by hand: `errors` for the box on top, `wrong` for each field.

    `anchor` is where errors land that name no field of the form.
    """
    errors = refused.errors if refused else []
    return {
        "errors": [
            Problem(message=error.message, anchor=anchor or error.field) for error in errors
        ],
        "wrong": {error.field: error.message for error in errors},
    }


# --- words of forms


def things(number: int) -> str:
    """En sak, Två saker: small numbers are words at the head of a sentence."""
    words = (_("En sak"), _("Två saker"), _("Tre saker"), _("Fyra saker"), _("Fem saker"))
    return words[number - 1] if number <= len(words) else _("%(number)d saker", number=number)


def optional_mark() -> str:
    return _("(om det behövs)")


def set_up(app: Flask) -> None:
    app.jinja_env.globals["Kind"] = Kind
    app.jinja_env.globals["RowMode"] = RowMode
    app.jinja_env.globals.update(optional_mark=optional_mark, things=things)
    app.jinja_env.globals["ROW_ACTION"] = ROW_ACTION
