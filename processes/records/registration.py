"""Adding records to a case and registering them (chapters 3.2 and 5, OSL 5:1–2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import messages
from engine.engine import Engine
from engine.errors import FieldError, Invalid, Refusal
from engine.host import Actor
from engine.texts import gettext as _
from processes import legal_grounds
from processes.case_events import CaseEvent, note
from processes.cases import lookup as case_lookup
from processes.cases.tables import Case, CaseStatus
from processes.files import StoredFile
from processes.records.lookup import get
from processes.records.tables import Direction, Record, RecordFile
from processes.swedish_calendar import local_date

MAX_SUBJECT = 250
# From here on the body has decided, so its documents may be registered (chapter 5.1).
DECIDED = frozenset(
    {
        CaseStatus.DECIDED,
        CaseStatus.ATTESTED,
        CaseStatus.DISPATCHED,
        CaseStatus.CLOSED,
        CaseStatus.ARCHIVED,
        CaseStatus.WRITTEN_OFF,
    }
)


class NotYetDecided(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Handlingar som ska beslutas registreras först när de är beslutade. "
                "Handlingen ligger kvar som arbetsmaterial."
            )
        )


@dataclass(frozen=True, kw_only=True)
class NewRecord:
    """What OSL 5:2 asks of a record, and how it is handled here."""

    direction: str
    dated_on: date  # received, dispatched or drawn up
    subject: str
    sender: str = ""
    recipient: str = ""
    kind: str = "handling"
    public_subject: str = ""
    registered: bool = True  # False: working material
    to_be_decided: bool = False  # stays working material until the case is decided
    secret: bool = False
    legal_ground: str = ""


def add(
    session: Session,
    engine: Engine,
    case_number: str,
    new: NewRecord,
    *,
    actor: Actor,
    files: Iterable[StoredFile] = (),
    begins_case: bool = False,
) -> Record:
    """Put a record in a case. What comes from outside is told to the running case, but for the
    one that begins it: that is no news to whoever gets the case."""
    case = case_lookup.get(session, case_number)
    if errors := problems(case, new, today=local_date(engine.clock.now())):
        raise Invalid(errors)
    record = Record(
        case_number=case.number,
        direction=new.direction,
        kind=new.kind,
        dated_on=new.dated_on,
        sender=_line(new.sender),
        recipient=_line(new.recipient),
        subject=_line(new.subject),
        public_subject=_line(new.public_subject),
        to_be_decided=new.to_be_decided,
        created_at=engine.clock.now(),
        created_by=actor.id,
        secret=new.secret,
        legal_ground=legal_grounds.normal_ground(new.legal_ground) if new.secret else "",
    )
    session.add(record)
    session.flush()  # its id is asked for below
    names = attach(session, engine, record, files, actor=actor)
    note(
        session, engine, case.number, CaseEvent.RECORD_ADDED, actor,
        record=record.id, direction=record.direction, files=names,
    )  # fmt: skip
    if new.registered and (not new.to_be_decided or case.status in DECIDED):
        register(session, engine, record.id, actor=actor)
    if new.direction == Direction.IN and not begins_case:
        payload = {"handling_id": record.id}
        messages.send(session, engine, "ny_handling", [case.number], payload, actor=actor)
    return record


def register(session: Session, engine: Engine, record_id: str, *, actor: Actor) -> Record:
    """Give the record its running number in the case; nothing happens the second time."""
    record = get(session, record_id, lock=True)
    if record.registered:
        return record
    case = case_lookup.get(session, record.case_number, lock=True)  # one number at a time
    if record.to_be_decided and case.status not in DECIDED:
        raise NotYetDecided
    if record.annulled_at is not None:
        raise Refusal(_("Handlingen är makulerad och kan inte registreras."))
    last = session.scalar(
        sa.select(sa.func.max(Record.seq)).where(Record.case_number == case.number)
    )
    record.seq = (last or 0) + 1
    record.registered_at, record.registered_by = engine.clock.now(), actor.id
    session.flush()  # the next one looks for the highest number
    note(
        session, engine, case.number, CaseEvent.RECORD_REGISTERED, actor,
        record=record.id, seq=record.seq,
    )  # fmt: skip
    return record


def attach(
    session: Session, engine: Engine, record: Record, files: Iterable[StoredFile], *, actor: Actor
) -> list[str]:
    """Add files the store has kept; one with the name of an older takes its place as version."""
    now, names = engine.clock.now(), []
    for file in files:
        session.execute(
            sa.update(RecordFile)
            .where(
                RecordFile.record_id == record.id,
                RecordFile.name == file.name,
                RecordFile.replaced_at.is_(None),
            )
            .values(replaced_at=now)
        )
        session.add(
            RecordFile(
                record_id=record.id,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                added_at=now,
                added_by=actor.id,
            )
        )
        names.append(file.name)
    return names


def problems(case: Case, new: NewRecord, *, today: date) -> list[FieldError]:
    errors = []
    if case.status == CaseStatus.ARCHIVED:
        text = _("Ärendet är arkiverat. Registrera handlingen i ett nytt ärende.")
        errors.append(FieldError(field="", message=text))
    if new.direction not in set(Direction):
        text = _("Välj om handlingen är inkommen, utgående eller upprättad.")
        errors.append(FieldError(field="direction", message=text))
    if new.dated_on > today:
        text = _("Handlingens dag kan inte ligga i framtiden.")
        errors.append(FieldError(field="dated_on", message=text))
    errors += text_problems(new.direction, new.subject, new.sender, new.recipient)
    if new.secret and (wrong := legal_grounds.ground_problem(new.legal_ground)):
        errors.append(FieldError(field="legal_ground", message=wrong))
    return errors


def text_problems(direction: str, subject: str, sender: str, recipient: str) -> list[FieldError]:
    """OSL 5:2: who it is from or to, and in brief what it is about."""
    errors = []
    if not subject.strip():
        text = _("Skriv kort vad handlingen rör.")
        errors.append(FieldError(field="subject", message=text, code="required"))
    if len(subject) > MAX_SUBJECT:
        text = _("Korta till högst %(limit)s tecken.", limit=MAX_SUBJECT)
        errors.append(FieldError(field="subject", message=text, code="too_long"))
    if direction == Direction.IN and not sender.strip():
        text = _("Skriv vem handlingen kommer från.")
        errors.append(FieldError(field="sender", message=text, code="required"))
    if direction == Direction.OUT and not recipient.strip():
        text = _("Skriv vem handlingen skickas till.")
        errors.append(FieldError(field="recipient", message=text, code="required"))
    return errors


def _line(text: str) -> str:
    return " ".join(text.split())
