"""What the schemas have in common: how they refuse, bounds, pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from web.api import refusals
from web.texts import gettext as _

MAX_LINE = 500  # characters of what people write on one line
MAX_TEXT = 20_000
# The days that the calendar can be asked about: law and holidays are known for no others.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
HIGHEST = 2**31 - 1


class Sent(Schema):
    """What a client sends; a misspelt name is refused, not ignored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages = refusals.by_key(self.error_messages)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.error_messages = refusals.by_key(field_obj.error_messages)


class Query(Sent):
    """Unknown arguments are ignored, as query strings should be."""

    class Meta:
        unknown = EXCLUDE


class Answer(Schema):
    """What is answered: every name is always there, and more may be added."""

    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True  # documented so; nothing is loaded with it


class Between(validate.Range):
    def _format_error(self, _value: Any, _message: str) -> str:
        return _("Ange ett värde från %(least)s till %(most)s.", least=self.min, most=self.max)


class Long(validate.Length):
    def _format_error(self, value: Any, _message: str) -> str:
        if self.min and len(value) < self.min:
            return _("Uppgiften får inte vara tom.")
        return _("Skriv högst %(limit)s tecken.", limit=self.max)


class OneOf(validate.OneOf):
    def _format_error(self, _value: Any) -> str:
        return _("Ange ett av %(choices)s.", choices=", ".join(map(str, self.choices)))


class Line(fields.String):
    """Text on one line, of a length that a list can show."""

    def __init__(self, **more: Any) -> None:
        least = 1 if more.get("required") else 0
        super().__init__(validate=Long(min=least, max=MAX_LINE), **more)


class Text(fields.String):
    def __init__(self, **more: Any) -> None:
        least = 1 if more.get("required") else 0
        super().__init__(validate=Long(min=least, max=MAX_TEXT), **more)


class Instant(fields.AwareDateTime):
    """A time with offset, kept in UTC."""

    def _deserialize(self, *given: Any, **more: Any) -> datetime:
        at: datetime = super()._deserialize(*given, **more)
        try:
            return at.astimezone(UTC)
        except OverflowError as error:  # the first and last hours of the calendar
            raise ValidationError("invalid") from error


class Day(fields.Date):
    """A day of the calendar that law and holidays are known for."""

    def _deserialize(self, *given: Any, **more: Any) -> date:
        day: date = super()._deserialize(*given, **more)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Dagen ligger för långt bort."))
        return day


class Whole(fields.Integer):
    """A whole number as JSON writes it: never text, never true."""

    def __init__(self, *, least: int = 0, most: int = HIGHEST, **more: Any) -> None:
        super().__init__(strict=True, validate=Between(least, most), **more)


class Paging(Query):
    limit = fields.Integer(
        load_default=50,
        validate=Between(1, 200),
        metadata={"description": "How many to answer with, 1 to 200."},
    )
    cursor = fields.String(
        load_default=None,
        validate=Long(max=1000),
        metadata={"description": "`next` of the page before; left out for the first page."},
    )


LOCK = "The `lock_version` that was read; 409 when it is old. May be sent as `If-Match` instead."


class LockVersion(Sent):
    lock_version = Whole(required=True, metadata={"description": LOCK})


class MayLock(Sent):
    lock_version = Whole(load_default=None, allow_none=True, metadata={"description": LOCK})


class Reason(MayLock):
    reason = fields.String(required=True, validate=Long(min=1, max=2000))


class FieldProblem(Answer):
    field = fields.String(metadata={"description": "Name as sent, or file; empty for the whole."})
    code = fields.String(
        metadata={"description": "`required`, `invalid`, `unknown` … for programs"}
    )
    message = fields.String(metadata={"description": "What to do, in Swedish."})
    element = fields.String(
        allow_none=True, metadata={"description": "Id of the BPMN element, where there is one."}
    )


class Problem(Answer):
    """RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "In Swedish, for whoever reads it."})
    errors = fields.List(fields.Nested(FieldProblem))


@lru_cache
def paged(item: type[Schema]) -> type[Schema]:
    """A page of a list: `{"items": […], "next": cursor or null}`."""
    members: dict[str, Any] = {
        "items": fields.List(fields.Nested(item)),
        "next": fields.String(allow_none=True, metadata={"description": "null on the last page"}),
        "__doc__": f"A page of {item.__name__}.",
    }
    return type(item.__name__ + "Page", (Answer,), members)
