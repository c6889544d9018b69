"""Correcting the case card: what was there before stays in the event log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine import instances
from engine.engine import Engine
from engine.errors import FieldError, Invalid, Stale
from engine.host import Actor
from engine.spiff import Moved
from engine.texts import gettext as _
from engine.texts import untranslated
from processes.case_events import CaseEvent, note
from processes.cases import people, registration
from processes.cases.lookup import get
from processes.cases.tables import Case, CaseKind

# What may be changed on the card; officers, path, status and secrecy have functions of their own.
CHANGEABLE = frozenset(
    {
        "heading", "public_heading", "kind", "initiator", "classification", "received_on",
        "responsible_manager", "ready_by_on", "decide_by_on", "significant",
    }
)  # fmt: skip
_DAYS = frozenset({"received_on", "ready_by_on", "decide_by_on"})
_TEXTS = frozenset({"heading", "public_heading", "initiator", "classification"})


def change(
    session: Session,
    engine: Engine,
    number: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    lock_version: int | None = None,
) -> Case:
    """Write only what differs; every timer and deadline that hangs on a changed day moves along.

    Raises Stale when somebody changed the card since it was read.
    """
    return _change(session, engine, number, values, actor, lock_version)[0]


def preview_change(
    session: Session,
    engine: Engine,
    number: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    lock_version: int | None = None,
) -> list[Moved]:
    """What that change would move, found out by making it and taking it back.

    Needs a transaction that may write, and leaves nothing in it.
    """
    trial = session.begin_nested()
    try:
        return _change(session, engine, number, values, actor, lock_version)[1]
    finally:
        trial.rollback()


def _change(
    session: Session,
    engine: Engine,
    number: str,
    values: Mapping[str, Any],
    actor: Actor,
    lock_version: int | None,
) -> tuple[Case, list[Moved]]:
    case = get(session, number, lock=True)
    if lock_version is not None and lock_version != case.lock_version:
        raise Stale
    after = {name: _tidy(name, value) for name, value in values.items()}
    differing = {name: value for name, value in after.items() if getattr(case, name) != value}
    if errors := _problems(session, case, differing, today=registration.today(engine)):
        raise Invalid(errors)
    if not differing:
        return case, []
    before = {name: _json(getattr(case, name)) for name in differing}
    for name, value in differing.items():
        setattr(case, name, value)
    case.lock_version += 1
    note(
        session, engine, case.number, CaseEvent.CHANGED, actor,
        before=before, after={name: _json(value) for name, value in differing.items()},
    )  # fmt: skip
    if _TEXTS & differing.keys():
        registration.reindex(session, case)
    moved = _move(session, engine, case, actor) if _DAYS & differing.keys() else []
    return case, moved


def _move(session: Session, engine: Engine, case: Case, actor: Actor) -> list[Moved]:
    session.flush()  # what is reckoned anew reads the new days
    reason = untranslated("Dagarna på ärendekortet ändrades.")
    return instances.reschedule(session, engine, [case.number], actor=actor, reason=reason)


def _problems(
    session: Session, case: Case, values: Mapping[str, Any], *, today: date
) -> list[FieldError]:
    errors = [
        FieldError(field=name, message=_("Uppgiften kan inte ändras här."))
        for name in values.keys() - CHANGEABLE
    ]
    heading = values.get("heading", case.heading)
    public_heading = values.get("public_heading", case.public_heading)
    errors += registration.heading_problems(heading, public_heading, secret=case.secret)
    if "kind" in values and values["kind"] not in set(CaseKind):
        errors.append(FieldError(field="kind", message=_("Välj vad för slags ärende det är.")))
    received_on = values.get("received_on")
    if received_on is not None and received_on > today:
        text = _("Dagen då ärendet kom in kan inte ligga i framtiden.")
        errors.append(FieldError(field="received_on", message=text))
    manager = values.get("responsible_manager")
    if manager and not people.works_here(session, manager):
        text = _("Välj en person som arbetar här.")
        errors.append(FieldError(field="responsible_manager", message=text))
    return errors


def _tidy(name: str, value: Any) -> Any:
    return " ".join(value.split()) if name in _TEXTS else value


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
