"""One's own absence, and who stands in meanwhile."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid
from processes import substitutes
from web import transactions
from web.admin.fields import given_day, required_day
from web.current import actor, engine, today, user
from web.permissions import Permission, permission
from web.profile import blueprint
from web.profile.page import page
from web.texts import gettext as _


@blueprint.post("/franvaro")
@permission(Permission.STAFF)
def add_absence() -> Response | tuple[str, int]:
    user_id = user().id

    def work(session: Session) -> None:
        substitutes.add(
            session,
            engine(),
            absent_id=user_id,
            substitute_id=request.form.get("substitute", ""),
            from_on=given_day("from_on") or today(),
            to_on=required_day("to_on"),
            actor=actor(),
        )

    try:
        transactions.perform(work)
    except Invalid as refused:
        return page(refused=refused), 422
    flash(_("Din ersättare ser nu dina uppgifter de dagarna."), "success")
    return redirect(url_for("profile.show"))


@blueprint.post("/franvaro/<substitution_id>/avsluta")
@permission(Permission.STAFF)
def end_absence(substitution_id: str) -> Response:
    user_id = user().id
    transactions.perform(
        lambda session: substitutes.end(
            session, engine(), substitution_id, actor=actor(), user_id=user_id
        )
    )
    flash(_("Ersättningen har upphört."), "success")
    return redirect(url_for("profile.show"))
