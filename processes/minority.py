"""What a minority of the assembly may demand (KL 5:50): that a case waits, once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.texts import gettext as _
from processes import agenda, cases, meetings
from processes.agenda import AgendaItem
from processes.cases import CaseKind
from processes.organisation import Organ

THIRD = 3


def problem(session: Session, item: AgendaItem, *, organ: Organ) -> str | None:
    """Why no minority can have the case wait; None if one can."""
    if not organ.is_political_top:
        return _("Bara i fullmäktige räcker en minoritet. Här krävs en majoritet (KL 6 kap. 33 §).")
    if cases.get(session, item.case_number).kind == CaseKind.ELECTION:
        return _("I val krävs en majoritet (KL 5 kap. 50 §).")
    if _has_waited(session, item, organ):
        return _("En minoritet har redan fått ärendet uppskjutet. Nu krävs en majoritet.")
    return None


def count_problem(*, present: int, asked: int) -> str | None:
    """Why that many are not the minority that KL 5:50 speaks of."""
    if asked > present:
        return _("Bara %(present)s var närvarande.", present=present)
    if asked * THIRD < present:
        return _(
            "Minst en tredjedel av de %(present)s närvarande måste begära det (KL 5 kap. 50 §).",
            present=present,
        )
    return None


def _has_waited(session: Session, item: AgendaItem, organ: Organ) -> bool:
    earlier = (
        meetings.get(session, one.meeting_id)
        for one in agenda.of_case(session, item.case_number)
        if one.by_minority and one.id != item.id
    )
    return any(meeting.organ_code == organ.code for meeting in earlier)
