"""What diagrams and forms may read of a meeting: the fact `mote`, in the words of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from processes import agenda, cases, delegation, meetings, minutes, organisation
from processes.agenda import AgendaItem, Outcome
from processes.delegation import DelegatedDecision
from processes.meetings import Meeting
from processes.organisation import Organ

Row = dict[str, Any]


def facts(session: Session, meeting_id: str) -> Mapping[str, Any]:
    """JSON types only. Lists are rows for forms: one per case, with its number and heading."""
    meeting = meetings.get(session, meeting_id)
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    everything = agenda.items(session, meeting_id)
    reports = delegation.to_report(session, organ.code)
    table = _Rows(session, everything)
    return {
        **_calendar(meeting, organ),
        **_before(table, agenda.ready(session, meeting_id)),
        **_after(table, agenda.treated(session, meeting_id)),
        "sena_arenden": table.rows(agenda.undecided_late(session, meeting_id)),
        "antal_sena": len(agenda.undecided_late(session, meeting_id)),
        "delegationsbeslut": _reports(session, reports),
        "antal_delegationsbeslut": len(delegation.listed(session, meeting_id)),
        "antal_overklagbara": _appealable(session, meeting_id),
        "nasta_paragraf": next_item_number(session, meeting),
        "justerare": ", ".join(_attesters(session, meeting_id)),
    }


def next_item_number(session: Session, meeting: Meeting) -> int:
    """Paragraphs are numbered on through the body's year."""
    year = meeting.on.year
    that_year = meetings.between(
        session, date(year, 1, 1), date(year, 12, 31), organ_code=meeting.organ_code
    )
    return minutes.next_item_number(session, [one.id for one in that_year])


def _calendar(meeting: Meeting, organ: Organ) -> Row:
    return {
        "id": meeting.id,
        "organ": organ.code,
        "organ_namn": organ.name,
        "organ_slag": organ.kind,
        "datum": meeting.on.isoformat(),
        "plats": meeting.place,
        "status": meeting.status,
        "granskning": organ.review,
        "tillkannages": organ.announces_publicly,
        "inlamning": meeting.submission_on.isoformat(),
        "kallelse": meeting.notice_on.isoformat(),
    }


def _before(table: _Rows, ready: list[AgendaItem]) -> Row:
    small = [item for item in ready if item.adjustment]
    extra = [item for item in ready if item.extra]
    return {
        "arenden": table.rows(ready),
        "antal_arenden": len(ready),
        "att_justera": [{**table.row(item), "andring": item.adjustment} for item in small],
        "antal_att_justera": len(small),
        "antal_extra": len(extra),
        "extra_arenden_val": None if extra else "inga",
        "besluta": [{**table.row(item), "utfall": table.usual_outcome(item)} for item in ready],
    }


def _after(table: _Rows, treated: list[AgendaItem]) -> Row:
    immediate = [item for item in treated if item.immediate]
    appealed = [item for item in treated if item.appealed and not item.appeal_result]
    return {
        "omedelbara": table.paragraphs(immediate),
        "antal_omedelbara": len(immediate),
        "overklagbara": table.paragraphs(item for item in treated if item.appealable),
        "overklagade": table.paragraphs(appealed),
        "antal_overklagade": len(appealed),
    }


def _appealable(session: Session, meeting_id: str) -> int:
    """Decisions that appeal time runs for: the meeting's own, and those reported to it."""
    own = [item for item in agenda.treated(session, meeting_id) if item.appealable]
    return len(own) + len(delegation.appealable_reports(session, meeting_id))


def _attesters(session: Session, meeting_id: str) -> list[str]:
    kept = minutes.find(session, meeting_id)
    return [str(one) for one in kept.attesters] if kept else []


def _reports(session: Session, decisions: list[DelegatedDecision]) -> list[Row]:
    """What was decided; in a secret case only on which point and when."""
    secret = cases.secret_ones(session, [decision.case_number for decision in decisions])
    return [
        {
            "dnr": decision.case_number,
            "punkt": _report(decision, hidden=decision.case_number in secret),
            "anmals": True,
        }
        for decision in decisions
    ]


def _report(decision: DelegatedDecision, *, hidden: bool) -> str:
    on = decision.decided_on.isoformat() if decision.decided_on else ""
    said = "" if hidden else f": {decision.decision}"
    return f"{decision.point}{said} ({on})"


class _Rows:
    """Rows for forms, with the headings and what comes after looked up once for all of them.

    Answers are kept and read by all who work with the meeting: a secret case goes by its public
    heading there.
    """

    def __init__(self, session: Session, items: Iterable[AgendaItem]) -> None:
        numbers = [item.case_number for item in items]
        self._headings = cases.public_headings(session, numbers)
        self._session = session

    def row(self, item: AgendaItem) -> Row:
        heading = self._headings.get(item.case_number, "")
        return {"dnr": item.case_number, "rubrik": heading}

    def rows(self, items: Iterable[AgendaItem]) -> list[Row]:
        return [self.row(item) for item in items]

    def paragraphs(self, items: Iterable[AgendaItem]) -> list[Row]:
        return [{**self.row(item), "paragraf": item.item_number} for item in items]

    def usual_outcome(self, item: AgendaItem) -> str:
        """What mostly comes of it: decided by the last body of its path, passed on by others."""
        goes_on = cases.get(self._session, item.case_number).next_organ is not None
        return Outcome.ONWARDS if goes_on else Outcome.DECIDED
