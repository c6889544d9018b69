"""Who stands in for whom, for everyone; one's own are on the profile page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid
from processes import accounts, substitutes
from web import transactions
from web.admin import blueprint, fields
from web.current import actor, engine, today
from web.form_widgets import by_field
from web.permissions import Permission, permission
from web.texts import gettext as _


@blueprint.get("/ersattare")
@permission(Permission.ADMINISTRATOR)
def absences() -> str:
    return _page()


@blueprint.post("/ersattare")
@permission(Permission.ADMINISTRATOR)
def add_substitute() -> Response | tuple[str, int]:
    def work(session: Session) -> None:
        fields.add_substitute(session, fields.given_person(session, "absent").id)

    try:
        transactions.perform(work)
    except Invalid as refused:
        return _page(refused=refused), 422
    flash(_("Ersättaren ser nu den andras uppgifter i sin inkorg."), "success")
    return redirect(url_for("admin.absences"))


@blueprint.post("/ersattare/<substitution_id>/avsluta")
@permission(Permission.ADMINISTRATOR)
def end_substitute(substitution_id: str) -> Response:
    transactions.perform(
        lambda session: substitutes.end(session, engine(), substitution_id, actor=actor())
    )
    flash(_("Ersättningen har upphört."), "success")
    return redirect(url_for("admin.absences"))


def _page(*, refused: Invalid | None = None) -> str:
    session = transactions.reading()
    rows = substitutes.not_over(session, today())
    people = accounts.everyone(session)
    return render_template(
        "admin/substitutes.html",
        rows=rows,
        names={one.id: one.name for one in people},
        people=[(one.id, one.name) for one in people if one.active],
        facts=request.form,
        today=today(),
        **by_field(refused),
    )
