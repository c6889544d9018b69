"""One meeting: its line of dates, what needs somebody, its cases and its roles."""

from __future__ import annotations

from flask import render_template, url_for
from sqlalchemy.orm import Session

from engine import tasks
from engine.tables import Task
from processes import accounts, delegation, meetings, organisation
from processes.agenda import ItemStatus
from processes.delegation import DelegatedDecision
from processes.meetings import Meeting, MeetingKind, MeetingStatus, StepDate
from web import dates, transactions
from web.cases.walked import LATE_CASES
from web.current import today
from web.meetings import agenda_lines, blueprint, rights
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _

ROLES = ("Sekreterare", "Föredragande", "Presidium", "Justerare")


@blueprint.get("/<meeting_id>")
@permission(Permission.STAFF)
def show(meeting_id: str) -> str:
    session = transactions.reading()
    meeting = meetings.get(session, meeting_id)
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    steps = meetings.dates(session, meeting, today=today())
    lines = agenda_lines.of(session, meeting)
    open_tasks = sorted(
        tasks.of_business_key(session, meeting.business_key), key=lambda task: task.due_at
    )
    return render_template(
        "meetings/show.html",
        title=_("%(organ)s %(day)s", organ=organ.name, day=dates.long_day(meeting.on)),
        crumbs=[
            (_("Sammanträden"), url_for("meetings.index")),
            (
                f"{organ.name} {meeting.on.year}",
                url_for("meetings.index", organ=organ.code, ar=meeting.on.year),
            ),
            (dates.day(meeting.on), ""),
        ],
        meeting=meeting,
        cancelled=meeting.status == MeetingStatus.CANCELLED,
        extra=meeting.kind == MeetingKind.EXTRA,
        points=_points(steps),
        reasons=[step.reason for step in steps if step.reason and not step.done],
        lines=lines,
        coming=agenda_lines.on_their_way(session, meeting),
        readiness=agenda_lines.readiness(lines),
        late=[line for line in lines if line.item.status == ItemStatus.LATE],
        deciding=next((task for task in open_tasks if task.element == LATE_CASES), None),
        decided=_reported(session, meeting),
        tasks=open_tasks,
        mine=next((task for task in open_tasks if _is_mine(task)), None),
        names=accounts.names(session, [task.assignee for task in open_tasks if task.assignee]),
        people=_people(session, meeting),
        may_change=rights.may_change(reader(), meeting.organ_code)
        and meeting.status == MeetingStatus.PLANNED,
    )


def _is_mine(task: Task) -> bool:
    """Whether the reader can do it now: it is theirs, or they may take it."""
    if task.assignee:
        return task.assignee in reader().assignees
    return task.candidate in reader().candidates


def _points(steps: list[StepDate]) -> list[dict[str, str]]:
    upcoming = next((step for step in steps if not step.done), None)
    return [
        {
            "words": step.label,
            "state": "done" if step.done else "now" if step is upcoming else "",
            "when": _("senast %(day)s", day=dates.day(step.on))
            if step.latest
            else dates.day(step.on),
        }
        for step in steps
    ]


def _reported(session: Session, meeting: Meeting) -> list[DelegatedDecision]:
    """The delegated decisions on its list; before there is one, those that wait for it."""
    found = delegation.listed(session, meeting.id)
    if not found and _is_next(session, meeting):
        found = delegation.to_list(session, meeting.id, meeting.organ_code)
    numbers = [decision.case_number for decision in found]
    visible = rights.visible_cases(session, reader(), numbers)
    return [decision for decision in found if decision.case_number in visible]


def _is_next(session: Session, meeting: Meeting) -> bool:
    coming = meetings.upcoming(session, meeting.organ_code, on_or_after=today(), limit=1)
    return [each.id for each in coming] == [meeting.id]


def _people(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    found = []
    for role in ROLES:
        holders = organisation.holders(session, role, meeting.organ_code, today())
        found.append((role, ", ".join(holder.name for holder in holders)))
    return found
