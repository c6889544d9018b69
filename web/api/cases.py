"""Cases and their records. A case number stands in the path as it is, slashes included."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from flask_smorest import Blueprint

from engine.errors import Invalid
from processes import access, case_list, cases, records
from processes.cases import Case, NewCase
from processes.records import NewRecord, Record
from web import transactions
from web.api import schemas, visibility
from web.current import actor, engine, product
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Blueprint("api_cases", __name__, url_prefix="/api/v1/cases")

NUMBER = "<path:number>"


@blueprint.post("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.CaseIn)
@blueprint.response(201, schemas.CaseOut)
def register(sent: dict[str, Any]) -> Case:
    """Register a case: its number is given and its process starts."""
    new = NewCase(registry_code=sent.pop("registry"), **sent)

    access.require_registrar(visibility.reader(), new.registry_code)
    return transactions.perform(
        lambda session: cases.register(session, engine(), new, actor=actor())
    )


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.CaseQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.CaseOut))
def listing(query: dict[str, Any]) -> Any:
    return case_list.page(
        transactions.reading(),
        visibility.reader(),
        text=query["q"],
        registry=query["registry"],
        statuses=[query["status"]] if query["status"] else (),
        limit=query["limit"],
        cursor=query["cursor"],
    )


@blueprint.get(f"/{NUMBER}/records")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.paged(schemas.RecordOut))
def records_of(number: str) -> dict[str, Any]:
    session, reader = transactions.reading(), visibility.reader()
    case = access.case(session, reader, number)
    return {"items": access.records_of(session, reader, case), "next": None}


@blueprint.post(f"/{NUMBER}/records")
@permission(Permission.STAFF)
@blueprint.response(201, schemas.RecordOut)
def add_record(number: str) -> Record:
    """Multipart: direction, date, sender or recipient, subject, and files in the field `file`."""
    case = access.case(transactions.reading(), visibility.reader(), number)
    new = _record()
    files = [
        product().files.save(upload.stream, upload.filename or "fil")
        for upload in request.files.getlist("file")
    ]
    return transactions.perform(
        lambda session: records.add(session, engine(), case.number, new, actor=actor(), files=files)
    )


@blueprint.get(f"/{NUMBER}")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.CaseOut)
def show(number: str) -> Case:
    found = cases.resolve(transactions.reading(), number) or number
    return access.case(transactions.reading(), visibility.reader(), found)


def _record() -> NewRecord:
    form = request.form
    try:
        dated_on = date.fromisoformat(form.get("date", ""))
    except ValueError as error:
        raise Invalid.field("date", _("Skriv datum som 2026-02-28.")) from error
    return NewRecord(
        direction=form.get("direction", ""),
        dated_on=dated_on,
        subject=form.get("subject", ""),
        sender=form.get("sender", ""),
        recipient=form.get("recipient", ""),
        kind=form.get("kind", "handling"),
        secret=form.get("secret") == "true",
        legal_ground=form.get("legal_ground", ""),
    )
