from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from processes import accounts
from web import security, texts, transactions
from web.current import product
from web.login import blueprint, demo_roles
from web.permissions import Permission, permission
from web.texts import gettext as _

NEXT = "next"


@blueprint.get("/logga-in")
@permission(Permission.PUBLIC)
def show() -> str | Response:
    if current_user.is_authenticated:
        return redirect(_after_login())
    return _page()


@blueprint.post("/logga-in")
@permission(Permission.PUBLIC)
@security.limit_failed_logins
def log_in() -> str | Response | tuple[str, int]:
    username = request.form.get("username", "").strip()
    password = request.form.get("password", "")
    user = accounts.authenticate(transactions.reading(), username, password)
    if user is None:
        return _page(
            error=_("Användarnamnet eller lösenordet stämmer inte."), username=username
        ), 422
    return _enter(user)


@blueprint.post("/logga-in/roll")
@permission(Permission.PUBLIC)
def choose_role() -> Response:
    """One click in demo mode. In production the address does not exist."""
    if not product().demo:
        abort(404)
    user = accounts.find_by_username(transactions.reading(), request.form.get("username", ""))
    if user is None or not user.active:
        abort(404)
    return _enter(user)


@blueprint.post("/logga-ut")
@permission(Permission.STAFF)
def log_out() -> Response:
    security.log_out()
    flash(_("Du har loggat ut."), "success")
    return redirect(url_for("login.show"))


@blueprint.post("/sprak")
@permission(Permission.PUBLIC)
def choose_language() -> Response:
    texts.choose(request.form.get("language", ""))
    back = security.safe_next(request.form.get(NEXT)) or url_for("inbox.show")
    return redirect(back)


def _enter(user: accounts.User) -> Response:
    address = _after_login()
    security.log_in(user)
    return redirect(address)


def _after_login() -> str:
    return security.safe_next(request.values.get(NEXT)) or url_for("inbox.show")


def _page(*, error: str = "", username: str = "") -> str:
    return render_template(
        "login/show.html",
        errors=[error] if error else [],
        username=username,
        next=security.safe_next(request.values.get(NEXT)) or "",
        demo=demo_roles.offered() if product().demo else None,
    )
