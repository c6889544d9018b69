"""The list of cases, and the search that finds cases, people and meetings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from processes import accounts, case_list, organisation, search
from processes.cases import CaseStatus
from web import transactions
from web.cases import blueprint, words
from web.current import today
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

search_blueprint = Blueprint("search", __name__, template_folder="templates")


@blueprint.get("/")
@permission(Permission.STAFF)
def index() -> str:
    session = transactions.reading()
    args = request.args
    page = case_list.page(
        session,
        reader(),
        text=args.get("q", ""),
        registry=args.get("diarium") or None,
        statuses=[args["status"]] if args.get("status") else (),
        organ=args.get("organ") or None,
        person=args.get("person") or None,
        cursor=args.get("fran") or None,
    )
    officers = [case.case_officer for case in page.items if case.case_officer]
    return render_template(
        "cases/index.html",
        title=_("Ärenden"),
        items=page.items,
        names=accounts.names(session, officers),
        tone=words.tone,
        statuses=[status.value for status in CaseStatus],
        registries=organisation.registries(session, today()),
        organs=organisation.organs(session, today()),
        may_register=bool(reader().registries),
        next_address=_with(fran=page.next) if page.next else "",
        first_address=_with(fran="") if args.get("fran") else "",
    )


@search_blueprint.get("/sok")
@permission(Permission.STAFF)
def find() -> str | Response:
    """A case number goes straight to its card."""
    session = transactions.reading()
    text = request.args.get("q", "").strip()
    hits = search.find(session, reader(), text, cursor=request.args.get("fran") or None)
    if hits.exact:
        return redirect(case_address(hits.exact))
    officers = [case.case_officer for case in hits.cases.items if case.case_officer]
    return render_template(
        "cases/search.html",
        title=_("Sök: %(text)s", text=text) if text else _("Sök"),
        text=text,
        search_words=text,
        hits=hits,
        tone=words.tone,
        names=accounts.names(session, officers),
        next_address=url_for("search.find", q=text, fran=hits.cases.next)
        if hits.cases.next
        else "",
    )


def _with(**changes: str | None) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("cases.index", **{name: each for name, each in values.items() if each})
