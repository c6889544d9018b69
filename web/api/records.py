"""The records of a case."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from processes import access, records
from processes.files import StoredFile
from processes.records import NewRecord, Record
from web import transactions
from web.api import lists, refusals, schemas, visibility
from web.api.blueprints import located
from web.api.cases import NUMBER, blueprint
from web.current import actor, engine, product
from web.permissions import Permission, permission

MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/NewRecord"},
                        {
                            "type": "object",
                            "properties": {
                                "file": {
                                    "type": "array",
                                    "items": {"type": "string", "format": "binary"},
                                }
                            },
                        },
                    ]
                }
            }
        },
    }
}


@blueprint.get(f"/{NUMBER}/records")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.Paging, location="query")
@blueprint.response(200, schemas.paged(schemas.Record))
def records_of(query: dict[str, Any], number: str) -> dict[str, Any]:
    """The records that the caller may see, the newest first."""
    session, reader = transactions.reading(), visibility.reader()
    case = access.case(session, reader, number)
    found = access.records_of(session, reader, case)
    page = lists.page(found, _place, newest_first=True, **query)
    return lists.answer([_detail(session, record) for record in page.items], page.next)


@blueprint.post(f"/{NUMBER}/records")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.NewRecord, location="form")
@blueprint.response(201, schemas.Record)
@blueprint.doc(**MULTIPART)
def add_record(sent: dict[str, Any], number: str) -> Any:
    """Put a record in a case, with its files in the field `file`; the running case is told.

    What somebody else than a registrar wants registered is sent to one, and registered by them.
    """
    session, reader = transactions.reading(), visibility.reader()
    case = access.case(session, reader, number)
    access.require_may_add_records(session, reader, case)
    new = NewRecord(dated_on=sent.pop("date"), **sent)
    stored = _stored()

    def work(session: Session) -> dict[str, Any]:
        added = records.add_or_send(
            session,
            engine(),
            case.number,
            new,
            actor=actor(),
            files=stored,
            is_registrar=case.registry_code in reader.registries,
        )
        session.flush()
        return _detail(session, added)

    with refusals.named(dated_on="date"):
        detail = transactions.perform(work)
    return located(detail, detail["id"])


def _stored() -> list[StoredFile]:
    """Kept before anything refers to them; what is refused leaves only content without a name."""
    uploads = [*request.files.getlist("file"), *request.files.getlist("files")]
    return [product().files.save(upload.stream, upload.filename or "fil") for upload in uploads]


def _place(record: Record) -> lists.Place:
    return record.dated_on.isoformat(), record.created_at.isoformat(), record.id


def _detail(session: Session, record: Record) -> dict[str, Any]:
    columns = type(record).__table__.columns
    return {
        **{column.key: getattr(record, column.key) for column in columns},
        "designation": record.designation,
        "registered": record.registered,
        "files": records.files(session, [record.id])[record.id],
    }
