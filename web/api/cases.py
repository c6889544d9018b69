"""Cases. A case number stands in the path as it is, slashes included."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from engine import instances, tasks
from processes import access, case_list, cases
from processes.cases import Case, NewCase
from web import transactions
from web.api import refusals, schemas, visibility
from web.api.blueprints import Calls, located, tagged
from web.current import actor, engine, today
from web.permissions import Permission, permission

blueprint = Calls("cases", "/cases", about="Cases, and the records in them.")

NUMBER = "<path:number>"


@blueprint.post("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.NewCase)
@blueprint.response(201, schemas.CaseDetail)
def register(sent: dict[str, Any]) -> Any:
    """Register a case: its number is given and its process starts.

    Only the registrars of a registry give numbers in it.
    """
    sent["received_on"] = sent["received_on"] or today()
    new = NewCase(registry_code=sent.pop("registry"), **sent)

    def work(session: Session) -> dict[str, Any]:
        access.require_registrar(visibility.reader(), new.registry_code.strip().upper())
        return _detail(session, cases.register(session, engine(), new, actor=actor()))

    with refusals.named(registry_code="registry"):
        detail = transactions.perform(work)
    return located(detail, detail["number"])


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.CaseQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.Case))
def listing(query: dict[str, Any]) -> Any:
    """The cases that the caller may see, the last registered first."""
    return case_list.page(
        transactions.reading(),
        visibility.reader(),
        text=query["q"],
        registry=query["registry"],
        statuses=[query["status"]] if query["status"] else (),
        limit=query["limit"],
        cursor=query["cursor"],
    )


@blueprint.get(f"/{NUMBER}")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.CaseDetail)
def show(number: str) -> Any:
    """The case card, by any of the case's numbers."""
    session = transactions.reading()
    return tagged(_detail(session, access.case(session, visibility.reader(), number)))


def _detail(session: Session, case: Case) -> dict[str, Any]:
    opened = tasks.of_business_key(session, case.number)
    return {
        **{name: getattr(case, name) for name in _columns(case)},
        "aliases": cases.aliases(session, case.number),
        "instances": [each.id for each in instances.of_business_key(session, case.number)],
        "tasks": [task.id for task in sorted(opened, key=lambda task: (task.due_at, task.id))],
    }


def _columns(case: Case) -> list[str]:
    return [column.key for column in type(case).__table__.columns]
