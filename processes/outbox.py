"""What was written to people, for administrators: sent, on its way, failed or kept here.

Of a case that the reader may not know of, only that something was written, when, and how it went.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.paging import Page, cut, place_of
from engine.tables import Job, JobKind, JobStatus
from processes import access, accounts
from processes.access import Reader
from processes.mail import NO_CASE, SentMail

_UNDONE = (JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED)


class MailStatus(StrEnum):
    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
    NO_SERVER = "no_server"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`number` is None for a letter about no case. A hidden one tells neither who nor what."""

    id: str
    at: datetime
    status: MailStatus
    hidden: bool = False
    recipient: str = ""
    subject: str = ""
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Found:
    id: str
    at: datetime
    status: MailStatus
    recipient: str
    subject: str
    about: str | None


def latest(
    session: Session, reader: Reader, *, limit: int = 50, cursor: str | None = None
) -> Page[Mail]:
    """The latest first. What is done stands at the time it was done, the rest when written."""
    place = place_of(cursor, [datetime, str]) if cursor else None
    found = [*_done(session, place, limit), *_undone(session, place, limit)]
    found.sort(key=lambda each: (each.at, each.id), reverse=True)
    page = cut(found[: limit + 1], limit, lambda each: [each.at, each.id])
    return Page(items=_shown(session, reader, page.items), next=page.next)


def _done(session: Session, place: list[Any] | None, limit: int) -> list[_Found]:
    query = sa.select(SentMail, Job.payload).outerjoin(Job, Job.id == SentMail.id)
    if place:
        query = query.where(sa.tuple_(SentMail.at, SentMail.id) < sa.tuple_(*place))
    query = query.order_by(SentMail.at.desc(), SentMail.id.desc()).limit(limit + 1)
    return [
        _Found(
            id=row.id, at=row.at, status=_status(row),
            recipient=row.recipient, subject=row.subject, about=(payload or {}).get("about"),
        )
        for row, payload in session.execute(query)
    ]  # fmt: skip


def _undone(session: Session, place: list[Any] | None, limit: int) -> list[_Found]:
    """What no row of `SentMail` tells of yet."""
    query = sa.select(Job).where(
        Job.kind == JobKind.MAIL,
        Job.status.in_(_UNDONE),
        ~sa.exists().where(SentMail.id == Job.id),
    )
    if place:
        query = query.where(sa.tuple_(Job.created_at, Job.id) < sa.tuple_(*place))
    query = query.order_by(Job.created_at.desc(), Job.id.desc()).limit(limit + 1)
    return [
        _Found(
            id=job.id, at=job.created_at,
            status=MailStatus.FAILED if job.status == JobStatus.FAILED else MailStatus.WAITING,
            recipient=job.payload["to"], subject=job.payload["subject"],
            about=job.payload.get("about"),
        )
        for job in session.scalars(query)
    ]  # fmt: skip


def _status(row: SentMail) -> MailStatus:
    if row.delivered:
        return MailStatus.SENT
    addressed = accounts.EMAIL.fullmatch(row.recipient) is not None
    return MailStatus.NO_SERVER if addressed else MailStatus.NO_ADDRESS


def _shown(session: Session, reader: Reader, found: Sequence[_Found]) -> list[Mail]:
    """A letter that doesn't say what it is about may be about anything."""
    numbers = {each.about for each in found if each.about}
    known = {NO_CASE, *access.visible_numbers(session, reader, sorted(numbers))}
    return [_mail(each, hidden=each.about not in known) for each in found]


def _mail(found: _Found, *, hidden: bool) -> Mail:
    if hidden:
        return Mail(id=found.id, at=found.at, status=found.status, hidden=True)
    return Mail(
        id=found.id, at=found.at, status=found.status,
        recipient=found.recipient, subject=found.subject, number=found.about or None,
    )  # fmt: skip
