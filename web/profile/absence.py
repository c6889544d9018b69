"""One's own absence, and who stands in meanwhile."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug import Response

from engine.errors import Invalid
from processes import substitutes
from web import transactions
from web.admin import fields
from web.current import actor, engine, user
from web.permissions import Permission, permission
from web.profile import blueprint
from web.profile.page import page
from web.texts import gettext as _


@blueprint.post("/franvaro")
@permission(Permission.STAFF)
def add_absence() -> Response | tuple[str, int]:
    user_id = user().id

    try:
        transactions.perform(lambda session: fields.add_substitute(session, user_id))
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
