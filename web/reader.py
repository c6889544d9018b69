"""Who reads this page, and whose work they see: their own, their roles', and that of those away."""

from __future__ import annotations

from flask import g
from sqlalchemy.orm import Session

from engine.tables import Instance
from processes import access, accounts, instance_access, substitutes
from processes.access import Reader
from web import transactions
from web.current import now, today, user
from web.dates import day
from web.texts import gettext as _


def reader() -> Reader:
    """The person logged in, with what they may see and take; looked up once per request."""
    if "reader" not in g:
        g.reader = access.reader(transactions.reading(), user().id, now())
    found: Reader = g.reader
    return found


def may_read_answers(session: Session, instance: Instance) -> bool:
    """Whether what others answered in it is for the reader; that it is there at all, they know."""
    return instance_access.may_read_answers(
        session, reader(), instance, administrator=user().is_administrator
    )


def stands_in_for() -> str:
    """ersätter Kanslichefen t.o.m. fre 13 feb; nothing when for nobody."""
    session = transactions.reading()
    rows = substitutes.now_standing_in(session, user().id, today())
    names = accounts.names(session, [row.absent_id for row in rows])
    said = [_until(names.get(row.absent_id, row.absent_id), row) for row in rows]
    return _("ersätter %(whom)s", whom=", ".join(said)) if said else ""


def _until(name: str, row: substitutes.Substitution) -> str:
    if row.valid_to_on is None:
        return name
    return _("%(name)s t.o.m. %(day)s", name=name, day=day(row.valid_to_on))
