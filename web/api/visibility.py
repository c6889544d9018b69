"""What the API hides: a secret case's flow is not there for those outside it."""

from __future__ import annotations

from engine import instances
from engine.errors import NotFound
from engine.tables import Instance, Task
from engine.texts import gettext as _
from processes import access
from processes.access import Reader
from web import transactions
from web.current import now, user


def reader() -> Reader:
    return access.reader(transactions.reading(), user().id, now())


def instance(instance_id: str) -> Instance:
    session = transactions.reading()
    found = instances.get(session, instance_id)
    if not access.may_see_key(session, reader(), found.business_key):
        raise NotFound(_("Flödet finns inte."))
    return found


def task(found: Task) -> Task:
    if not access.may_see_task(transactions.reading(), reader(), found):
        raise NotFound(_("Uppgiften finns inte."))
    return found
