"""Marking a case or a record as secret, and lifting the mark, with a trace of both."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import FieldError, Invalid
from engine.host import Actor
from engine.texts import gettext as _
from processes import legal_grounds
from processes.case_events import CaseEvent, note
from processes.cases import lookup, registration
from processes.cases.tables import Case
from processes.records import lookup as record_lookup
from processes.records.tables import Record


def mark_case(
    session: Session,
    engine: Engine,
    number: str,
    *,
    legal_ground: str,
    public_heading: str,
    actor: Actor,
) -> Case:
    """From now on the case is there only for those with a part in it (see `access`)."""
    case = lookup.get(session, number, lock=True)
    public_heading = " ".join(public_heading.split())
    errors = registration.heading_problems(case.heading, public_heading, secret=True)
    if wrong := legal_grounds.ground_problem(legal_ground):
        errors.append(FieldError(field="legal_ground", message=wrong))
    if errors:
        raise Invalid(errors)
    before = case.legal_ground
    case.secret, case.legal_ground = True, legal_grounds.normal_ground(legal_ground)
    case.public_heading = public_heading
    _reviewed(engine, case, actor)
    note(
        session, engine, case.number, CaseEvent.SECRECY_SET, actor,
        before=before, after=case.legal_ground,
    )  # fmt: skip
    registration.reindex(session, case)
    return case


def lift_case(session: Session, engine: Engine, number: str, *, reason: str, actor: Actor) -> Case:
    case = lookup.get(session, number, lock=True)
    _demand_reason(reason)
    before = case.legal_ground
    case.secret, case.legal_ground = False, ""
    _reviewed(engine, case, actor)
    note(
        session, engine, case.number, CaseEvent.SECRECY_LIFTED, actor,
        before=before, reason=reason.strip(),
    )  # fmt: skip
    return case


def mark_record(
    session: Session,
    engine: Engine,
    record_id: str,
    *,
    legal_ground: str,
    public_subject: str = "",
    actor: Actor,
) -> Record:
    record = record_lookup.get(session, record_id, lock=True)
    if wrong := legal_grounds.ground_problem(legal_ground):
        raise Invalid.field("legal_ground", wrong)
    before = record.legal_ground
    record.secret, record.legal_ground = True, legal_grounds.normal_ground(legal_ground)
    record.public_subject = " ".join(public_subject.split())
    note(
        session, engine, record.case_number, CaseEvent.SECRECY_SET, actor,
        record=record.id, before=before, after=record.legal_ground,
    )  # fmt: skip
    return record


def lift_record(
    session: Session, engine: Engine, record_id: str, *, reason: str, actor: Actor
) -> Record:
    record = record_lookup.get(session, record_id, lock=True)
    _demand_reason(reason)
    before = record.legal_ground
    record.secret, record.legal_ground = False, ""
    note(
        session, engine, record.case_number, CaseEvent.SECRECY_LIFTED, actor,
        record=record.id, before=before, reason=reason.strip(),
    )  # fmt: skip
    return record


def _reviewed(engine: Engine, case: Case, actor: Actor) -> None:
    case.secrecy_reviewed_by = actor.id
    case.secrecy_reviewed_at = engine.clock.now()


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid.field("reason", _("Skriv varför sekretessen inte längre gäller."))
