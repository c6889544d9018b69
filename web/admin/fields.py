"""Reading the days and people of small forms: roles, and absences, which have two pages."""

from __future__ import annotations

from datetime import date

from flask import request
from sqlalchemy.orm import Session

from engine.errors import Invalid
from processes import accounts, substitutes
from processes.accounts import User
from web.current import actor, engine, today
from web.texts import gettext as _


def given_day(name: str) -> date | None:
    """The day in that field, None when it was left empty; Invalid when it is no day."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid.field(name, _("Skriv dagen som 2026-02-25.")) from error


def required_day(name: str) -> date:
    found = given_day(name)
    if found is None:
        raise Invalid.field(name, _("Ange en dag."))
    return found


def given_person(session: Session, name: str) -> User:
    """The person chosen in that field; Invalid when nobody was, or one who has left."""
    found = accounts.find(session, request.form.get(name, ""))
    if found is None or not found.active:
        raise Invalid.field(name, _("Välj en person som arbetar här."))
    return found


def add_substitute(session: Session, absent_id: str) -> None:
    """Whom and which days the form gives; from today where it doesn't say."""
    substitutes.add(
        session,
        engine(),
        absent_id=absent_id,
        substitute_id=request.form.get("substitute", ""),
        from_on=given_day("from_on") or today(),
        to_on=required_day("to_on"),
        actor=actor(),
    )
