"""A year of meetings that could be real, for demonstrations and trials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from processes.deadlines import add_months
from processes.meetings.tables import NewMeeting
from processes.organisation import Organ, OrganKind
from processes.swedish_calendar import working_day_or_before

TUESDAY, WEDNESDAY = 1, 2
JULY = 7
# The assembly meets six times: month, and which Tuesday of it.
ASSEMBLY = ((2, 4), (4, 3), (6, 3), (9, 4), (11, 2), (12, 2))
# Days that each needs to be ready for the one above it: attesting, and its submission day.
BOARD_BEFORE_ASSEMBLY = 27
COMMITTEE_BEFORE_BOARD = 41
SUBCOMMITTEE_BEFORE_SUPERIOR = 36
DRAFTING_BEFORE_ASSEMBLY = 62
APART = 14  # the board doesn't meet closer than this


def plausible_calendar(
    organs: Sequence[Organ], from_on: date, *, months: int = 12
) -> list[NewMeeting]:
    """Meetings on working days, each body far enough ahead of the one it prepares for."""
    until = add_months(from_on, months)
    years = range(from_on.year - 1, until.year + 2)
    assembly = [_nth(year, month, TUESDAY, nth) for year in years for month, nth in ASSEMBLY]
    board = _board(assembly, years)
    days = {organ.code: _days(organ, organs, assembly, board) for organ in organs}
    return [
        NewMeeting(organ_code=code, on=day)
        for day, code in sorted((day, code) for code, found in days.items() for day in found)
        if from_on <= day < until
    ]


def _days(
    organ: Organ, organs: Sequence[Organ], assembly: list[date], board: list[date]
) -> set[date]:
    before_assembly = [day - timedelta(days=BOARD_BEFORE_ASSEMBLY) for day in assembly]
    place = [each.code for each in organs if each.kind == organ.kind].index(organ.code)
    match OrganKind(organ.kind):
        case OrganKind.ASSEMBLY:
            found: Iterable[date] = assembly
        case OrganKind.BOARD:
            found = board
        case OrganKind.COMMITTEE:
            found = _shifted(before_assembly, COMMITTEE_BEFORE_BOARD + place % 3)
        case OrganKind.DRAFTING:
            found = _shifted([day for day in assembly if day.month in (6, 11)],
                             DRAFTING_BEFORE_ASSEMBLY)  # fmt: skip
        case OrganKind.SUBCOMMITTEE:
            superior = next((each for each in organs if each.code == organ.superior_code), None)
            above = _days(superior, organs, assembly, board) if superior else board
            found = _shifted(above, SUBCOMMITTEE_BEFORE_SUPERIOR + place % 2)
    return {working_day_or_before(day) for day in found}


def _board(assembly: list[date], years: range) -> list[date]:
    """Before each assembly, and once in every other month but July."""
    found = [day - timedelta(days=BOARD_BEFORE_ASSEMBLY) for day in assembly]
    for year in years:
        for month in range(1, 13):
            if month == JULY or any((day.year, day.month) == (year, month) for day in found):
                continue
            between = [_nth(year, month, WEDNESDAY, nth) for nth in (2, 3, 4)]
            found += [day for day in between if _is_apart(day, found)][:1]
    return found


def _is_apart(day: date, others: list[date]) -> bool:
    return all(abs((day - other).days) >= APART for other in others)


def _shifted(days: Iterable[date], back: int) -> list[date]:
    return [day - timedelta(days=back) for day in days]


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
