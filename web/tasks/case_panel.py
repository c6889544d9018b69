"""The case beside its task: what a person needs to know without leaving the form."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.errors import NotFound
from processes import access, agenda, case_card, casework, meetings
from processes.case_card import CaseCard, RecordLine
from processes.case_history import Sentence
from processes.meetings import Meeting
from web import subjects
from web.dates import day
from web.reader import reader
from web.subjects import Subject
from web.texts import gettext as _

EVENTS, RECORDS, DATES = 4, 8, 3


@dataclass(frozen=True, kw_only=True)
class Panel:
    subject: Subject
    facts: tuple[tuple[str, str], ...]
    records: tuple[RecordLine, ...] = ()
    events: tuple[Sentence, ...] = ()
    items: tuple[Subject, ...] = ()  # the cases of a meeting
    papers: frozenset[str] = frozenset()  # numbers of the cases that have some to read


def panel(session: Session, business_key: str | None) -> Panel | None:
    """Of the case or the meeting that the task is about; None when it is about neither."""
    if meeting := meetings.of_business_key(session, business_key):
        return _of_meeting(session, meeting)
    try:
        card = case_card.card(session, reader(), business_key or "")
    except NotFound:
        return None
    return _of_case(card)


def _of_case(card: CaseCard) -> Panel:
    case = card.case
    return Panel(
        subject=Subject(
            number=case.number, heading=case.heading, address=subjects.case_address(case.number)
        ),
        facts=(
            (_("Status"), _(case.status)),
            *((person.part, person.name) for person in card.people),
            (_("Kom in"), day(case.received_on)),
            *((date.label, day(date.on)) for date in card.dates[:DATES]),
            (_("Sekretess"), case.legal_ground if case.secret else _("Ingen")),
        ),
        records=tuple(card.records[:RECORDS]),
        events=tuple(card.history[:EVENTS]),
        papers=frozenset([case.number] if card.has_papers else []),
    )


def _of_meeting(session: Session, meeting: Meeting) -> Panel:
    numbers = access.visible_numbers(session, reader(), agenda.case_numbers(session, meeting.id))
    about = subjects.of_keys(session, numbers)
    return Panel(
        subject=subjects.of_key(session, f"{subjects.MEETING}{meeting.id}"),
        facts=tuple((step.label, day(step.on)) for step in meetings.dates(session, meeting)),
        items=tuple(about[number] for number in numbers if number in about),
        papers=frozenset(casework.with_papers(session, numbers)),
    )
