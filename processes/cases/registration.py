"""Registering a case: its number is given on saving, and its process starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from engine import instances
from engine.engine import Engine
from engine.errors import FieldError, Invalid
from engine.host import Actor
from engine.texts import gettext as _
from processes import legal_grounds, numbering, organisation, search_index
from processes.case_events import CaseEvent, note
from processes.cases import path as case_path
from processes.cases import people, status
from processes.cases.lookup import aliases, get
from processes.cases.tables import Case, CaseAlias, CaseKind, CaseStatus, DecisionForm
from processes.swedish_calendar import local_date

PROCESS = "arende"
MAX_HEADING = 200


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What the intake page asks for."""

    registry_code: str
    heading: str
    kind: str
    received_on: date
    initiator: str = ""
    public_heading: str = ""
    classification: str = ""
    secret: bool = False
    legal_ground: str = ""
    decision_form: str | None = None
    path: tuple[str, ...] = ()  # suggested; the one who allocates decides
    case_officer: str | None = None  # when the criteria send it straight to somebody (A9)


def register(session: Session, engine: Engine, new: NewCase, *, actor: Actor) -> Case:
    """Raises Invalid, one error per field, before any number is taken."""
    new = _tidy(new)
    now = engine.clock.now()
    today = local_date(now)
    if errors := problems(session, new, today=today):
        raise Invalid(errors)
    registry = organisation.get_registry(session, new.registry_code)
    number = numbering.take(session, registry.series, today.year)
    case = Case(
        number=str(number),
        registry_code=registry.code,
        seq=number.seq,
        year=number.year,
        heading=new.heading,
        public_heading=new.public_heading,
        kind=new.kind,
        initiator=new.initiator,
        classification=new.classification,
        received_on=new.received_on,
        created_at=now,
        created_by=actor.id,
        status=CaseStatus.REGISTERED,
        status_at=now,
        decision_form=new.decision_form,
        path=list(new.path),
        case_officer=new.case_officer,
        secret=new.secret,
        legal_ground=legal_grounds.normal_ground(new.legal_ground) if new.secret else "",
        secrecy_reviewed_by=actor.id,
        secrecy_reviewed_at=now,
    )
    session.add(case)
    session.flush()  # what refers to the case comes after it
    status.record(session, case, now=now, actor=actor)
    note(session, engine, case.number, CaseEvent.REGISTERED, actor, secret=case.secret)
    people.add_secretaries(session, case, now=now, actor=actor)
    reindex(session, case)
    instances.start(
        session, engine, PROCESS, business_key=case.number, data={"dnr": case.number}, actor=actor
    )
    return case


def problems(session: Session, new: NewCase, *, today: date) -> list[FieldError]:
    """Everything wrong with it at once, so that nobody mends one fault at a time."""
    errors = heading_problems(new.heading, new.public_heading, secret=new.secret)
    if organisation.registry(session, new.registry_code) is None:
        text = _("Välj ett diarium. %(code)s finns inte.", code=new.registry_code)
        errors.append(FieldError(field="registry_code", message=text))
    if new.kind not in set(CaseKind):
        errors.append(FieldError(field="kind", message=_("Välj vad för slags ärende det är.")))
    if new.received_on > today:
        text = _("Dagen då ärendet kom in kan inte ligga i framtiden.")
        errors.append(FieldError(field="received_on", message=text))
    if new.decision_form is not None and new.decision_form not in set(DecisionForm):
        errors.append(FieldError(field="decision_form", message=_("Välj vem som beslutar.")))
    if new.case_officer and not people.may_be_officer(session, new.case_officer, today):
        errors.append(FieldError(field="case_officer", message=people.not_an_officer()))
    if new.secret and (wrong := legal_grounds.ground_problem(new.legal_ground)):
        errors.append(FieldError(field="legal_ground", message=wrong))
    if new.path:
        found = case_path.check_path(session, new.path, kind=new.kind, on=today)
        errors += [FieldError(field="path", message=text) for text in found]
    return errors


def add_alias(
    session: Session, engine: Engine, number: str, registry_code: str, *, actor: Actor
) -> str:
    """The case's number in one more registry; the one it has there already, if it has one."""
    case = get(session, number, lock=True)
    registry = organisation.get_registry(session, registry_code)
    for known in (case.number, *aliases(session, case.number)):
        if known.startswith(f"{registry.series}/"):
            return known
    now = engine.clock.now()
    taken = numbering.take(session, registry.series, local_date(now).year)
    alias = CaseAlias(
        number=str(taken),
        case_number=case.number,
        registry_code=registry.code,
        seq=taken.seq,
        year=taken.year,
        given_at=now,
        given_by=actor.id,
    )
    session.add(alias)
    session.flush()  # the index below reads every number of the case
    note(session, engine, case.number, CaseEvent.ALIAS_ADDED, actor, number=alias.number)
    reindex(session, case)
    return alias.number


def reindex(session: Session, case: Case) -> None:
    """Make the case findable by its numbers, both headings and who raised it."""
    numbers = [case.number, *aliases(session, case.number)]
    texts = [*numbers, case.heading, case.public_heading, case.initiator]
    search_index.put(session, case.number, texts)


def heading_problems(heading: str, public_heading: str, *, secret: bool) -> list[FieldError]:
    errors = []
    if not heading:
        text = _("Skriv en ärendemening som den som inte känner ärendet förstår.")
        errors.append(FieldError(field="heading", message=text, code="required"))
    for field, text in (("heading", heading), ("public_heading", public_heading)):
        if len(text) > MAX_HEADING:
            message = _("Korta till högst %(limit)s tecken.", limit=MAX_HEADING)
            errors.append(FieldError(field=field, message=message, code="too_long"))
    if secret and not public_heading:
        text = _(
            "Skriv en offentlig ärendemening: diariet är öppet även för ärenden med sekretess."
        )
        errors.append(FieldError(field="public_heading", message=text, code="required"))
    return errors


def today(engine: Engine) -> date:
    return local_date(engine.clock.now())


def _tidy(new: NewCase) -> NewCase:
    def line(text: str) -> str:
        return " ".join(text.split())

    return replace(
        new,
        registry_code=new.registry_code.strip().upper(),
        heading=line(new.heading),
        public_heading=line(new.public_heading),
        initiator=line(new.initiator),
    )
