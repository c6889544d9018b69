"""The calendar of a year: what comes next, and every body's meetings month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from sqlalchemy.orm import Session

from processes import meetings, organisation
from processes.meetings import Meeting, MeetingStatus
from web import dates, transactions
from web.current import today
from web.meetings import agenda_lines, blueprint, rights
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2200  # what a date can be asked of


@dataclass(frozen=True, kw_only=True)
class Next:
    """A body's coming meeting, and how its cases stand."""

    meeting: Meeting
    organ: str
    readiness: str


@dataclass(frozen=True, kw_only=True)
class OrganYear:
    """One row of the year: a list of meetings for each month."""

    code: str
    name: str
    months: list[list[Meeting]]


@blueprint.get("/")
@permission(Permission.STAFF)
def index() -> str:
    session = transactions.reading()
    year = min(max(request.args.get("ar", today().year, type=int), FIRST_YEAR), LAST_YEAR)
    organ = request.args.get("organ") or None
    found = meetings.between(
        session, date(year, 1, 1), date(year, 12, 31), organ_code=organ, cancelled=True
    )
    names = {each.code: each.name for each in organisation.organs(session, today())}
    return render_template(
        "meetings/index.html",
        title=_("Sammanträden %(year)s", year=year),
        year=year,
        organ=organ,
        organs=names,
        rows=_by_organ(found, names),
        month_names=dates.MONTHS,
        next_ones=_next_of_each(session, found, names),
        today=today(),
        may_add=rights.may_change_any(reader()) or rights.is_administrator(),
    )


def _by_organ(found: list[Meeting], names: dict[str, str]) -> list[OrganYear]:
    """In the organisation's own order; bodies without a meeting that year are left out."""
    codes = dict.fromkeys([*names, *(meeting.organ_code for meeting in found)])
    rows = []
    for code in codes:
        months: list[list[Meeting]] = [[] for _month in range(12)]
        for meeting in found:
            if meeting.organ_code == code:
                months[meeting.on.month - 1].append(meeting)
        if any(months):
            rows.append(OrganYear(code=code, name=names.get(code, code), months=months))
    return rows


def _next_of_each(session: Session, found: list[Meeting], names: dict[str, str]) -> list[Next]:
    """The coming meeting of every body, the nearest first."""
    nearest: dict[str, Meeting] = {}
    for meeting in found:
        if meeting.on >= today() and meeting.status == MeetingStatus.PLANNED:
            nearest.setdefault(meeting.organ_code, meeting)
    return [
        Next(
            meeting=meeting,
            organ=names.get(meeting.organ_code, meeting.organ_code),
            readiness=agenda_lines.readiness(agenda_lines.of(session, meeting)),
        )
        for meeting in sorted(nearest.values(), key=lambda meeting: meeting.on)
    ]
