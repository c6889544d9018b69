"""What is written to the event log about cases and records, under the case's number."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from engine import history
from engine.engine import Engine
from engine.host import Actor


class CaseEvent(StrEnum):
    REGISTERED = "case_registered"
    ALIAS_ADDED = "case_alias_added"
    ALLOCATED = "case_allocated"
    OFFICER_CHANGED = "case_officer_changed"
    CO_OFFICERS_CHANGED = "case_co_officers_changed"
    MEMBER_ADDED = "case_member_added"
    MEMBER_REMOVED = "case_member_removed"
    CHANGED = "case_changed"
    PATH_CHANGED = "case_path_changed"
    MOVED_ON = "case_moved_on"
    STATUS_CHANGED = "case_status_changed"
    DECIDED = "case_decided"
    REPORTED = "decision_reported"
    RAISED = "case_raised"
    RAISED_BY = "case_raised_by"
    WITHDRAWN = "case_withdrawn"
    SECRECY_SET = "secrecy_set"
    SECRECY_LIFTED = "secrecy_lifted"
    RECORD_ADDED = "record_added"
    RECORD_REGISTERED = "record_registered"
    RECORD_CORRECTED = "record_corrected"
    RECORD_ANNULLED = "record_annulled"
    FILE_ADDED = "file_added"


def note(
    session: Session,
    engine: Engine,
    case_number: str,
    kind: CaseEvent,
    actor: Actor,
    **detail: Any,
) -> None:
    """Append one event; `detail` holds JSON types only, who and what before and after."""
    history.append(session, engine, kind=kind, actor=actor, business_key=case_number, detail=detail)
