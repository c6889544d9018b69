"""Mending what was registered wrongly. Nothing goes: both ways leave who, when, why and what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import FieldError, Invalid, Refusal, Stale
from engine.host import Actor
from engine.texts import gettext as _
from processes.case_events import CaseEvent, note
from processes.files import StoredFile
from processes.records.lookup import get
from processes.records.registration import attach, text_problems
from processes.records.tables import Record, RecordCorrection
from processes.swedish_calendar import local_date

CORRECTABLE = frozenset(
    {"direction", "kind", "dated_on", "sender", "recipient", "subject", "public_subject"}
)


def correct(
    session: Session,
    engine: Engine,
    record_id: str,
    values: Mapping[str, Any],
    *,
    reason: str = "",
    actor: Actor,
    lock_version: int | None = None,
) -> Record:
    """Change facts of a record. A registered one demands a reason; working material none."""
    record = _changeable(session, record_id, lock_version)
    after = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in values.items()
    }
    differing = {name: value for name, value in after.items() if getattr(record, name) != value}
    today = local_date(engine.clock.now())
    if errors := _problems(record, differing, reason=reason, today=today):
        raise Invalid(errors)
    for name, value in differing.items():
        _trace(session, engine, record, name, value, reason=reason, actor=actor)
        setattr(record, name, value)
    if differing:
        record.lock_version += 1
        note(
            session, engine, record.case_number, CaseEvent.RECORD_CORRECTED, actor,
            record=record.id, fields=sorted(differing), reason=reason.strip(),
        )  # fmt: skip
    return record


def annul(session: Session, engine: Engine, record_id: str, *, reason: str, actor: Actor) -> Record:
    """Say that a record should not have been registered; it stays, marked, with its number."""
    record = _changeable(session, record_id, None)
    if not reason.strip():
        raise Invalid.field("reason", _("Skriv varför handlingen makuleras."))
    record.annulled_at, record.annulled_by = engine.clock.now(), actor.id
    record.annulled_reason = reason.strip()
    note(
        session, engine, record.case_number, CaseEvent.RECORD_ANNULLED, actor,
        record=record.id, reason=record.annulled_reason,
    )  # fmt: skip
    return record


def add_files(
    session: Session,
    engine: Engine,
    record_id: str,
    files: Iterable[StoredFile],
    *,
    actor: Actor,
) -> Record:
    """More files, or new versions of working material; what is registered keeps every version."""
    record = _changeable(session, record_id, None)
    if names := attach(session, engine, record, files, actor=actor):
        note(
            session, engine, record.case_number, CaseEvent.FILE_ADDED, actor,
            record=record.id, files=names,
        )  # fmt: skip
    return record


def _changeable(session: Session, record_id: str, lock_version: int | None) -> Record:
    record = get(session, record_id, lock=True)
    if record.annulled_at is not None:
        raise Refusal(_("Handlingen är makulerad och kan inte ändras."))
    if lock_version is not None and lock_version != record.lock_version:
        raise Stale
    return record


def _problems(
    record: Record, values: Mapping[str, Any], *, reason: str, today: date
) -> list[FieldError]:
    errors = [
        FieldError(field=name, message=_("Uppgiften kan inte ändras."))
        for name in values.keys() - CORRECTABLE
    ]
    if values and record.registered and not reason.strip():
        text = _("Skriv varför uppgiften rättas.")
        errors.append(FieldError(field="reason", message=text, code="required"))
    if values.get("dated_on", record.dated_on) > today:
        text = _("Handlingens dag kan inte ligga i framtiden.")
        errors.append(FieldError(field="dated_on", message=text))
    facts = (str(values.get(n, getattr(record, n))) for n in _TEXTS)
    return errors + text_problems(*facts)


_TEXTS = ("direction", "subject", "sender", "recipient")


def _trace(
    session: Session,
    engine: Engine,
    record: Record,
    field: str,
    after: Any,
    *,
    reason: str,
    actor: Actor,
) -> None:
    session.add(
        RecordCorrection(
            record_id=record.id,
            field=field,
            before=str(getattr(record, field)),
            after=str(after),
            reason=reason.strip(),
            at=engine.clock.now(),
            actor=actor.id,
            on_behalf_of=actor.on_behalf_of,
        )
    )
