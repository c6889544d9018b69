"""Who may change the calendar: its administrators, and each body's secretary."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from processes import access, cases, organisation
from processes.access import Reader
from processes.cases import Case
from web.current import user
from web.texts import gettext as _

SECRETARY = "Sekreterare"


def is_administrator() -> bool:
    return user().is_administrator


def may_change(reader: Reader, organ_code: str) -> bool:
    return is_administrator() or (
        organisation.candidate_key(SECRETARY, organ_code) in reader.candidates
    )


def may_change_any(reader: Reader) -> bool:
    """Whether the reader is secretary of some body."""
    prefix = organisation.candidate_key(SECRETARY, "")
    return any(key.startswith(prefix) for key in reader.candidates)


def require(reader: Reader, organ_code: str) -> None:
    if not may_change(reader, organ_code):
        raise NotAllowed(_("Bara organets sekreterare och administratörer ändrar sammanträden."))


def visible_cases(session: Session, reader: Reader, numbers: Sequence[str]) -> dict[str, Case]:
    """By number, those that are not hidden from the reader."""
    found = [cases.get(session, number) for number in numbers]
    return {case.number: case for case in found if access.may_see(session, reader, case)}
