"""Instances and what moves or stops them: messages, timers, incidents."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from engine.tables import InstanceStatus
from web.api.schemas.base import Answer, Instant, Line, Long, MayLock, OneOf, Paging, Sent, Whole

STATUSES = [status.value for status in InstanceStatus]


class NewInstance(Sent):
    process = Line(required=True)
    business_key = Line(load_default=None, allow_none=True)
    data = fields.Dict(keys=fields.String(), load_default=dict)
    version = Whole(
        load_default=None,
        allow_none=True,
        least=1,
        metadata={"description": "The current version unless one is named."},
    )


class InstanceQuery(Paging):
    process = fields.String(load_default=None)
    status = fields.String(load_default=None, validate=OneOf(STATUSES))
    business_key = fields.String(load_default=None)
    element = fields.String(
        load_default=None, metadata={"description": "Those that are at this element now."}
    )
    incident = fields.Boolean(
        load_default=None, metadata={"description": "Those with, or without, an open incident."}
    )


class Instance(Answer):
    id = fields.String()
    process = fields.String()
    version = fields.Integer()
    business_key = fields.String(allow_none=True)
    status = fields.String(validate=OneOf(STATUSES))
    lock_version = fields.Integer()
    started_at = fields.DateTime()
    started_by = fields.String()
    ended_at = fields.DateTime(allow_none=True)


class Active(Answer):
    """A place where an instance is now."""

    element = fields.String()
    name = fields.String()
    since = fields.DateTime()


class Timer(Answer):
    id = fields.String()
    instance_id = fields.String()
    element = fields.String(allow_none=True)
    due_at = fields.DateTime()


class Wait(Answer):
    """A message that is waited for."""

    name = fields.String()
    key = fields.List(fields.Raw())
    element = fields.String()
    since = fields.DateTime()


class Incident(Answer):
    id = fields.String()
    instance_id = fields.String(allow_none=True)
    element = fields.String(allow_none=True)
    name = fields.String(metadata={"description": "The element's name."})
    message = fields.String()
    occurrences = fields.Integer()
    first_at = fields.DateTime()
    last_at = fields.DateTime()
    status = fields.String()


class InstanceDetail(Instance):
    data = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={"description": "null for who has no part in it"},
    )
    active = fields.List(fields.Nested(Active))
    timers = fields.List(fields.Nested(Timer))
    waits = fields.List(fields.Nested(Wait))
    incidents = fields.List(fields.Nested(Incident))
    parent = fields.String(allow_none=True)
    children = fields.List(fields.String())


class Event(Answer):
    seq = fields.Integer()
    at = fields.DateTime()
    actor = fields.String()
    on_behalf_of = fields.String(allow_none=True)
    kind = fields.String()
    process = fields.String(
        allow_none=True, metadata={"description": "Of the diagram the element stands in."}
    )
    element = fields.String(allow_none=True)
    name = fields.String()
    detail = fields.Dict(
        keys=fields.String(),
        metadata={"description": "Without `answers` for who has no part in the instance."},
    )


class RetryReason(MayLock):
    reason = fields.String(load_default="", validate=Long(max=2000))


class CorrelationKey(fields.Raw):
    """What the receiver's `nyckel` gives: a list, or the one value of a list of one."""

    def __init__(self, **more: Any) -> None:
        simple = [{"type": kind} for kind in ("string", "number", "boolean", "null")]
        values = {"type": "array", "items": {"anyOf": simple}, "maxItems": MAX_KEYS}
        super().__init__(metadata={"anyOf": [*simple, values]}, **more)

    def _deserialize(self, value: Any, *_more: Any, **_rest: Any) -> list[Any]:
        values = value if isinstance(value, list) else [value]
        simple = all(isinstance(one, str | int | float | None) for one in values)
        if not simple or len(values) > MAX_KEYS:
            raise self.make_error("invalid")
        return values


MAX_KEYS = 20


class NewMessage(Sent):
    name = Line(required=True)
    key = CorrelationKey(load_default=list)
    payload = fields.Dict(keys=fields.String(), load_default=dict)
    keep = fields.Boolean(
        load_default=False,
        metadata={"description": "Let it lie until somebody waits for it, instead of a 404."},
    )


class Message(Answer):
    id = fields.String()
    status = fields.String()


class TimerQuery(Paging):
    due_before = Instant(load_default=None)
