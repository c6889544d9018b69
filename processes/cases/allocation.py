"""Allocating a case (chapter 4): who prepares it, who decides, by which path and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import FieldError, Invalid
from engine.host import Actor
from engine.texts import gettext as _
from processes.case_events import CaseEvent, note
from processes.cases import path as case_path
from processes.cases import people, status
from processes.cases.lookup import get
from processes.cases.tables import Case, CaseStatus, DecisionForm
from processes.swedish_calendar import local_date


@dataclass(frozen=True, kw_only=True)
class Allocation:
    case_officer: str
    decision_form: str
    co_officers: tuple[str, ...] = ()
    responsible_manager: str | None = None
    path: tuple[str, ...] = ()
    delegate: str | None = None
    delegation_point: str = ""
    ready_by_on: date | None = None
    decide_by_on: date | None = None
    significant: bool = False
    planned_meetings: Mapping[str, str] = field(default_factory=dict)  # organ: meeting id
    presentations: tuple[str, ...] = ()  # where it is to be presented, as text


def allocate(
    session: Session, engine: Engine, number: str, allocation: Allocation, *, actor: Actor
) -> Case:
    """Write what was decided and set the status Fördelat; Invalid names the form's fields."""
    case = get(session, number, lock=True)
    now = engine.clock.now()
    if errors := problems(session, case, allocation, today=local_date(now)):
        raise Invalid(errors)
    before = case.case_officer
    _write(case, allocation)
    people.add_secretaries(session, case, now=now, actor=actor)
    people.move_tasks(session, engine, case, before, allocation.case_officer, actor=actor)
    note(
        session, engine, case.number, CaseEvent.ALLOCATED, actor,
        officer=case.case_officer, before=before,
        decision_form=case.decision_form, path=list(case.path),
    )  # fmt: skip
    return status.set_status(session, engine, case.number, CaseStatus.ALLOCATED, actor=actor)


def problems(
    session: Session, case: Case, allocation: Allocation, *, today: date
) -> list[FieldError]:
    errors = []
    for name in ("case_officer", "responsible_manager", "delegate"):
        user_id = getattr(allocation, name)
        if (user_id or name == "case_officer") and not people.works_here(session, user_id):
            errors.append(FieldError(field=name, message=_("Välj en person som arbetar här.")))
    if not all(people.works_here(session, officer) for officer in allocation.co_officers):
        text = _("En av medhandläggarna arbetar inte här.")
        errors.append(FieldError(field="co_officers", message=text))
    if allocation.decision_form not in set(DecisionForm):
        errors.append(FieldError(field="decision_form", message=_("Välj vem som beslutar.")))
    elif allocation.decision_form == DecisionForm.BODY:
        faults = case_path.check_path(session, allocation.path, kind=case.kind, on=today)
        errors += [FieldError(field="path", message=text) for text in faults]
    return errors + _date_problems(allocation, today)


def _date_problems(allocation: Allocation, today: date) -> list[FieldError]:
    ready, decide = allocation.ready_by_on, allocation.decide_by_on
    errors = []
    for name, on in (("ready_by_on", ready), ("decide_by_on", decide)):
        if on is not None and on < today:
            errors.append(FieldError(field=name, message=_("Dagen har redan varit.")))
    if ready is not None and decide is not None and ready > decide:
        text = _("Handläggningen måste vara klar innan beslutet ska fattas.")
        errors.append(FieldError(field="ready_by_on", message=text))
    return errors


def _write(case: Case, allocation: Allocation) -> None:
    case.case_officer = allocation.case_officer
    case.co_officers = list(allocation.co_officers)
    case.responsible_manager = allocation.responsible_manager
    case.decision_form = allocation.decision_form
    if list(allocation.path) != case.path:
        current = case.organ
        case.path = list(allocation.path)
        case.step = case.path.index(current) if current in case.path else 0
    case.delegate = allocation.delegate
    case.delegation_point = allocation.delegation_point
    case.ready_by_on = allocation.ready_by_on
    case.decide_by_on = allocation.decide_by_on
    case.significant = allocation.significant
    case.planned_meetings = dict(allocation.planned_meetings)
    case.presentations = list(allocation.presentations)
