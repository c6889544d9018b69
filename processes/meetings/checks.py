"""What stands in the way of a meeting, and what is only worth a warning."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from engine.errors import FieldError
from engine.texts import gettext as _
from processes import organisation
from processes.meetings import calendar
from processes.meetings.tables import Meeting, NewMeeting
from processes.swedish_calendar import is_working_day, why_free

LONGEST_DAYS = 7


def faults(session: Session, new: NewMeeting, *, meeting_id: str | None = None) -> list[FieldError]:
    """Why it can't be held, by field. `meeting_id`: the one that moves there itself."""
    errors = []
    if organisation.organ(session, new.organ_code, on=new.on) is None:
        message = _("Det finns inget organ %(code)s den dagen.", code=new.organ_code)
        errors.append(FieldError(field="organ_code", message=message))
    other = calendar.on_day(session, new.organ_code, new.on)
    if other is not None and other.id != meeting_id:
        message = _("%(code)s har redan ett sammanträde den dagen.", code=new.organ_code)
        errors.append(FieldError(field="on", message=message))
    return errors + _day_faults(new)


def _day_faults(new: NewMeeting) -> list[FieldError]:
    errors = []
    if not is_working_day(new.on):
        message = _("Dagen är ledig: %(why)s. Välj en arbetsdag.", why=why_free(new.on))
        errors.append(FieldError(field="on", message=message))
    if new.last_day_on is not None and not 0 <= (new.last_day_on - new.on).days < LONGEST_DAYS:
        message = _("Sista dagen ska komma efter den första, inom en vecka.")
        errors.append(FieldError(field="last_day_on", message=message))
    if new.submission_on is not None and new.submission_on > new.on:
        message = _("Sista inlämningsdag ska vara före sammanträdet.")
        errors.append(FieldError(field="submission_on", message=message))
    return errors


def warnings(meeting: Meeting, *, today: date) -> list[str]:
    """What somebody ought to know before the meeting stands where it stands."""
    said = []
    if meeting.submission_on < today:
        said.append(_("Sista inlämningsdag har redan varit."))
    if meeting.notice_sent_on is not None:
        said.append(_("Kallelsen är redan skickad. Kalla på nytt till den nya dagen."))
    elif meeting.notice_on < today:
        said.append(_("Kallelsen skulle redan ha skickats. Sen kallelse kräver ett skäl."))
    return said
