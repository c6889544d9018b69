"""Names for ids on pages: people by user id, processes by key; looked up once per request."""

from __future__ import annotations

from flask import Flask, g

from engine import deployments
from engine.host import SYSTEM_ACTOR
from processes import accounts
from web import transactions
from web.texts import gettext as _


def person(user_id: str | None) -> str:
    """The person's name; the system is a who too."""
    if not user_id:
        return ""
    if user_id == SYSTEM_ACTOR:
        return _("Systemet")
    if "people" not in g:
        g.people = {user.id: user.name for user in accounts.everyone(transactions.reading())}
    name: str = g.people.get(user_id, user_id)
    return name


def process_name(key: str) -> str:
    if "process_names" not in g:
        current = deployments.all_current(transactions.reading())
        g.process_names = {version.key: version.name for version in current}
    name: str = g.process_names.get(key, key)
    return name


def set_up(app: Flask) -> None:
    app.jinja_env.filters["person"] = person
    app.jinja_env.filters["process_name"] = process_name
