"""The inbox and its tasks."""

from __future__ import annotations

from marshmallow import fields

from web.api.schemas.base import Answer, Instant, Line, LockVersion, MayLock, Paging


class TaskQuery(Paging):
    assignee = fields.String(
        load_default=None,
        metadata={
            "description": "`me` for what lies on me and those I stand in for, without what my "
            "roles may take; or one of them."
        },
    )
    role = fields.String(
        load_default=None, metadata={"description": "As the diagram names it: Sekreterare."}
    )
    overdue = fields.Boolean(load_default=False)
    due_before = Instant(load_default=None)
    process = fields.String(load_default=None)
    case = fields.String(load_default=None, metadata={"description": "Any of the case's numbers."})
    q = fields.String(
        load_default="",
        metadata={"description": "Words in the task's name, the case's number or its heading."},
    )


class Task(Answer):
    id = fields.String()
    instance_id = fields.String()
    process = fields.String()
    element = fields.String()
    name = fields.String()
    case = fields.String(allow_none=True, metadata={"description": "The business key."})
    role = fields.String()
    candidate = fields.String(metadata={"description": "Whose it is to take: Sekreterare RS."})
    assignee = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    status = fields.String()
    lock_version = fields.Integer()
    created_at = fields.DateTime()


class Option(Answer):
    value = fields.String()
    label = fields.String()
    hint = fields.String()


class TaskDetail(Task):
    deadline = fields.String(metadata={"description": "In words, as drawn."})
    rule = fields.String(metadata={"description": "The step and chapter of the rules: A10 · 4."})
    help = fields.String()
    may_act = fields.Boolean(metadata={"description": "Whether the caller may work on it."})
    form = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={"description": "JSON Schema 2020-12 of the answers; null when nothing is asked"},
    )
    data = fields.Dict(
        keys=fields.String(),
        metadata={"description": "What the form opens with, for who may work on the task."},
    )
    options = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(Option)),
        metadata={"description": "What each `x-source` of the form offers here."},
    )
    draft = fields.Dict(keys=fields.String())
    next = fields.String(metadata={"description": "What the form says comes after."})


class Delegation(LockVersion):
    to = Line(required=True, metadata={"description": "User id of who takes over."})


class Answers(MayLock):
    data = fields.Dict(keys=fields.String(), load_default=dict)


class Completion(LockVersion):
    data = fields.Dict(keys=fields.String(), load_default=dict)


class Completed(Answer):
    instance_id = fields.String()
    next = fields.Nested(
        Task,
        allow_none=True,
        metadata={"description": "The caller's next task in the same instance."},
    )
