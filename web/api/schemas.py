"""What is sent and answered. Names are the contract's; times are ISO 8601 with offset."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

STATUS = "active · completed · cancelled · suspended · failed"


class Lenient(Schema):
    """Unknown arguments are ignored, as query strings should be."""

    class Meta:
        unknown = EXCLUDE


class Paging(Lenient):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    cursor = fields.String(load_default=None)


class LockVersion(Schema):
    lock_version = fields.Integer(required=True)


class Reason(Schema):
    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    lock_version = fields.Integer(load_default=None, allow_none=True)


# --- processes


class ProcessOut(Schema):
    key = fields.String()
    name = fields.String()
    version = fields.Integer()
    current = fields.Boolean()
    deployed_at = fields.DateTime()
    deployed_by = fields.String()
    comment = fields.String()


class DeployedOut(Schema):
    key = fields.String()
    version = fields.Integer()


class DeploymentOut(Schema):
    id = fields.String()
    processes = fields.List(fields.Nested(DeployedOut))
    warnings = fields.List(fields.Dict())


class DryRun(Lenient):
    dry_run = fields.Boolean(load_default=False)


# --- instances


class InstanceIn(Schema):
    process = fields.String(required=True)
    business_key = fields.String(load_default=None, allow_none=True)
    data = fields.Dict(load_default=dict)
    version = fields.Integer(load_default=None, allow_none=True)


class InstanceQuery(Paging):
    process = fields.String(load_default=None)
    status = fields.String(load_default=None, metadata={"description": STATUS})
    business_key = fields.String(load_default=None)
    element = fields.String(load_default=None)
    incident = fields.Boolean(load_default=None)


class ActiveOut(Schema):
    element = fields.String()
    name = fields.String()
    since = fields.DateTime()


class InstanceOut(Schema):
    id = fields.String()
    process = fields.String()
    version = fields.Integer()
    business_key = fields.String(allow_none=True)
    status = fields.String(metadata={"description": STATUS})
    lock_version = fields.Integer()
    started_at = fields.DateTime()
    started_by = fields.String()
    ended_at = fields.DateTime(allow_none=True)


class InstanceDetailOut(InstanceOut):
    data = fields.Dict()
    active = fields.List(fields.Nested(ActiveOut))
    timers = fields.List(fields.Dict())
    waits = fields.List(fields.Dict())
    incidents = fields.List(fields.Dict())
    parent = fields.String(allow_none=True)
    children = fields.List(fields.String())


class EventOut(Schema):
    seq = fields.Integer()
    at = fields.DateTime()
    actor = fields.String()
    on_behalf_of = fields.String(allow_none=True)
    kind = fields.String()
    process = fields.String(allow_none=True)
    element = fields.String(allow_none=True)
    name = fields.String()
    detail = fields.Dict()


# --- tasks


class TaskQuery(Paging):
    assignee = fields.String(load_default=None, metadata={"description": "me"})
    role = fields.String(load_default=None)
    overdue = fields.Boolean(load_default=False)
    due_before = fields.AwareDateTime(load_default=None)
    process = fields.String(load_default=None)
    case = fields.String(load_default=None)
    q = fields.String(load_default=None)


class TaskOut(Schema):
    id = fields.String()
    instance_id = fields.String()
    process = fields.String()
    element = fields.String()
    name = fields.String()
    case = fields.String(allow_none=True)
    role = fields.String()
    candidate = fields.String()
    assignee = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    status = fields.String()
    lock_version = fields.Integer()
    created_at = fields.DateTime()


class TaskDetailOut(TaskOut):
    form = fields.Dict(allow_none=True)
    draft = fields.Dict()
    rule = fields.String()
    help = fields.String()


class DelegateIn(LockVersion):
    to = fields.String(required=True)


class AnswersIn(Schema):
    data = fields.Dict(load_default=dict)
    lock_version = fields.Integer(load_default=None, allow_none=True)


class CompleteIn(Schema):
    data = fields.Dict(load_default=dict)
    lock_version = fields.Integer(required=True)


class CompletedOut(Schema):
    instance_id = fields.String()
    next = fields.Nested(TaskOut, allow_none=True)


# --- messages, timers, incidents


class MessageIn(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1))
    key = fields.Raw(load_default=list)
    payload = fields.Dict(load_default=dict)
    keep = fields.Boolean(load_default=False)


class MessageOut(Schema):
    id = fields.String()
    status = fields.String()


class TimerQuery(Paging):
    due_before = fields.AwareDateTime(load_default=None)


class TimerOut(Schema):
    id = fields.String()
    instance_id = fields.String()
    element = fields.String(allow_none=True)
    due_at = fields.DateTime()


class IncidentOut(Schema):
    id = fields.String()
    instance_id = fields.String(allow_none=True)
    element = fields.String(allow_none=True)
    name = fields.String()
    message = fields.String()
    occurrences = fields.Integer()
    first_at = fields.DateTime()
    last_at = fields.DateTime()
    status = fields.String()


# --- cases and meetings


class CaseIn(Schema):
    registry = fields.String(required=True)
    heading = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.Date(required=True)
    initiator = fields.String(load_default="")
    public_heading = fields.String(load_default="")
    classification = fields.String(load_default="")
    secret = fields.Boolean(load_default=False)
    legal_ground = fields.String(load_default="")


class CaseQuery(Paging):
    q = fields.String(load_default="")
    registry = fields.String(load_default=None)
    status = fields.String(load_default=None)


class CaseOut(Schema):
    number = fields.String()
    heading = fields.String()
    public_heading = fields.String()
    kind = fields.String()
    registry = fields.String(attribute="registry_code")
    status = fields.String()
    initiator = fields.String()
    received_on = fields.Date()
    created_at = fields.DateTime()
    decision_form = fields.String(allow_none=True)
    path = fields.List(fields.String())
    step = fields.Integer()
    case_officer = fields.String(allow_none=True)
    co_officers = fields.List(fields.String())
    secret = fields.Boolean()
    legal_ground = fields.String()
    decision = fields.String()
    decided_by = fields.String(allow_none=True)
    decided_on = fields.Date(allow_none=True)
    lock_version = fields.Integer()


class RecordOut(Schema):
    id = fields.String()
    designation = fields.String()
    direction = fields.String()
    kind = fields.String()
    date = fields.Date(attribute="dated_on")
    sender = fields.String()
    recipient = fields.String()
    subject = fields.String()
    registered = fields.Boolean()
    annulled_at = fields.DateTime(allow_none=True)
    secret = fields.Boolean()


class MeetingIn(Schema):
    organ = fields.String(required=True)
    on = fields.Date(required=True)
    last_day_on = fields.Date(load_default=None, allow_none=True)
    submission_on = fields.Date(load_default=None, allow_none=True)
    place = fields.String(load_default="")
    extra = fields.Boolean(load_default=False)


class MeetingChange(Schema):
    on = fields.Date(load_default=None, allow_none=True)
    cancelled = fields.Boolean(load_default=False)
    reason = fields.String(required=True, validate=validate.Length(min=1))
    lock_version = fields.Integer(load_default=None, allow_none=True)


class MeetingQuery(Lenient):
    organ = fields.String(load_default=None)
    year = fields.Integer(load_default=None)


class MeetingOut(Schema):
    id = fields.String()
    organ = fields.String(attribute="organ_code")
    on = fields.Date()
    last_day_on = fields.Date(allow_none=True)
    submission_on = fields.Date(allow_none=True)
    kind = fields.String()
    status = fields.String()
    place = fields.String()


def paged(item: type[Schema]) -> type[Schema]:
    """A page of a list: `{"items": […], "next": cursor or null}`."""
    name = item.__name__.removesuffix("Out") + "Page"
    members: dict[str, Any] = {
        "items": fields.List(fields.Nested(item)),
        "next": fields.String(allow_none=True),
        "__doc__": f"A page of {item.__name__}.",
    }
    return type(name, (Schema,), members)
