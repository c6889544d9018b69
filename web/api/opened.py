"""A task's form as it opens, for programs: what the page shows, without its widgets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from engine import opened_forms, tasks
from engine.opened_forms import OpenedForm
from engine.tables import Task
from web.current import actor, engine


def form(session: Session, task: Task, *, shown: bool) -> dict[str, Any]:
    """`shown`: the reader may work on the task, and so see what it is filled in with."""
    if not shown:
        schema = tasks.form(session, engine(), task)
        return {"form": schema, "data": {}, "options": {}, "draft": {}, "next": ""}
    draft = tasks.draft(session, task.id)
    opened = opened_forms.open_form(session, engine(), task, actor=actor(), answers=draft)
    return {
        "form": opened.schema if opened else None,
        "data": opened.defaults if opened else {},
        "options": _options(opened) if opened else {},
        "draft": draft,
        "next": opened.next if opened else "",
    }


def _options(opened: OpenedForm) -> dict[str, Any]:
    return {source: list(opened.options(source)) for source in sorted(set(_sources(opened.schema)))}


def _sources(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(source := part.get("x-source"), str):
            yield source
        for inner in part.values():
            yield from _sources(inner)
