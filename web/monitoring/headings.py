"""What an instance is called on pages for administrators, who may not see what is secret."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from engine import instances
from engine.tables import Instance
from processes import access, cases, meetings
from web import dates
from web.names import process_name
from web.reader import reader
from web.texts import gettext as _

_WEEK = re.compile(r".*:\d{4}-V(\d\d)")  # "fredag:2026-V09": what is done once a week


def of_instances(session: Session, found: Sequence[Instance]) -> dict[str, str]:
    """Heading by instance id."""
    return {instance.id: of(session, instance) for instance in found}


def of(session: Session, instance: Instance) -> str:
    """The case's number and heading, the meeting's body and day, else the process and when."""
    key = instance.business_key or ""
    if meeting := meetings.of_business_key(session, key):
        return f"{meeting.organ_code} {dates.day(meeting.on)}"
    if week := _WEEK.fullmatch(key):
        name = process_name(instance.process_key)
        return _("%(name)s vecka %(week)s", name=name, week=int(week[1]))
    if heading := cases.headings(session, [key]).get(key):
        return f"{key} {heading}"
    return _(
        "%(name)s startad %(day)s",
        name=process_name(instance.process_key),
        day=dates.day(instance.started_at),
    )


def is_hidden(session: Session, instance_id: str) -> bool:
    """Whether it runs for a case that the reader may not know of."""
    key = instances.get(session, instance_id).business_key
    return not access.may_see_key(session, reader(), key)
