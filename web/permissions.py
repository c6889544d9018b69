"""Who may open which page. A view that says nothing is closed to everyone.

    @blueprint.get("/administration/anvandare")
    @permission(Permission.ADMINISTRATOR)
    def users() -> str: ...

What a person may see *within* a page (secrecy, whose task it is) is for `processes.access`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from web.current import API, User

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
_MARK = "web_permissions"


class Permission(StrEnum):
    PUBLIC = "public"  # anybody, logged in or not
    STAFF = "staff"  # everyone with an account
    PROCESS_OWNER = "process_owner"
    ADMINISTRATOR = "administrator"


def permission(*allowed: Permission) -> Callable[[ViewT], ViewT]:
    """Open a view (or a MethodView class) to those who hold any of `allowed`."""

    def mark(view: ViewT) -> ViewT:
        setattr(view, _MARK, frozenset(allowed))
        return view

    return mark


def held_by(user: User | None) -> frozenset[Permission]:
    if user is None:
        return frozenset({Permission.PUBLIC})
    held = {Permission.PUBLIC, Permission.STAFF}
    if user.is_process_owner:
        held.add(Permission.PROCESS_OWNER)
    if user.is_administrator:
        held.add(Permission.ADMINISTRATOR)
    return frozenset(held)


def asked_by(endpoint: str) -> frozenset[Permission]:
    """What the view behind `endpoint` asks for; empty means closed."""
    if endpoint == "static":
        return frozenset({Permission.PUBLIC})
    view = current_app.view_functions[endpoint]
    owner = getattr(view, "view_class", view)
    marked: frozenset[Permission] = getattr(view, _MARK, getattr(owner, _MARK, frozenset()))
    return marked


def may_open(endpoint: str, user: User | None) -> bool:
    return bool(asked_by(endpoint) & held_by(user))


def set_up(app: Flask) -> None:
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:  # no such address: the router answers
        return None
    user = current_user.account if current_user.is_authenticated else None
    if may_open(request.endpoint, user):
        return None
    if user is not None:
        abort(403)
    if request.path.startswith(API):
        abort(401)
    login_page: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    return login_page
