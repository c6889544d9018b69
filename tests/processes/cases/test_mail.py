from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from engine import jobs
from engine.tables import Job, JobStatus
from processes import accounts, cases, letters, mail
from processes.mail import Mailer, SentMail
from processes.settings import Settings
from tests.processes.cases.world import ALLOCATOR, allocation


class Mailbox:
    """What the server was sent; it refuses whom the test tells it to."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "450 Mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def settings(**changes) -> Settings:
    return Settings(folder=Path(), database_url="", mail_sender="regionen@example.se", **changes)


@pytest.fixture
def connected(server) -> Settings:
    return settings(smtp_host=server.hostname, smtp_port=server.port)


def queue(database, engine, **changes) -> Job:
    letter = {"to": "handlaggare@example.se", "subject": "Nytt ärende", "body": "Hej åäö\n"}
    with database.writing() as session:
        return mail.queue(session, engine, **(letter | changes))


def outbox(database):
    with database.reading() as session:
        return session.scalars(sa.select(SentMail)).all()


def test_a_letter_reaches_the_server(database, engine, connected, mailbox):
    Mailer(connected, database).register(engine)
    job = queue(database, engine)
    jobs.drain(engine)
    (letter,) = mailbox.letters
    assert "To: handlaggare@example.se" in letter
    assert f"Message-ID: <{job.id}@example.se>" in letter
    (sent,) = outbox(database)
    assert (sent.delivered, sent.body) == (True, "")


def test_a_job_delivered_twice_sends_once(database, engine, connected, mailbox):
    mailer = Mailer(connected, database)
    job = queue(database, engine)
    mailer.send(engine, job)
    mailer.send(engine, job)
    assert len(mailbox.letters) == 1


def test_without_a_server_the_letter_is_kept_for_administrators(database, engine):
    Mailer(settings(), database).register(engine)
    queue(database, engine)
    jobs.drain(engine)
    (kept,) = outbox(database)
    assert (kept.delivered, kept.recipient, kept.body) == (
        False, "handlaggare@example.se", "Hej åäö\n",
    )  # fmt: skip


def test_a_server_that_refuses_is_tried_again(database, engine, connected, mailbox, clock):
    Mailer(connected, database).register(engine)
    mailbox.refused.add("handlaggare@example.se")
    job = queue(database, engine)
    jobs.drain(engine)
    assert outbox(database) == []
    mailbox.refused.clear()
    clock.forward(hours=1)
    jobs.drain(engine)
    assert len(mailbox.letters) == 1
    with database.reading() as session:
        assert session.get(Job, job.id).status == JobStatus.DONE


def test_a_server_that_is_away_raises(database, engine):
    away = settings(smtp_host="127.0.0.1", smtp_port=9)
    with pytest.raises((OSError, smtplib.SMTPException)):
        Mailer(away, database).send(engine, queue(database, engine))


def test_a_rolled_back_change_tells_nobody(database, engine, connected, mailbox):
    Mailer(connected, database).register(engine)

    def change_and_fail() -> None:
        with database.writing() as session:
            mail.queue(session, engine, to="a@example.se", subject="x", body="y")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    jobs.drain(engine)
    assert mailbox.letters == []


def test_a_line_break_in_the_subject_adds_no_header(database, engine, connected, mailbox):
    job = queue(database, engine, subject="Ärende\r\nBcc: alla@example.se")
    Mailer(connected, database).send(engine, job)
    assert "\nBcc" not in mailbox.letters[0]


def test_who_wants_no_mail_gets_none_and_who_has_no_address_is_seen(session, engine):
    letter = mail.Letter(subject="Hej", body="Hej\n")
    user = accounts.get(session, "chef")
    user.wants_mail = False
    assert mail.tell(session, engine, "chef", letter) is None
    user.wants_mail, user.email = True, ""
    job = mail.tell(session, engine, "chef", letter)
    assert job.payload["to"] == "Områdeschef (saknar e-postadress)"


def test_the_letter_to_the_officer_has_every_fact_of_chapter_4(session, engine, register):
    case = register()
    chosen = allocation(
        path=("RUN", "RS", "RF"), co_officers=("handlaggare_2",),
        presentations=("kansliberedningen", "presidiet"),
    )  # fmt: skip
    cases.allocate(session, engine, case.number, chosen, actor=ALLOCATOR)
    letter = letters.allocated(session, case, public_url="https://arenden.example.se")
    assert letter.subject == "Nytt ärende till dig: RS/1/2026 Ambulansberedskap i glesbygden"
    assert letter.body.splitlines() == [
        "Du är handläggare för ärende RS/1/2026 Ambulansberedskap i glesbygden.",
        "",
        "Beslutas av: Organet RF efter beredning i Organet RUN och Organet RS",
        "Beslut: senast onsdag 8 april 2026",
        "Handläggningen ska vara klar senast: måndag 2 mars 2026",
        "Föredragning: kansliberedningen och presidiet",
        "Medhandläggare: Handläggare 2",
        "Ansvarig chef: Områdeschef",
        "",
        "https://arenden.example.se/arenden/RS/1/2026",
    ]


def test_no_letter_tells_what_is_secret(session, engine, register):
    case = register(
        heading="Anmälan om vårdskada", public_heading="Anmälan", secret=True,
        legal_ground="25 kap. 1 § OSL", initiator="En patient",
    )  # fmt: skip
    cases.allocate(session, engine, case.number, allocation(), actor=ALLOCATOR)
    url = "https://arenden.example.se"
    written = [
        letters.allocated(session, case, public_url=url),
        letters.co_officer(session, case, public_url=url),
        letters.to_allocate(case, allocate_by=None, public_url=url),
        letters.ready(session, case, public_url=url),
        letters.withdrawn(case, public_url=url),
    ]
    for letter in written:
        assert "Anmälan" in letter.subject
        assert "vårdskada" not in letter.subject + letter.body
        assert "patient" not in letter.body


def test_days_are_written_out():
    assert letters.long_day(date(2026, 2, 12)) == "torsdag 12 februari 2026"
