"""Lists of cases: the register, and the likely duplicates of one that is about to be registered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.paging import Page
from processes import access, search
from processes.access import Reader
from processes.cases.tables import Case, CaseAlias, CaseMember, CaseStatus, DecisionForm
from processes.meetings.tables import Meeting
from processes.search_index import CaseWord, words

# Too common in headings to say that two cases are about the same thing.
_COMMON = frozenset(
    [
        *("av", "att", "de", "den", "det", "en", "ett", "för", "från", "för", "hos", "i", "inom"),
        *("med", "mot", "och", "om", "på", "samt", "som", "till", "under", "vid", "över"),
        *("angående", "avseende", "gällande", "ärende", "rs", "region", "regionen", "regionens"),
    ]
)
ALIKE = 0.5  # the share of the heading's words that another case must have to be shown
MIN_LETTERS = 3
BEFORE_DECISION = (
    CaseStatus.ALLOCATED,
    CaseStatus.PREPARING,
    CaseStatus.REFERRED,
    CaseStatus.READY,
    CaseStatus.LISTED,
    CaseStatus.NOTICED,
)


def on_their_way(session: Session, meeting: Meeting) -> list[Case]:
    """Planned for the meeting at allocation, and still with a body before it."""
    # The plan is small JSON: a meeting's id is in it only as the meeting that was chosen.
    planned = sa.cast(Case.planned_meetings, sa.String).contains(meeting.id, autoescape=True)
    query = sa.select(Case).where(planned, Case.closed_at.is_(None), Case.withdrawn_at.is_(None))
    found = session.scalars(query.order_by(Case.year, Case.seq, Case.number))
    return [case for case in found if meeting.organ_code in case.path[case.step + 1 :]]


def page(
    session: Session,
    reader: Reader,
    *,
    text: str = "",
    registry: str | None = None,
    statuses: Collection[str] = (),
    kind: str | None = None,
    organ: str | None = None,
    person: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Case]:
    """The cases the reader may see, newest first, narrowed by what is given."""
    statement = access.visible(sa.select(Case), reader)
    if text.strip():
        statement = search.matching(session, statement, text)
    if registry:
        also = sa.select(CaseAlias.case_number).where(CaseAlias.registry_code == registry)
        statement = statement.where(sa.or_(Case.registry_code == registry, Case.number.in_(also)))
    if statuses:
        statement = statement.where(Case.status.in_(statuses))
    if kind:
        statement = statement.where(Case.kind == kind)
    if organ:
        path = sa.type_coerce(Case.path, sa.Text)
        statement = statement.where(path.contains(f'"{organ}"', autoescape=True))
    if person:
        statement = statement.where(_has_person(person))
    return search.newest(session, statement, limit=limit, cursor=cursor)


def similar(session: Session, reader: Reader, heading: str, *, limit: int = 5) -> list[Case]:
    """Cases whose words are the most like those of a heading that is being written."""
    wanted = {word for word in words(heading) if len(word) >= MIN_LETTERS} - _COMMON
    if not wanted:
        return []
    shared = sa.func.count(CaseWord.word)
    statement = (
        access.visible(sa.select(Case), reader)
        .join(CaseWord, CaseWord.case_number == Case.number)
        .where(CaseWord.word.in_(wanted))
        .group_by(Case.number)
        .having(shared >= max(1, round(ALIKE * len(wanted))))
        .order_by(shared.desc(), Case.created_at.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def running_by_officer(session: Session, officers: Collection[str]) -> dict[str, int]:
    """How many cases each of them has that are not closed, secret ones counted too."""
    statement = (
        sa.select(Case.case_officer, sa.func.count())
        .where(Case.case_officer.in_(officers), Case.closed_at.is_(None))
        .group_by(Case.case_officer)
    )
    return {officer: count for officer, count in session.execute(statement) if officer}


def registered_since(session: Session, since: datetime) -> list[Case]:
    """What was registered from then on and is open to everyone, in the order it came."""
    statement = sa.select(Case).where(Case.created_at >= since, Case.secret.is_(False))
    return list(session.scalars(statement.order_by(Case.created_at, Case.number)))


def ahead_of_decision(session: Session) -> list[Case]:
    """Open cases that a body or an official is to decide and has not yet, oldest first."""
    statement = sa.select(Case).where(
        Case.status.in_(BEFORE_DECISION),
        Case.decision_form.in_((DecisionForm.BODY, DecisionForm.DELEGATION)),
        Case.secret.is_(False),
    )
    return list(session.scalars(statement.order_by(Case.created_at, Case.number)))


def _has_person(person: str) -> sa.ColumnElement[bool]:
    co_officers = sa.type_coerce(Case.co_officers, sa.Text)
    member = sa.select(CaseMember.case_number).where(CaseMember.member == person)
    return sa.or_(
        Case.case_officer == person,
        Case.responsible_manager == person,
        Case.delegate == person,
        co_officers.contains(f'"{person}"', autoescape=True),
        Case.number.in_(member),
    )
