"""The one place where a command's transaction begins and ends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import incidents, jobs, loaded
from engine.database import has_cause, was_cut_off, was_turned_away
from engine.errors import EngineError, Refusal
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

T = TypeVar("T")

log = logging.getLogger(__name__)


class CommandFailed(EngineError):
    """Nothing has changed, unless the database was lost as it answered, and an incident is open."""

    def __init__(self, incident_id: str, cause: BaseException, *, can_be_retried: bool) -> None:
        super().__init__(
            _(
                "Databasen försvann innan den svarade, så det kan ha blivit gjort ändå. Läs in "
                "sidan igen och se efter innan du gör om det. Administratörerna har fått felet."
            )
            if was_cut_off(cause)
            else _(
                "Det gick inte att slutföra, och inget har ändrats: %(cause)s %(next)s",
                cause=_told(cause),
                next=_("Administratörerna har fått felet och det du fyllde i, och kan göra om det.")
                if can_be_retried
                else _("Administratörerna har fått felet. Försök igen om en stund."),
            )
        )
        self.incident_id = incident_id


def perform(
    engine: Engine,
    work: Callable[[Session], T],
    *,
    instance_id: str | None = None,
    command: dict[str, Any] | None = None,
) -> T:
    """Do `work` in one transaction. A Refusal passes through; any other failure is an incident.

    `command` says what a retry from the incident does, when `work` doesn't say so itself. A
    transaction that the database turned away (a deadlock, a lock not had in time) is done once
    more; one that may have been committed when the connection broke never is.
    """
    try:
        return _once(engine, work, instance_id, command)
    except _Failed as failed:
        if was_turned_away(failed.cause):
            try:
                return _once(engine, work, instance_id, command)
            except _Failed as second:
                failed = second
        with engine.database.writing() as session:
            incident = incidents.open_(session, engine, failed.cause, failed.place)
        can_be_retried = bool(failed.place.command)
        raise CommandFailed(
            incident.id, failed.cause, can_be_retried=can_be_retried
        ) from failed.cause


class _Failed(Exception):
    def __init__(self, cause: Exception, place: incidents.Place) -> None:
        super().__init__(cause)
        self.cause = cause
        self.place = place


def _once(
    engine: Engine,
    work: Callable[[Session], T],
    instance_id: str | None,
    command: dict[str, Any] | None,
) -> T:
    session: Session | None = None
    try:
        with engine.database.writing() as session:
            loaded.keep(session)
            result = work(session)
    except Refusal:
        raise
    except Exception as error:
        log.warning("a command failed", exc_info=True)
        place = incidents.place_in(session)
        raise _Failed(
            error,
            replace(
                place,
                instance_id=place.instance_id or instance_id,
                command=place.command or command or {},
            ),
        ) from error
    jobs.nudge_if_due(engine, session)
    return result


def _told(cause: BaseException) -> str:
    """To people; what the database itself said is in the incident, for administrators."""
    if has_cause(cause, SQLAlchemyError):
        return _("Databasen kunde inte ta emot det.")
    text = str(cause)
    return text if text.endswith((".", "!", "?")) else text + "."
