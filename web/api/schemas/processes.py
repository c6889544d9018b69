"""Processes and deployments."""

from __future__ import annotations

from marshmallow import fields

from web.api.schemas.base import Answer, Query


class Process(Answer):
    key = fields.String()
    name = fields.String()
    version = fields.Integer()
    current = fields.Boolean(metadata={"description": "New instances run this version."})
    deployed_at = fields.DateTime()
    deployed_by = fields.String()
    comment = fields.String()


class DeployedProcess(Answer):
    key = fields.String()
    version = fields.Integer()


class Finding(Answer):
    """What the deployment gate says of a file."""

    file = fields.String()
    element = fields.String(metadata={"description": "Id in the diagram, empty for the file."})
    code = fields.String()
    message = fields.String()
    severity = fields.String()


class Deployment(Answer):
    id = fields.String(allow_none=True, metadata={"description": "null when only checked"})
    processes = fields.List(fields.Nested(DeployedProcess))
    warnings = fields.List(fields.Nested(Finding))


class DeploymentFiles(Answer):
    """Only described: the files are read as they are streamed in."""

    files = fields.List(
        fields.Raw(metadata={"type": "string", "format": "binary"}),
        metadata={"description": "`.bpmn`, `.dmn` and form `.json` files, or one `.zip` of them"},
    )


class DryRun(Query):
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Only check; nothing is deployed."}
    )
