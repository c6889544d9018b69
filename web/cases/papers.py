"""The basis for decision (A20) and the memorandum (A21) as they were written, for those who read.

Whoever approves, checks or decides must have them at hand, not only the form they were typed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from engine import forms, tasks
from engine.tables import TaskStatus
from processes import access, casework, delegation
from processes.casework import PAPERS, CaseWork, Step
from processes.delegation import DelegatedDecision
from web import dates, names, transactions
from web.cases import NUMBER, blueprint, number_of
from web.current import engine
from web.form_widgets import Kind, Schema, kind_of
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

OPERATIONS = {Step.BASIS: "spara_beslutsunderlag", Step.MEMORANDUM: "spara_tjansteskrivelse"}
NOT_WRITTEN = frozenset(
    {Kind.OUTPUT, Kind.FILE, Kind.HIDDEN}
)  # shown by the form or kept elsewhere


@dataclass(frozen=True, kw_only=True)
class Paper:
    id: str
    heading: str
    who: str
    at: datetime
    parts: tuple[tuple[str, str], ...]  # title and text, in the form's order


@blueprint.get(f"{NUMBER}/underlag")
@permission(Permission.STAFF)
def papers(registry: str, seq: int, year: int) -> str:
    session = transactions.reading()
    case = access.case(session, reader(), number_of(registry, seq, year))
    title = _("Beslutsunderlag och tjänsteskrivelse")
    return render_template(
        "cases/papers.html",
        title=title,
        crumbs=[
            (_("Ärenden"), url_for("cases.index")),
            (case.number, case_address(case.number)),
            (title, ""),
        ],
        case=case,
        papers=[
            _paper(session, step, written[-1])
            for step in PAPERS
            if (written := casework.of_case(session, case.number, step))
        ]
        + [_decision(found) for found in delegation.of_case(session, case.number)[-1:]],
    )


def _decision(found: DelegatedDecision) -> Paper:
    """What the delegate is asked to sign, or has signed."""
    said = (
        (_("Beslut"), found.decision),
        (_("Skäl"), found.reasons),
        (_("Delegationspunkt"), found.point),
    )
    return Paper(
        id="delegationsbeslut",
        heading=_("Delegationsbeslut"),
        who=names.person(found.signed_by or found.delegate),
        at=found.signed_at or found.drawn_up_at,
        parts=tuple((title, text) for title, text in said if text),
    )


def _paper(session: Session, step: Step, written: CaseWork) -> Paper:
    schema = _schema(session, written.case_number, step)
    return Paper(
        id=str(step),
        heading=_("Beslutsunderlag") if step is Step.BASIS else _("Tjänsteskrivelse"),
        who=_who(written),
        at=written.at,
        parts=tuple(
            (str(part.get("title", name)), said)
            for name, part in forms.fields(schema).items()
            if kind_of(part) not in NOT_WRITTEN
            and (said := _in_words(part, written.content.get(name)))
        ),
    )


def _schema(session: Session, number: str, step: Step) -> Schema:
    """Of the form it was last written in: by what the step does, whatever it is called."""
    for task in reversed(tasks.of_business_key(session, number, open_only=False)):
        if task.status == TaskStatus.COMPLETED and task.form:
            info = tasks.info(session, engine(), task)
            if info.operation == OPERATIONS[step]:
                return tasks.form(session, engine(), task) or {}
    return {}


def _who(written: CaseWork) -> str:
    if not written.on_behalf_of:
        return names.person(written.actor)
    return _(
        "%(who)s för %(whom)s",
        who=names.person(written.actor),
        whom=names.person(written.on_behalf_of),
    )


def _in_words(part: Schema, value: Any) -> str:
    """Choices by their titles, days and people as pages name them, one row a line."""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, list):
        inner = {**part, **part.get("items", {})}
        return "\n".join(filter(None, (_in_words(inner, each) for each in value)))
    if isinstance(value, Mapping):
        return _row(part, value)
    if value is None or value == "":
        return ""
    titles = {one["const"]: one.get("title", one["const"]) for one in part.get("oneOf", ())}
    if value in titles:
        return str(titles[value])
    if part.get("format") == "date":
        return dates.day(date.fromisoformat(value))
    return names.person(value) if "x-source" in part else str(value)


def _row(part: Schema, row: Mapping[str, Any]) -> str:
    """Proposed decisions carry their numbers when they are several."""
    said = [_in_words(field, row.get(name)) for name, field in part.get("properties", {}).items()]
    text = ", ".join(filter(None, said))
    return f"{row['nr']}. {text}" if "nr" in row else text
