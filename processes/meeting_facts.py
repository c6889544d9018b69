"""What diagrams and forms may read of a meeting: the fact `mote`, in the words of the rules.

Like a case's facts each is worked out only when it is asked for. Lists are rows for forms: one per
case, with its number and heading. Answers are kept and read by all who work with the meeting, so
a secret case goes by its public heading there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from processes import agenda, appeals, cases, casework, delegation, meetings, minutes, organisation
from processes.agenda import AgendaItem, Outcome
from processes.appeals import Appealable
from processes.deadline_words import short_day
from processes.delegation import DelegatedDecision
from processes.lazy_facts import LazyFacts
from processes.meetings import Meeting
from processes.minutes import Minutes
from processes.organisation import Organ

Row = dict[str, Any]


class MeetingFacts(LazyFacts):
    """JSON types only."""

    def __init__(self, session: Session, meeting: Meeting, today: date) -> None:
        self.session, self.meeting, self.today = session, meeting, today

    @property
    def known(self) -> Mapping[str, Callable[[MeetingFacts], Any]]:
        return FACTS

    @cached_property
    def organ(self) -> Organ:
        return organisation.get_organ(self.session, self.meeting.organ_code, on=self.meeting.on)

    @cached_property
    def minutes(self) -> Minutes | None:
        return minutes.find(self.session, self.meeting.id)

    @cached_property
    def ready(self) -> list[AgendaItem]:
        return agenda.ready(self.session, self.meeting.id)

    @cached_property
    def treated(self) -> list[AgendaItem]:
        return agenda.treated(self.session, self.meeting.id)

    def rows(self, items: Iterable[AgendaItem | DelegatedDecision]) -> list[Row]:
        numbers = [item.case_number for item in items]
        headings = cases.public_headings(self.session, numbers)
        return [{"dnr": number, "rubrik": headings.get(number, "")} for number in numbers]


def next_item_number(session: Session, meeting: Meeting) -> int:
    """Paragraphs are numbered on through the body's year."""
    year = meeting.on.year
    that_year = meetings.between(
        session, date(year, 1, 1), date(year, 12, 31), organ_code=meeting.organ_code
    )
    return minutes.next_item_number(session, [one.id for one in that_year])


# --- before and at the meeting


def _late(facts: MeetingFacts) -> list[AgendaItem]:
    return agenda.undecided_late(facts.session, facts.meeting.id)


def _to_adjust(facts: MeetingFacts) -> list[AgendaItem]:
    return [item for item in facts.ready if item.adjustment]


def _adjustments(facts: MeetingFacts) -> list[Row]:
    small = _to_adjust(facts)
    return [
        {**row, "andring": item.adjustment}
        for row, item in zip(facts.rows(small), small, strict=True)
    ]


def _extra(facts: MeetingFacts) -> list[AgendaItem]:
    return [item for item in facts.ready if item.extra]


def _to_decide(facts: MeetingFacts) -> list[Row]:
    """What mostly comes of it stands there already: the proposal, decided or passed on."""
    return [
        {**row, "utfall": _usual_outcome(facts, item), "beslut": _proposal(facts, item),
         "anteckna": "nej"}
        for row, item in zip(facts.rows(facts.ready), facts.ready, strict=True)
    ]  # fmt: skip


def _usual_outcome(facts: MeetingFacts, item: AgendaItem) -> str:
    """Decided by the last body of its path, passed on by the others."""
    goes_on = cases.get(facts.session, item.case_number).next_organ is not None
    return Outcome.ONWARDS if goes_on else Outcome.DECIDED


def _proposal(facts: MeetingFacts, item: AgendaItem) -> str:
    """The proposed decision as the memorandum has it; a secret case's is not shown to all."""
    if cases.get(facts.session, item.case_number).secret:
        return ""
    return casework.proposal(facts.session, item.case_number)


def _holders(facts: MeetingFacts, role: str) -> list[str]:
    code = organisation.nearest_holding(facts.session, role, facts.organ.code)
    return [user.id for user in organisation.holders(facts.session, role, code, facts.today)]


def _only_attester(facts: MeetingFacts) -> list[str]:
    """Where there is one to choose, that one is chosen."""
    found = _holders(facts, "Justerare")
    return found if len(found) == 1 else []


def _minutes_before(facts: MeetingFacts) -> Minutes | None:
    """Of the body's last meeting: what mostly is the same this time."""
    earlier = meetings.latest_held(facts.session, facts.meeting.organ_code, facts.meeting.on)
    return minutes.find(facts.session, earlier.id) if earlier else None


def _seats(facts: MeetingFacts) -> int | None:
    kept = _minutes_before(facts)
    return kept.seats if kept else None


def _attendance_before(facts: MeetingFacts) -> list[Row]:
    """Nearly the same people come each time: the list is corrected, not written anew."""
    kept = _minutes_before(facts)
    return list(kept.attendance) if kept else []


def _kept_at(facts: MeetingFacts) -> str | None:
    """KL 8:12: where the minutes can be read."""
    kept = _minutes_before(facts)
    return kept.kept_at if kept else None


def _reports(facts: MeetingFacts) -> list[Row]:
    """What was decided; in a secret case only on which point and when."""
    decisions = delegation.to_list(facts.session, facts.meeting.id, facts.organ.code)
    secret = cases.secret_ones(facts.session, [one.case_number for one in decisions])
    return [
        {
            "dnr": one.case_number,
            "punkt": _report(one, hidden=one.case_number in secret),
            "anmals": True,
        }
        for one in decisions
    ]


def _report(decision: DelegatedDecision, *, hidden: bool) -> str:
    on = short_day(decision.decided_on) if decision.decided_on else ""
    said = "" if hidden else f": {decision.decision}"
    return f"{decision.point}{said} ({on})"


def _listed_reports(facts: MeetingFacts) -> int:
    return len(delegation.listed(facts.session, facts.meeting.id))


# --- after it


def _immediate(facts: MeetingFacts) -> list[AgendaItem]:
    return [item for item in facts.treated if item.immediate]


def _appealable(facts: MeetingFacts) -> list[Appealable]:
    return appeals.of_meeting(facts.session, facts.meeting.id)


def _appealed(facts: MeetingFacts) -> list[Appealable]:
    return appeals.unsettled(facts.session, facts.meeting.id)


def _paragraphs(facts: MeetingFacts, found: list[Appealable]) -> list[Row]:
    return [
        {**row, "paragraf": one.item_number}
        for row, one in zip(facts.rows(found), found, strict=True)
    ]


FACTS: Mapping[str, Callable[[MeetingFacts], Any]] = {
    "id": lambda facts: facts.meeting.id,
    "organ": lambda facts: facts.organ.code,
    "organ_namn": lambda facts: facts.organ.name,
    "organ_slag": lambda facts: facts.organ.kind,
    "datum": lambda facts: facts.meeting.on.isoformat(),
    "plats": lambda facts: facts.meeting.place,
    "status": lambda facts: facts.meeting.status,
    "granskning": lambda facts: facts.organ.review,
    "tillkannages": lambda facts: facts.organ.announces_publicly,
    "gemensamt": lambda facts: facts.organ.joint,
    "inlamning": lambda facts: facts.meeting.submission_on.isoformat(),
    "kallelse": lambda facts: facts.meeting.notice_on.isoformat(),
    "justeras_senast": lambda facts: meetings.attest_by(facts.meeting).isoformat(),
    "arenden": lambda facts: facts.rows(facts.ready),
    "antal_arenden": lambda facts: len(facts.ready),
    "sena_arenden": lambda facts: facts.rows(_late(facts)),
    "antal_sena": lambda facts: len(_late(facts)),
    "att_justera": _adjustments,
    "antal_att_justera": lambda facts: len(_to_adjust(facts)),
    "antal_extra": lambda facts: len(_extra(facts)),
    "extra_arenden_val": lambda facts: None if _extra(facts) else "inga",
    "besluta": _to_decide,
    "ledamoter": _seats,
    "narvaro_senast": _attendance_before,
    "ordforande": lambda facts: next(iter(_holders(facts, "Presidium")), None),
    "enda_justerare": _only_attester,
    "protokollet_finns": _kept_at,
    "delegationsbeslut": _reports,
    "antal_delegationsbeslut": _listed_reports,
    "nasta_paragraf": lambda facts: next_item_number(facts.session, facts.meeting),
    "justerarna": lambda facts: list(facts.minutes.attesters) if facts.minutes else [],
    "justering_lamnas_over": lambda facts: bool(facts.minutes and facts.minutes.handed_over),
    "omedelbara": lambda facts: _paragraphs(facts, list(_immediate(facts))),
    "antal_omedelbara": lambda facts: len(_immediate(facts)),
    "overklagbara": lambda facts: _paragraphs(facts, _appealable(facts)),
    "antal_overklagbara": lambda facts: len(_appealable(facts)),
    "overklagade": lambda facts: _paragraphs(facts, _appealed(facts)),
    "antal_overklagade": lambda facts: len(_appealed(facts)),
}
