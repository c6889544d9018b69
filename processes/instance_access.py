"""Who may read what people answered in a running process.

That a case is open means that everyone sees its card, where it is and what has been done; what
was written in each form is for those who work in it, and for those who mend the system. A
meeting's answers tell of all its cases, so a secret one closes them to those outside it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.tables import Instance, Task
from processes import access, agenda, meetings
from processes.access import Reader
from processes.cases import Case


def may_read_answers(
    session: Session, reader: Reader, instance: Instance, *, administrator: bool
) -> bool:
    """Of an instance that the reader may see at all (`access.may_see_key`)."""
    case = session.get(Case, instance.business_key) if instance.business_key else None
    if case is not None and access.works_in(session, reader, case):
        return True
    if instance.started_by == reader.user_id or _has_task(session, reader, instance):
        return True
    return administrator and not _hides_cases(session, reader, instance)


def _has_task(session: Session, reader: Reader, instance: Instance) -> bool:
    query = sa.select(sa.literal(1)).where(
        sa.exists().where(
            Task.instance_id == instance.id,
            sa.or_(
                Task.assignee.in_(reader.assignees),
                Task.completed_by == reader.user_id,
                Task.candidate.in_(reader.opening),
            ),
        )
    )
    return session.scalar(query) is not None


def _hides_cases(session: Session, reader: Reader, instance: Instance) -> bool:
    meeting = meetings.of_business_key(session, instance.business_key)
    if meeting is None:
        return False
    numbers = agenda.case_numbers(session, meeting.id)
    return any(not access.may_see_key(session, reader, number) for number in numbers)
