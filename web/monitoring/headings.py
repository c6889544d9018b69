"""What an instance is called on pages for administrators, who may not see what is secret."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from engine import instances
from engine.tables import Instance
from processes import access, cases, meetings
from web import dates
from web.current import now, user
from web.texts import gettext as _


def of_instances(session: Session, instance_ids: Sequence[str]) -> dict[str, str]:
    """Heading by instance id; a secret case's is left out for those outside it."""
    found = [instances.get(session, instance_id) for instance_id in instance_ids]
    return {instance.id: of(session, instance) for instance in found}


def of(session: Session, instance: Instance) -> str:
    key = instance.business_key or ""
    meeting = meetings.of_business_key(session, key)
    if meeting is not None:
        return f"{meeting.organ_code} {dates.day(meeting.on)}"
    if not key:
        return _("Utan ärende, startat %(day)s", day=dates.day(instance.started_at))
    if not access.may_see_key(session, access.reader(session, user().id, now()), key):
        return _("%(key)s (sekretess)", key=key)
    return f"{key} {cases.headings(session, [key]).get(key, '')}".strip()
