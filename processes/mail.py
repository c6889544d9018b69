"""Mail: queued with the change it tells of, sent by a job, and never lost without a trace."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import jobs
from engine.database import Base, Database
from engine.engine import Engine
from engine.paging import Page, cut, place_of
from engine.tables import Job, JobKind
from engine.texts import gettext as _
from processes import accounts
from processes.settings import Settings

TIMEOUT_SECONDS = 20


class SentMail(Base):
    """What was sent and, without a mail server, what would have been: the outbox.

    The body is kept only as long as nobody has been sent it.
    """

    __tablename__ = "sent_mail"
    __table_args__ = (sa.Index("ix_sent_mail_at", "at", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # the job's
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]
    delivered: Mapped[bool]


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    body: str


def queue(session: Session, engine: Engine, *, to: str, subject: str, body: str) -> Job:
    """Send when the transaction is committed; what is rolled back tells nobody anything."""
    payload = {"to": to, "subject": " ".join(subject.split()), "body": body}
    name = _("Mejl till %(to)s", to=to)
    return jobs.add(session, engine, kind=JobKind.MAIL, name=name, payload=payload)


def tell(session: Session, engine: Engine, user_id: str, letter: Letter) -> Job | None:
    """A letter to somebody who works here; None for one who wants no mail.

    Without an address it lands in the outbox, for an administrator to see.
    """
    user = accounts.get(session, user_id)
    if not user.wants_mail:
        return None
    to = user.email or _("%(name)s (saknar e-postadress)", name=user.name)
    return queue(session, engine, to=to, subject=letter.subject, body=letter.body)


def sent(session: Session, *, limit: int = 50, cursor: str | None = None) -> Page[SentMail]:
    """The latest first, for administrators."""
    query = sa.select(SentMail)
    if cursor:
        place = place_of(cursor, [datetime, str])
        query = query.where(sa.tuple_(SentMail.at, SentMail.id) < sa.tuple_(*place))
    query = query.order_by(SentMail.at.desc(), SentMail.id.desc()).limit(limit + 1)
    return cut(session.scalars(query).all(), limit, lambda row: [row.at, row.id])


class Mailer:
    """Carries out mail jobs. A failure is raised: the job tries again, and then needs a person."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database

    def register(self, engine: Engine) -> None:
        engine.job_handlers[JobKind.MAIL] = self.send

    def send(self, engine: Engine, job: Job) -> None:
        """Hand the letter to the mail server, unless this job already did."""
        with self.database.reading() as session:
            if session.get(SentMail, job.id) is not None:
                return
        to = job.payload["to"]
        deliverable = bool(self.settings.smtp_host) and accounts.EMAIL.fullmatch(to) is not None
        if deliverable:
            self._hand_over(compose(job, sender=self.settings.mail_sender))
        with self.database.writing() as session:
            session.add(
                SentMail(
                    id=job.id,
                    recipient=to,
                    subject=job.payload["subject"],
                    body="" if deliverable else job.payload["body"],
                    at=engine.clock.now(),
                    delivered=deliverable,
                )
            )

    def _hand_over(self, message: EmailMessage) -> None:
        settings = self.settings
        with smtplib.SMTP(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS
        ) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)


def compose(job: Job, *, sender: str) -> EmailMessage:
    """The same job always makes the same Message-ID, so a letter sent twice is known as one."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = job.payload["to"]
    message["Subject"] = job.payload["subject"]
    message["Date"] = job.created_at
    message["Message-ID"] = f"<{job.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["Content-Language"] = "sv"
    message.set_content(job.payload["body"])
    return message
