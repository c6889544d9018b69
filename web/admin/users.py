"""Accounts: made, changed, closed, given a new password; and the roles that each has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid
from processes import account_changes, accounts, organisation, passwords
from processes.organisation import RoleHolder
from web import transactions
from web.admin import blueprint
from web.current import actor, engine, today
from web.form_widgets import by_field
from web.permissions import Permission, permission
from web.texts import gettext as _

TEXTS = ("name", "email", "department")
RIGHTS = ("is_administrator", "is_process_owner")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role that somebody has, or is to have; `where` is the name of the body or registry."""

    holding: RoleHolder
    role: str
    where: str


@blueprint.get("/")
@permission(Permission.ADMINISTRATOR)
def index() -> Response:
    return redirect(url_for("admin.users"))


@blueprint.get("/anvandare")
@permission(Permission.ADMINISTRATOR)
def users() -> str:
    return _list()


@blueprint.post("/anvandare")
@permission(Permission.ADMINISTRATOR)
def create_user() -> Response | tuple[str, int]:
    facts = _texts() | _rights() | {"username": request.form.get("username", "")}

    def work(session: Session) -> str:
        made = account_changes.create(
            session, engine(), actor=actor(), password_hash=password_hash, **facts
        )
        return made.name

    try:
        password_hash = _hash_of_new()
        name = transactions.perform(work)
    except Invalid as refused:
        return _list(refused=refused, facts=facts), 422
    flash(_("%(name)s har nu ett konto. Ge personen sina roller här.", name=name), "success")
    return redirect(url_for("admin.roles"))


@blueprint.get("/anvandare/<user_id>")
@permission(Permission.ADMINISTRATOR)
def user(user_id: str) -> str:
    return _one(user_id)


@blueprint.post("/anvandare/<user_id>")
@permission(Permission.ADMINISTRATOR)
def change_user(user_id: str) -> Response | tuple[str, int]:
    facts = _texts() | _rights() | {"active": "active" in request.form}

    def work(session: Session) -> None:
        account_changes.change(session, engine(), user_id, actor=actor(), **facts)

    try:
        transactions.perform(work)
    except Invalid as refused:
        return _one(user_id, refused=refused, facts=facts), 422
    flash(_("Ändringarna av %(name)s är sparade.", name=facts["name"]), "success")
    return redirect(url_for("admin.users"))


@blueprint.post("/anvandare/<user_id>/losenord")
@permission(Permission.ADMINISTRATOR)
def reset_password(user_id: str) -> Response | tuple[str, int]:
    def work(session: Session) -> str:
        changed = account_changes.reset_password(
            session, engine(), user_id, password_hash, actor=actor()
        )
        return changed.name

    try:
        password_hash = passwords.hashed(request.form.get("password", ""))
        name = transactions.perform(work)
    except Invalid as refused:
        return _one(user_id, refused=refused), 422
    flash(_("%(name)s har ett nytt lösenord och är utloggad överallt.", name=name), "success")
    return redirect(url_for("admin.users"))


def _hash_of_new() -> str:
    """Without a password nobody gets in until one is set."""
    password = request.form.get("password", "")
    return passwords.hashed(password) if password else passwords.NO_PASSWORD


def _texts() -> dict[str, Any]:
    return {name: request.form.get(name, "").strip() for name in TEXTS}


def _rights() -> dict[str, Any]:
    return {name: name in request.form for name in RIGHTS}


def _list(*, refused: Invalid | None = None, facts: dict[str, Any] | None = None) -> str:
    return render_template(
        "admin/users.html",
        users=accounts.everyone(transactions.reading()),
        facts=facts or {},
        **by_field(refused),
    )


def _one(
    user_id: str, *, refused: Invalid | None = None, facts: dict[str, Any] | None = None
) -> str:
    session = transactions.reading()
    account = accounts.get(session, user_id)
    known = {name: getattr(account, name) for name in account_changes.CHANGEABLE}
    return render_template(
        "admin/user.html",
        account=account,
        held=_held(session, account.id),
        facts=facts or known,
        **by_field(refused),
    )


def _held(session: Session, user_id: str) -> list[Held]:
    names = {role.slug: role.name for role in organisation.roles(session)}
    places = organisation.scope_names(session, today())
    return [
        Held(
            holding=row,
            role=names.get(row.role_slug, row.role_slug),
            where=places.get(row.scope_code) or _("Hela regionen"),
        )
        for row in organisation.holdings(session, today())
        if row.user_id == user_id
    ]
