"""Keys to the API: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, request, url_for
from werkzeug import Response

from engine.errors import Invalid
from processes import accounts
from web import transactions
from web.current import now, user
from web.permissions import Permission, permission
from web.profile import blueprint
from web.profile.page import page
from web.texts import gettext as _

LIFE = timedelta(days=365)


@blueprint.post("/nycklar")
@permission(Permission.STAFF)
def create_token() -> str | tuple[str, int]:
    label = request.form.get("label", "").strip()
    if not label or len(label) > accounts.MAX_LINE:
        refused = Invalid.field("label", _("Skriv kort vad nyckeln ska användas till."))
        return page(refused=refused), 422
    username = user().username
    token = transactions.perform(
        lambda session: accounts.create_token(
            session, username, label=label, now=now(), expires_at=now() + LIFE
        )
    )
    return page(new_token=token)


@blueprint.post("/nycklar/<token_id>/aterkalla")
@permission(Permission.STAFF)
def revoke_token(token_id: str) -> Response:
    user_id = user().id
    transactions.perform(
        lambda session: accounts.revoke_token(session, user_id, token_id, now=now())
    )
    flash(_("Nyckeln gäller inte längre."), "success")
    return redirect(url_for("profile.show"))
