"""What a task is about, as people name it: a case by number and heading, a meeting by its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from processes import cases, meetings
from web.dates import day
from web.texts import gettext as _

MEETING = "mote:"  # how a meeting's business key begins


@dataclass(frozen=True, kw_only=True)
class Subject:
    number: str  # "RS/214/2026"; for a meeting "RS"
    heading: str
    address: str

    def __str__(self) -> str:
        return f"{self.number} {self.heading}".strip()


NOTHING = Subject(number="", heading="", address="")


def case_address(number: str) -> str:
    """A case's card; its number keeps its slashes."""
    return f"/arenden/{number}"


def papers_address(number: str) -> str:
    """Where a case's basis for decision and memorandum are read."""
    return f"{case_address(number)}/underlag"


def meeting_address(meeting_id: str) -> str:
    return f"/sammantraden/{meeting_id}"


def of_keys(session: Session, keys: Iterable[str | None]) -> dict[str, Subject]:
    """The subjects of those business keys. The caller has seen to that the reader may see them."""
    known = {key for key in keys if key}
    meeting_keys = {key for key in known if key.startswith(MEETING)}
    found = {key: _meeting(session, key) for key in meeting_keys}
    for number, heading in cases.headings(session, known - meeting_keys).items():
        found[number] = Subject(number=number, heading=heading, address=case_address(number))
    return found


def of_key(session: Session, key: str | None) -> Subject:
    return of_keys(session, [key]).get(key or "", NOTHING)


def _meeting(session: Session, key: str) -> Subject:
    meeting = meetings.get(session, key.removeprefix(MEETING))
    return Subject(
        number=meeting.organ_code,
        heading=_("Sammanträde %(day)s", day=day(meeting.on)),
        address=meeting_address(meeting.id),
    )
