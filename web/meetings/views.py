"""The calendar of a year, and one meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engine import tasks
from processes import accounts, agenda, delegation, meetings, organisation
from processes.agenda import AgendaItem, ItemStatus
from processes.cases import Case
from processes.meetings import Meeting, MeetingKind, MeetingStatus, StepDate
from web import dates, transactions
from web.current import today
from web.meetings import blueprint, rights
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _

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
    """One case on the meeting's list."""

    item: AgendaItem
    case: Case | None  # None when it is hidden from the reader
    officer: str
    goes_to: str
    readiness: str
    tone: str


@blueprint.get("/")
@permission(Permission.STAFF)
def index() -> str:
    session = transactions.reading()
    year = request.args.get("ar", type=int) or today().year
    organ = request.args.get("organ") or None
    found = meetings.between(
        session, date(year, 1, 1), date(year, 12, 31), organ_code=organ, cancelled=True
    )
    return render_template(
        "meetings/index.html",
        title=_("Sammanträden %(year)s", year=year),
        year=year,
        organ=organ,
        organs=organisation.organs(session, today()),
        months=_by_month(found),
        month_names=dates.MONTHS_LONG,
        next_ones=_next_of_each(found),
        today=today(),
        may_add=rights.may_change_any(reader()) or rights.is_administrator(),
    )


@blueprint.get("/<meeting_id>")
@permission(Permission.STAFF)
def show(meeting_id: str) -> str:
    session = transactions.reading()
    meeting = meetings.get(session, meeting_id)
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    steps = meetings.dates(session, meeting, today=today())
    lines = _lines(session, meeting)
    open_tasks = tasks.of_business_key(session, meeting.business_key)
    assignees = [task.assignee for task in open_tasks if task.assignee]
    return render_template(
        "meetings/show.html",
        title=_("%(organ)s %(day)s", organ=organ.name, day=dates.long_day(meeting.on)),
        crumbs=[
            (_("Sammanträden"), url_for("meetings.index")),
            (organ.name, url_for("meetings.index", organ=organ.code, ar=meeting.on.year)),
            (dates.day(meeting.on), ""),
        ],
        meeting=meeting,
        organ=organ,
        cancelled=meeting.status == MeetingStatus.CANCELLED,
        extra=meeting.kind == MeetingKind.EXTRA,
        points=_points(steps),
        reasons=[step.reason for step in steps if step.reason],
        lines=lines,
        late=[line for line in lines if line.item.status == ItemStatus.LATE],
        delegated=delegation.listed(session, meeting_id)
        or delegation.to_report(session, meeting.organ_code),
        tasks=sorted(open_tasks, key=lambda task: task.due_at),
        names=accounts.names(session, assignees),
        people=_people(session, meeting),
        may_change=rights.may_change(reader(), meeting.organ_code)
        and meeting.status == MeetingStatus.PLANNED,
    )


def _lines(session: Session, meeting: Meeting) -> list[Line]:
    items = agenda.items(session, meeting.id)
    visible = rights.visible_cases(session, reader(), [item.case_number for item in items])
    officers = [case.case_officer for case in visible.values() if case.case_officer]
    names = accounts.names(session, officers)
    return [_line(session, item, visible.get(item.case_number), names) for item in items]


def _line(session: Session, item: AgendaItem, case: Case | None, names: dict[str, str]) -> Line:
    status = ItemStatus(item.status)
    planned = status is ItemStatus.PLANNED and case is not None
    return Line(
        item=item,
        case=case,
        officer=names.get(case.case_officer or "", "–") if case else "–",
        goes_to=_onwards(session, case) if case else "–",
        readiness=case.status if planned and case else status.value.capitalize(),
        tone=TONES[status],
    )


def _onwards(session: Session, case: Case) -> str:
    """The next body on the path, with its day when one is chosen."""
    if case.next_organ is None:
        return "–"
    chosen = case.planned_meetings.get(case.next_organ)
    meeting = meetings.find(session, chosen) if chosen else None
    return f"{case.next_organ} {dates.day(meeting.on)}" if meeting else case.next_organ


def _points(steps: list[StepDate]) -> list[dict[str, str]]:
    upcoming = next((step for step in steps if not step.done), None)
    return [
        {
            "words": step.label,
            "state": "done" if step.done else "now" if step is upcoming else "",
            "when": (_("senast %(day)s") % {"day": dates.day(step.on)})
            if step.latest
            else dates.day(step.on),
        }
        for step in steps
    ]


def _people(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    found = []
    for role in ("Sekreterare", "Föredragande", "Presidium", "Justerare"):
        holders = organisation.holders(session, role, meeting.organ_code, today())
        found.append((role, ", ".join(holder.name for holder in holders)))
    return found


def _by_month(found: list[Meeting]) -> list[tuple[int, list[Meeting]]]:
    months: dict[int, list[Meeting]] = {month: [] for month in range(1, 13)}
    for meeting in found:
        months[meeting.on.month].append(meeting)
    return [(month, those) for month, those in months.items() if those]


def _next_of_each(found: list[Meeting]) -> list[Meeting]:
    """The coming meeting of every body, the nearest first."""
    nearest: dict[str, Meeting] = {}
    for meeting in found:
        if meeting.on >= today() and meeting.status == MeetingStatus.PLANNED:
            nearest.setdefault(meeting.organ_code, meeting)
    return sorted(nearest.values(), key=lambda meeting: meeting.on)
