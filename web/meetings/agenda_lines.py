"""A meeting's cases as its page lists them, and how ready they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from processes import accounts, agenda, case_list, meetings
from processes.agenda import AgendaItem, ItemStatus
from processes.cases import Case
from processes.meetings import Meeting
from web import dates
from web.cases import words
from web.current import today
from web.meetings import rights
from web.reader import reader
from web.texts import gettext as _
from web.texts import ngettext

TONES = {
    ItemStatus.PLANNED: "neutral",
    ItemStatus.READY: "success",
    ItemStatus.LATE: "danger",
    ItemStatus.REWORK: "warning",
    ItemStatus.LISTED: "success",
    ItemStatus.CALLED: "success",
    ItemStatus.TREATED: "success",
    ItemStatus.MOVED: "neutral",
    ItemStatus.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case on the meeting's list. `case` is None when it is hidden from the reader."""

    item: AgendaItem
    case: Case | None
    officer: str
    goes_to: str
    readiness: str
    tone: str
    late: str  # how late its basis is, "" when it is not


def of(session: Session, meeting: Meeting) -> list[Line]:
    items = agenda.items(session, meeting.id)
    visible = rights.visible_cases(session, reader(), [item.case_number for item in items])
    officers = [case.case_officer for case in visible.values() if case.case_officer]
    names = accounts.names(session, officers)
    return [_line(session, meeting, item, visible.get(item.case_number), names) for item in items]


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A case with a body before this one. `case` is None when it is hidden from the reader."""

    case: Case | None
    now_at: str  # RS ons 27 jan


def on_their_way(session: Session, meeting: Meeting) -> list[Coming]:
    """Planned for the meeting, but not on its list yet."""
    listed = set(agenda.case_numbers(session, meeting.id))
    found = [case for case in case_list.on_their_way(session, meeting) if case.number not in listed]
    visible = rights.visible_cases(session, reader(), [case.number for case in found])
    return [
        Coming(case=visible.get(case.number), now_at=_at(session, case, case.organ))
        for case in found
    ]


def readiness(lines: list[Line]) -> str:
    """7 ärenden: 4 klara, 2 bereds, 1 för sent"""
    if not lines:
        return _("inga ärenden än")
    groups = Counter(_group(line) for line in lines)
    said = [
        ngettext("%(num)s klart", "%(num)s klara", groups["ready"]),
        ngettext("%(num)s bereds", "%(num)s bereds", groups["coming"]),
        ngettext("%(num)s för sent", "%(num)s för sent", groups["late"]),
        ngettext("%(num)s behandlat", "%(num)s behandlade", groups["treated"]),
    ]
    number = ngettext("%(num)s ärende", "%(num)s ärenden", len(lines))
    return f"{number}: {', '.join(each for each in said if not each.startswith('0 '))}"


def _group(line: Line) -> str:
    status = ItemStatus(line.item.status)
    if status is ItemStatus.TREATED:
        return "treated"
    if status is ItemStatus.LATE:
        return "late"
    return "ready" if status in agenda.ON_THE_WAY else "coming"


def _line(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    case: Case | None,
    names: dict[str, str],
) -> Line:
    status = ItemStatus(item.status)
    overdue = status is ItemStatus.PLANNED and meeting.submission_on < today() <= meeting.on
    return Line(
        item=item,
        case=case,
        officer=names.get(case.case_officer or "", "–") if case else "–",
        goes_to=_onwards(session, case) if case and status is not ItemStatus.TREATED else "–",
        readiness=_readiness(item, status, case),
        tone="danger" if overdue else TONES[status],
        late=dates.due(meeting.submission_on, neuter=True).words if overdue else "",
    )


def _readiness(item: AgendaItem, status: ItemStatus, case: Case | None) -> str:
    """What came of it at the meeting; before that how far it has come."""
    if status is ItemStatus.TREATED and item.outcome:
        return words.outcomes().get(item.outcome, status.value).capitalize()
    if status is ItemStatus.PLANNED and case is not None:
        return _(case.status)
    if status is ItemStatus.READY:
        return _("Klart för beslut")
    return _(status.value.capitalize())


def _onwards(session: Session, case: Case) -> str:
    """The next body on the path, with its day when one is chosen."""
    return _at(session, case, case.next_organ)


def _at(session: Session, case: Case, organ: str | None) -> str:
    if organ is None:
        return "–"
    chosen = case.planned_meetings.get(organ)
    meeting = meetings.find(session, chosen) if chosen else None
    return f"{organ} {dates.day(meeting.on)}" if meeting else organ
