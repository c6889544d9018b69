"""Files sent with a task: records of its case, working material until somebody registers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine import forms
from engine.errors import Invalid
from engine.host import Actor
from engine.tables import Task
from processes import access, records
from processes.files import EmptyFile, StoredFile, TooLarge
from processes.records import Direction, NewRecord
from processes.swedish_calendar import local_date
from web.cases import uploads
from web.current import engine, now
from web.form_widgets import Kind, kind_of
from web.reader import reader
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Attached:
    field: str
    title: str
    files: list[StoredFile]


def sent(schema: Mapping[str, Any]) -> list[Attached]:
    """What was chosen in each file field, in the store. Invalid names the field."""
    found = []
    for name, part in forms.fields(schema).items():
        if kind_of(part) is Kind.FILE:
            files = _kept(name)
            if files:
                found.append(Attached(field=name, title=str(part.get("title", name)), files=files))
    return found


def answers(schema: Mapping[str, Any], attached: list[Attached]) -> dict[str, Any]:
    """What the flow keeps of them: their names, as the field's type has it."""
    parts = forms.fields(schema)
    return {
        one.field: names if parts[one.field].get("type") == "array" else ", ".join(names)
        for one in attached
        if (names := [file.name for file in one.files])
    }


def add(session: Session, task: Task, attached: list[Attached], *, actor: Actor) -> None:
    """In the transaction that completes the task: a refused form leaves no record behind."""
    for one in attached:
        case = access.find_case(session, reader(), task.business_key)
        if case is None:
            raise Invalid.field(one.field, _("Filer kan bara bifogas i ett ärende."))
        new = NewRecord(
            direction=Direction.DRAWN_UP,
            dated_on=local_date(now()),
            subject=f"{task.name}: {one.title}"[: records.MAX_SUBJECT],
            registered=False,
        )
        records.add(session, engine(), case.number, new, actor=actor, files=one.files)


def _kept(name: str) -> list[StoredFile]:
    try:
        return uploads.kept(name)
    except (TooLarge, EmptyFile) as refused:
        raise Invalid.field(name, str(refused)) from refused
