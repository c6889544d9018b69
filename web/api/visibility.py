"""What the API hides: a secret case's flow is not there for those outside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from engine import instances, tasks
from engine.errors import NotFound
from engine.tables import Instance, Task
from engine.texts import gettext as _
from processes import access, cases, instance_access
from web import transactions
from web.current import user
from web.reader import reader

__all__ = ["instance", "may_read_answers", "reader", "require_numbers", "task"]


def instance(instance_id: str) -> Instance:
    session = transactions.reading()
    found = instances.get(session, instance_id)
    if not access.may_see_key(session, reader(), found.business_key):
        raise NotFound(_("Flödet finns inte."))
    return found


def task(session: Session, task_id: str) -> Task:
    found = tasks.get(session, task_id)
    if not access.may_see_task(session, reader(), found):
        raise NotFound(_("Uppgiften finns inte."))
    return found


def may_read_answers(session: Session, found: Instance) -> bool:
    return instance_access.may_read_answers(
        session, reader(), found, administrator=user().is_administrator
    )


def require_numbers(session: Session, values: Iterable[Any]) -> None:
    """Nobody starts or moves the flow of a case that they may not see."""
    for value in values:
        if isinstance(value, str) and not access.may_see_key(session, reader(), value):
            raise cases.CaseNotFound(value)


def key_of(session: Session, text: str) -> str:
    """The business key meant: any of a case's numbers, or the key as it stands."""
    return cases.resolve(session, text) or text
