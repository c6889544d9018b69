"""Password and mail."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid, Stale
from processes import account_changes, accounts, passwords
from web import security, transactions
from web.current import actor, engine, user
from web.permissions import Permission, permission
from web.profile import blueprint
from web.profile.page import page
from web.texts import gettext as _


@blueprint.get("/")
@permission(Permission.STAFF)
def show() -> str:
    return page()


@blueprint.post("/losenord")
@permission(Permission.STAFF)
@security.limit_failed_logins
def change_password() -> Response | tuple[str, int]:
    user_id, before = user().id, user().password_hash

    def work(session: Session) -> accounts.User:
        if accounts.get(session, user_id).password_hash != before:
            raise Stale
        return account_changes.reset_password(
            session, engine(), user_id, password_hash, actor=actor()
        )

    try:
        _require_current(before)
        password_hash = passwords.hashed(request.form.get("password", ""))
        changed = transactions.perform(work)
    except Invalid as refused:
        return page(refused=refused), 422
    security.log_in(changed)  # the old session was sealed with the old password
    flash(_("Lösenordet är bytt. Andra datorer där du var inloggad är utloggade."), "success")
    return redirect(url_for("profile.show"))


def _require_current(password_hash: str) -> None:
    if not passwords.matches(password_hash, request.form.get("current", "")):
        raise Invalid.field("current", _("Det nuvarande lösenordet stämmer inte."))


@blueprint.post("/aviseringar")
@permission(Permission.STAFF)
def change_mail() -> Response:
    user_id, wanted = user().id, "wants_mail" in request.form

    def work(session: Session) -> None:
        accounts.get(session, user_id).wants_mail = wanted

    transactions.perform(work)
    words = _("Du får nu mejl om nya uppgifter.") if wanted else _("Du får inte längre mejl.")
    flash(words, "success")
    return redirect(url_for("profile.show"))
