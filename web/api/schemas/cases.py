"""Cases and their records."""

from __future__ import annotations

from marshmallow import fields

from processes.cases import CaseKind, CaseStatus
from processes.records import Direction
from web.api.schemas.base import Answer, Day, Line, OneOf, Paging, Query, Sent

KINDS = [kind.value for kind in CaseKind]
STATUSES = [status.value for status in CaseStatus]
DIRECTIONS = [direction.value for direction in Direction]


class NewCase(Sent):
    registry = Line(required=True, metadata={"description": "Code of the registry: RS."})
    heading = Line(required=True)
    kind = fields.String(required=True, validate=OneOf(KINDS))
    received_on = Day(load_default=None, allow_none=True, metadata={"description": "Else today."})
    initiator = Line(load_default="", metadata={"description": "Who raises the case."})
    public_heading = Line(load_default="")
    classification = Line(load_default="")
    secret = fields.Boolean(load_default=False)
    legal_ground = Line(load_default="", metadata={"description": "25 kap. 1 § OSL"})


class CaseQuery(Paging):
    q = fields.String(load_default="", metadata={"description": "Words, or a number."})
    registry = fields.String(load_default=None)
    status = fields.String(load_default=None, validate=OneOf(STATUSES))


class Case(Answer):
    number = fields.String()
    heading = fields.String()
    public_heading = fields.String()
    kind = fields.String()
    registry = fields.String(attribute="registry_code")
    status = fields.String()
    status_at = fields.DateTime()
    initiator = fields.String()
    classification = fields.String()
    received_on = fields.Date()
    created_at = fields.DateTime()
    decision_form = fields.String(allow_none=True)
    path = fields.List(fields.String(), metadata={"description": "The organs, in their order."})
    step = fields.Integer(metadata={"description": "Index in `path` of who treats it now."})
    case_officer = fields.String(allow_none=True)
    co_officers = fields.List(fields.String())
    responsible_manager = fields.String(allow_none=True)
    delegate = fields.String(allow_none=True)
    ready_by_on = fields.Date(allow_none=True)
    decide_by_on = fields.Date(allow_none=True)
    secret = fields.Boolean()
    legal_ground = fields.String()
    decision = fields.String()
    decided_by = fields.String(allow_none=True)
    decided_on = fields.Date(allow_none=True)
    item_number = fields.String()
    legal_force_on = fields.Date(allow_none=True)
    withdrawn_at = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    archived_at = fields.DateTime(allow_none=True)
    lock_version = fields.Integer()


class CaseDetail(Case):
    aliases = fields.List(
        fields.String(), metadata={"description": "Its numbers in other registries."}
    )
    instances = fields.List(fields.String())
    tasks = fields.List(fields.String(), metadata={"description": "The open ones, soonest first."})


class NewRecord(Query):
    """The fields of a multipart form; its files come in the field `file`, repeated."""

    direction = fields.String(required=True, validate=OneOf(DIRECTIONS))
    date = Day(required=True, metadata={"description": "Received, dispatched or drawn up."})
    subject = Line(required=True, metadata={"description": "In brief, what it is about."})
    sender = Line(load_default="", metadata={"description": "Demanded of what came in."})
    recipient = Line(load_default="", metadata={"description": "Demanded of what goes out."})
    kind = Line(load_default="handling")
    public_subject = Line(load_default="")
    registered = fields.Boolean(
        load_default=True, metadata={"description": "false: working material"}
    )
    secret = fields.Boolean(load_default=False)
    legal_ground = Line(load_default="")


class RecordFile(Answer):
    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    replaced_at = fields.DateTime(allow_none=True)


class Record(Answer):
    id = fields.String()
    case = fields.String(attribute="case_number")
    designation = fields.String(metadata={"description": "RS/1/2026-3; empty before it has one."})
    direction = fields.String(validate=OneOf(DIRECTIONS))
    kind = fields.String()
    date = fields.Date(attribute="dated_on")
    sender = fields.String()
    recipient = fields.String()
    subject = fields.String()
    registered = fields.Boolean()
    sent_at = fields.DateTime(
        allow_none=True, metadata={"description": "When it was sent to a registrar."}
    )
    created_at = fields.DateTime()
    created_by = fields.String()
    annulled_at = fields.DateTime(allow_none=True)
    annulled_reason = fields.String()
    secret = fields.Boolean()
    legal_ground = fields.String()
    lock_version = fields.Integer()
    files = fields.List(fields.Nested(RecordFile))
