"""Sending a record for registration (A19): a registrar looks at it, and registers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from engine import instances
from engine.engine import Engine
from engine.errors import Refusal
from engine.host import Actor
from engine.texts import gettext as _
from processes.cases import lookup as case_lookup
from processes.files import StoredFile
from processes.records.lookup import get
from processes.records.registration import DECIDED, NewRecord, NotYetDecided, add
from processes.records.tables import Record

PROCESS = "diarieforing"


def send_for_registration(
    session: Session, engine: Engine, record_id: str, *, actor: Actor
) -> Record:
    """Working material until a registrar has looked at it; its own process sees to that."""
    record = get(session, record_id, lock=True)
    case = case_lookup.get(session, record.case_number)
    if record.registered:
        raise Refusal(_("Handlingen är redan diarieförd."))
    if record.annulled_at is not None:
        raise Refusal(_("Handlingen är makulerad och kan inte diarieföras."))
    if record.sent_at is not None:
        raise Refusal(_("Handlingen ligger redan hos registrator."))
    if record.to_be_decided and case.status not in DECIDED:
        raise NotYetDecided
    record.sent_at = engine.clock.now()
    data = {"dnr": case.number, "handling_id": record.id}
    instances.start(session, engine, PROCESS, business_key=case.number, data=data, actor=actor)
    return record


def add_or_send(
    session: Session,
    engine: Engine,
    case_number: str,
    new: NewRecord,
    *,
    actor: Actor,
    files: Sequence[StoredFile],
    is_registrar: bool,
) -> Record:
    """What somebody else than a registrar wants registered is sent to one."""
    sends = new.registered and not new.to_be_decided and not is_registrar
    kept = replace(new, registered=False) if sends else new
    record = add(session, engine, case_number, kept, actor=actor, files=files)
    if sends:
        session.flush()
        send_for_registration(session, engine, record.id, actor=actor)
    return record


def take_back(record: Record) -> None:
    """It is working material again, and may be sent another time."""
    record.sent_at = None
