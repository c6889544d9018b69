"""One box that finds cases, people and meetings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.paging import Page, cut, place_of
from processes import access, accounts, cases, meetings, organisation, search_index
from processes.access import Reader
from processes.accounts import User
from processes.cases.tables import Case
from processes.deadline_words import MONTHS
from processes.meetings import Meeting
from processes.search_index import words

MAX_WORDS = 8
MAX_OTHERS = 5  # people and meetings beside the cases
BEHIND, AHEAD = timedelta(days=400), timedelta(days=800)  # the meetings somebody may ask for


@dataclass(frozen=True, kw_only=True)
class Hits:
    cases: Page[Case]
    people: list[User] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    exact: str | None = None  # the number of the case, when what was written is a case number


def find(
    session: Session, reader: Reader, text: str, *, limit: int = 20, cursor: str | None = None
) -> Hits:
    """What begins with every word written. People and meetings come with the first page."""
    found = find_cases(session, reader, text, limit=limit, cursor=cursor)
    wanted = words(text)[:MAX_WORDS]
    if cursor or not wanted:
        return Hits(cases=found)
    return Hits(
        cases=found,
        people=_people(session, wanted),
        meetings=_meetings(session, reader, wanted),
        exact=_exact(session, reader, text),
    )


def find_cases(
    session: Session, reader: Reader, text: str, *, limit: int = 50, cursor: str | None = None
) -> Page[Case]:
    """Cases with a word beginning like each of those written, newest first."""
    statement = matching(session, access.visible(sa.select(Case), reader), text)
    return newest(session, statement, limit=limit, cursor=cursor)


def matching(session: Session, statement: sa.Select[Any], text: str) -> sa.Select[Any]:
    """Narrow a statement on `Case` to those that the text finds; nothing written finds none."""
    wanted = words(text)[:MAX_WORDS]
    if not wanted:
        return statement.where(sa.false())
    return statement.where(*(search_index.has_word(session, Case.number, word) for word in wanted))


def newest(
    session: Session, statement: sa.Select[Any], *, limit: int, cursor: str | None
) -> Page[Case]:
    """A page of the cases of a statement, the last registered first."""
    if cursor:
        place = place_of(cursor, [datetime, str])
        statement = statement.where(sa.tuple_(Case.created_at, Case.number) < sa.tuple_(*place))
    statement = statement.order_by(Case.created_at.desc(), Case.number.desc()).limit(limit + 1)
    rows = session.scalars(statement).all()
    return cut(rows, limit, lambda case: [case.created_at, case.number])


def _exact(session: Session, reader: Reader, text: str) -> str | None:
    number = cases.resolve(session, text)
    if number is None or not access.may_see(session, reader, cases.get(session, number)):
        return None
    return number


def _people(session: Session, wanted: list[str]) -> list[User]:
    """Those are hundreds, and å must differ from a: compared here, not in the database."""
    everyone = accounts.everyone(session, active_only=True)
    return [user for user in everyone if _has_all(f"{user.name} {user.department}", wanted)][
        :MAX_OTHERS
    ]


def _meetings(session: Session, reader: Reader, wanted: list[str]) -> list[Meeting]:
    """Meetings by body and date, the ones to come first: "RS 8 apr", "regionstyrelsen 2026"."""
    names = {organ.code: organ.name for organ in organisation.organs(session, reader.on)}
    hits = [
        meeting
        for meeting in meetings.between(session, reader.on - BEHIND, reader.on + AHEAD)
        if _has_all(_meeting_text(meeting, names), wanted)
    ]
    coming = [meeting for meeting in hits if meeting.on >= reader.on]
    past = [meeting for meeting in hits if meeting.on < reader.on]
    return [*coming, *reversed(past)][:MAX_OTHERS]


def _has_all(text: str, wanted: list[str]) -> bool:
    known = words(text)
    return all(any(word.startswith(prefix) for word in known) for prefix in wanted)


def _meeting_text(meeting: Meeting, names: dict[str, str]) -> str:
    day = meeting.on
    return " ".join(
        [
            meeting.organ_code, names.get(meeting.organ_code, ""), "sammanträde",
            str(day.day), MONTHS[day.month - 1], str(day.year), day.isoformat(),
        ]
    )  # fmt: skip
