"""The days that matter for a case: its decision path with meetings, and the important dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from engine.texts import gettext as _
from processes import agenda, delegation
from processes.agenda import AgendaItem
from processes.cases.tables import Case, CaseKind, CaseStatus
from processes.meetings import Meeting

# Decided if possible within a year (KL 5:35).
WITHIN_A_YEAR = frozenset({CaseKind.MOTION, CaseKind.CITIZEN_PROPOSAL})
_DECIDED = frozenset(
    {CaseStatus.DECIDED, CaseStatus.ATTESTED, CaseStatus.DISPATCHED, CaseStatus.CLOSED}
) | {CaseStatus.ARCHIVED}


class StopState(StrEnum):
    DONE = "done"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class PathStop:
    """One body on the decision path; dates are None until a meeting is chosen."""

    organ: str
    state: StopState
    meeting_id: str | None = None
    on: date | None = None
    submission_on: date | None = None
    notice_on: date | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class ImportantDate:
    label: str
    on: date
    why: str = ""  # the paragraph or chapter


def path_stops(session: Session, case: Case) -> list[PathStop]:
    """HSN 12 mar → RS 8 apr → RF 21 apr, each with its submission day."""
    booked = _booked(session, case)
    decided = case.status in _DECIDED
    stops = []
    for index, organ in enumerate(case.path):
        item, meeting = booked.get(organ, (None, None))
        if meeting is None and (planned := case.planned_meetings.get(organ)):
            meeting = session.get(Meeting, planned)
        stops.append(
            PathStop(
                organ=organ,
                state=_state(index, case.step, decided=decided),
                meeting_id=meeting.id if meeting else None,
                on=meeting.on if meeting else None,
                submission_on=meeting.submission_on if meeting else None,
                notice_on=meeting.notice_on if meeting else None,
                outcome=item.outcome if item else None,
            )
        )
    return stops


def important(session: Session, case: Case, stops: list[PathStop]) -> list[ImportantDate]:
    """What the card shows at the right, the earliest first."""
    found = [
        _dated(_("Färdigberett"), case.ready_by_on, _("kap. 1.3")),
        _dated(_("Beslut senast"), case.decide_by_on, _("kap. 4")),
        _dated(_("Beslut inom ett år"), _year_after(case), _("KL 5 kap. 35 §")),
        _dated(_("Laga kraft"), case.legal_force_on, _("KL 13 kap. 5 §")),
        *_appeal_dates(session, case),
        *_reports(session, case),
    ]
    for stop in stops:
        if stop.state == StopState.NEXT:
            found += _before_meeting(session, stop)
        found.append(_dated(stop.organ, stop.on))
    return sorted((day for day in found if day is not None), key=lambda day: day.on)


def _booked(session: Session, case: Case) -> dict[str, tuple[AgendaItem, Meeting]]:
    """The meeting each body has the case at, the latest booked."""
    found = {}
    for item in agenda.of_case(session, case.number):
        meeting = session.get(Meeting, item.meeting_id)
        if meeting is not None and item.status not in agenda.GONE:
            found[meeting.organ_code] = (item, meeting)
    return found


def _state(index: int, step: int, *, decided: bool) -> StopState:
    if index < step or (decided and index == step):
        return StopState.DONE
    return StopState.NEXT if index == step else StopState.LATER


def _before_meeting(session: Session, stop: PathStop) -> list[ImportantDate | None]:
    meeting = session.get(Meeting, stop.meeting_id) if stop.meeting_id else None
    if meeting is None:
        return []
    return [
        _dated(_("Lämnas in"), meeting.submission_on, _("kap. 5.3")),
        _dated(_("Beredning"), meeting.review_on, _("kap. 5.4")),
        _dated(_("Presidium"), meeting.presidium_on, _("kap. 6.1")),
        _dated(_("Kallelse"), meeting.notice_on),
    ]


def _appeal_dates(session: Session, case: Case) -> list[ImportantDate | None]:
    """Of the latest decision that can be appealed; the day of legal force replaces its end."""
    items = [item for item in agenda.of_case(session, case.number) if item.appeal_ends_on]
    if not items or case.legal_force_on:
        return []
    return [_dated(_("Överklagas senast"), items[-1].appeal_ends_on, _("KL 13 kap. 5 §"))]


def _reports(session: Session, case: Case) -> list[ImportantDate | None]:
    """When a body was told of what had been decided on its behalf."""
    return [
        _dated(
            _("Anmält till %(organ)s", organ=decision.report_to),
            decision.reported_on,
            _("KL 6 kap. 40 §"),
        )
        for decision in delegation.of_case(session, case.number)
    ]


def _year_after(case: Case) -> date | None:
    if case.kind not in WITHIN_A_YEAR:
        return None
    raised = case.received_on
    try:
        return raised.replace(year=raised.year + 1)
    except ValueError:  # raised on 29 February
        return date(raised.year + 1, 3, 1)


def _dated(label: str, on: date | None, why: str = "") -> ImportantDate | None:
    return None if on is None else ImportantDate(label=label, on=on, why=why)
