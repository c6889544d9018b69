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
from engine.tables import Job, JobKind
from engine.texts import untranslated
from processes import accounts
from processes.settings import Settings

TIMEOUT_SECONDS = 20
NO_CASE = ""  # what a letter is about that everybody may know of


class SentMail(Base):
    """What was sent and, without a mail server, what would have been (see `outbox`).

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
    """`about` is a case's number, or NO_CASE. Where nobody said, the outbox hides the subject."""

    subject: str
    body: str
    about: str | None = None


def queue(
    session: Session, engine: Engine, *, to: str, subject: str, body: str, about: str | None = None
) -> Job:
    """Send when the transaction is committed; what is rolled back tells nobody anything."""
    payload = {"to": to, "subject": " ".join(subject.split()), "body": body, "about": about}
    name = untranslated("Mejl till %(to)s", to=to)
    return jobs.add(session, engine, kind=JobKind.MAIL, name=name, payload=payload)


def tell(session: Session, engine: Engine, user_id: str, letter: Letter) -> Job | None:
    """A letter to somebody who works here; None for one who wants no mail.

    Without an address it is kept, and the outbox says so (see `outbox`).
    """
    user = accounts.get(session, user_id)
    if not user.wants_mail:
        return None
    to = user.email or untranslated("%(name)s (saknar e-postadress)", name=user.name)
    return queue(
        session, engine, to=to, subject=letter.subject, body=letter.body, about=letter.about
    )


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
