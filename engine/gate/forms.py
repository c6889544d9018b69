"""Form files: a schema that can be judged, and fields that can be shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from engine import expressions
from engine.gate import form_shape
from engine.gate.finding import Finding, GateContext, Severity
from engine.texts import gettext as _

TYPES = frozenset({"string", "integer", "number", "boolean", "array"})
WIDGETS = frozenset(
    {
        "text",
        "textarea",
        "radio",
        "select",
        "checkbox",
        "checkboxes",
        "date",
        "rows",
        "number",
        "file",
        "hidden",
        "output",
    }
)
HINTS = frozenset(
    {
        "x-widget",
        "x-source",
        "x-within",
        "x-default",
        "x-sections",
        "x-submit",
        "x-next",
        "x-rows",
    }
)
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def check(file: str, form: Mapping[str, Any], context: GateContext) -> Iterator[Finding]:
    """Everything wrong with a form; a finding's `element` is the field."""
    hindrances = list(form_shape.hindrances(file, form))
    yield from hindrances
    if hindrances:
        return
    try:
        Draft202012Validator.check_schema(dict(form))
    except SchemaError as error:
        at = next((str(step) for step in error.absolute_path if step != "properties"), "")
        yield _finding(
            file,
            at,
            "form_schema",
            _("Inte giltig JSON Schema 2020-12: %(error)s", error=error.message[:300]),
        )
        return
    properties = form.get("properties")
    if form.get("type") != "object" or not isinstance(properties, Mapping):
        yield _finding(
            file,
            "",
            "form_object",
            _('Formuläret ska ha "type": "object" och fälten under "properties".'),
        )
        return
    yield from _whole(file, form, properties)
    yield from _fields(file, properties, context, "")


def _whole(file: str, form: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[Finding]:
    if not form.get("title"):
        yield _finding(
            file, "", "form_title", _("Formuläret saknar title."), severity=Severity.WARNING
        )
    sections = form.get("x-sections")
    if sections is not None:
        yield from _sections(file, sections, properties)
    for name in _demanded(form):
        if name not in properties:
            yield _finding(
                file,
                name,
                "form_required",
                _("%(name)s krävs, men är inget av fälten. Lägg till fältet eller ta bort kravet.",
                  name=name),
            )  # fmt: skip


def _sections(file: str, sections: object, properties: Collection[str]) -> Iterator[Finding]:
    well_formed = isinstance(sections, list) and all(
        isinstance(section, Mapping)
        and isinstance(section.get("title"), str)
        and isinstance(section.get("fields"), list)
        for section in sections
    )
    if not well_formed:
        yield _finding(
            file,
            "",
            "form_sections",
            _('x-sections ska vara en lista av {"title": …, "fields": […]}.'),
        )
        return
    assert isinstance(sections, list)
    listed = [str(name) for section in sections for name in section["fields"]]
    for name in listed:
        if name not in properties:
            yield _finding(
                file, name, "form_sections", _("x-sections räknar upp %(name)s, som inte finns.",
                                               name=name),
            )  # fmt: skip
    for name in properties:
        if name not in listed:
            yield _finding(
                file, name, "form_sections", _("Fältet %(name)s står inte i någon sektion.",
                                               name=name),
            )  # fmt: skip


def _demanded(schema: Any) -> Iterator[str]:
    """Every name in a `required` that is about the whole form, conditional ones included."""
    if isinstance(schema, Mapping):
        yield from schema.get("required", ())
        for keyword in ("allOf", "anyOf"):
            for part in schema.get(keyword, ()):
                yield from _demanded(part)
        for keyword in ("if", "then", "else"):
            yield from _demanded(schema.get(keyword))


def _fields(
    file: str, properties: Mapping[str, Any], context: GateContext, prefix: str
) -> Iterator[Finding]:
    for name, field in properties.items():
        place = f"{prefix}{name}"
        if not _NAME.fullmatch(name):
            yield _finding(
                file,
                place,
                "field_name",
                _("Fältets namn ska bestå av a–z, siffror och understreck: %(name)s.", name=name),
            )
        if not isinstance(field, Mapping):
            yield _finding(
                file, place, "field", _("Fältet %(name)s ska vara ett objekt.", name=name)
            )
            continue
        yield from _field(file, place, field, context)


def _field(
    file: str, place: str, field: Mapping[str, Any], context: GateContext
) -> Iterator[Finding]:
    if not field.get("title"):
        yield _finding(
            file, place, "field_title", _("Fältet %(name)s saknar title, som är dess etikett.",
                                          name=place),
        )  # fmt: skip
    if field.get("type") not in TYPES:
        yield _finding(
            file,
            place,
            "field_type",
            _("Fältet %(name)s ska ha en type: %(types)s.",
              name=place, types=", ".join(sorted(TYPES))),
        )  # fmt: skip
    if field.get("x-widget", "text") not in WIDGETS:
        yield _finding(
            file,
            place,
            "field_widget",
            _("x-widget för %(name)s finns inte. Välj en av %(known)s.",
              name=place, known=", ".join(sorted(WIDGETS))),
        )  # fmt: skip
    yield from _details(file, place, field, context)


def _details(
    file: str, place: str, field: Mapping[str, Any], context: GateContext
) -> Iterator[Finding]:
    default = field.get("x-default")
    if isinstance(default, str):
        problem = expressions.check(default, context.functions.keys())
        if problem:
            yield _finding(file, place, "field_default", problem)
    for name in field:
        if name.startswith("x-") and name not in HINTS:
            yield _finding(
                file,
                place,
                "field_hint",
                _("%(hint)s används inte. De som finns är %(known)s.",
                  hint=name, known=", ".join(sorted(HINTS))),
                severity=Severity.WARNING,
            )  # fmt: skip
    items = field.get("items")
    if isinstance(items, Mapping) and isinstance(items.get("properties"), Mapping):
        yield from _fields(file, items["properties"], context, f"{place}.")


def _finding(
    file: str, element: str, code: str, message: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(file=file, element=element, code=code, message=message, severity=severity)
