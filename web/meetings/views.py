"""The calendar of twelve months: what comes next, and every body's meetings month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from sqlalchemy.orm import Session

from processes import meetings, organisation
from processes.deadlines import add_months
from processes.meetings import Meeting, MeetingStatus
from web import dates, transactions
from web.current import today
from web.meetings import agenda_lines, blueprint, rights
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2200  # what a date can be asked of
MONTHS = 12
AHEAD = timedelta(days=550)  # how far ahead a body's next meeting is looked for


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


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Twelve months: a calendar year, or without one those that begin with this month."""

    year: int | None
    first: date

    @property
    def last(self) -> date:
        return add_months(self.first, MONTHS) - timedelta(days=1)

    @property
    def months(self) -> list[str]:
        """The year is written where a new one begins."""
        starts = [add_months(self.first, ahead) for ahead in range(MONTHS)]
        names = [_(dates.MONTHS[start.month - 1]).capitalize() for start in starts]
        if self.year is None:
            names = [
                f"{name} {start.year}" if ahead and start.month == 1 else name
                for ahead, (name, start) in enumerate(zip(names, starts, strict=True))
            ]
        return names

    def place(self, on: date) -> int:
        return (on.year - self.first.year) * MONTHS + on.month - self.first.month


@blueprint.get("/")
@permission(Permission.STAFF)
def index() -> str:
    session = transactions.reading()
    shown = _shown()
    organ = request.args.get("organ") or None
    found = meetings.between(session, shown.first, shown.last, organ_code=organ, cancelled=True)
    names = {each.code: each.name for each in organisation.organs(session, today())}
    return render_template(
        "meetings/index.html",
        title=_("Sammanträden %(year)s", year=shown.year) if shown.year else _("Sammanträden"),
        shown=shown,
        organ=organ,
        organs=names,
        rows=_by_organ(found, names, shown),
        next_ones=[] if shown.year else _next_of_each(session, organ, names),
        today=today(),
        may_add=rights.may_change_any(reader()) or rights.is_administrator(),
    )


def _shown() -> Shown:
    year = request.args.get("ar", type=int)
    if year is None:
        return Shown(year=None, first=today().replace(day=1))
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return Shown(year=year, first=date(year, 1, 1))


def _by_organ(found: list[Meeting], names: dict[str, str], shown: Shown) -> list[OrganYear]:
    """In the organisation's own order; bodies without a meeting then are left out."""
    codes = dict.fromkeys([*names, *(meeting.organ_code for meeting in found)])
    rows = []
    for code in codes:
        months: list[list[Meeting]] = [[] for _month in range(MONTHS)]
        for meeting in found:
            if meeting.organ_code == code:
                months[shown.place(meeting.on)].append(meeting)
        if any(months):
            rows.append(OrganYear(code=code, name=names.get(code, code), months=months))
    return rows


def _next_of_each(session: Session, organ: str | None, names: dict[str, str]) -> list[Next]:
    """The coming meeting of every body, the nearest first."""
    nearest: dict[str, Meeting] = {}
    for meeting in meetings.between(session, today(), today() + AHEAD, organ_code=organ):
        if meeting.status == MeetingStatus.PLANNED:
            nearest.setdefault(meeting.organ_code, meeting)
    return [
        Next(
            meeting=meeting,
            organ=names.get(meeting.organ_code, meeting.organ_code),
            readiness=agenda_lines.readiness(agenda_lines.of(session, meeting)),
        )
        for meeting in nearest.values()
    ]
