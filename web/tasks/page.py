"""What the page of one task shows, gathered in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from engine import instances, tasks
from engine.errors import FieldError, NotAllowed
from engine.opened_forms import OpenedForm, open_form
from engine.spiff import ElementInfo
from engine.tables import Task, TaskStatus
from processes import access, accounts, met_steps
from web import form_widgets, subjects
from web.current import actor, engine, user
from web.dates import Due, due
from web.form_widgets import Form
from web.reader import may_read_answers, reader
from web.subjects import Subject
from web.tasks.why import Why, why


class Holding(StrEnum):
    MINE = "mine"  # also one held by somebody I stand in for
    FREE = "free"  # I may take it
    OTHERS = "others"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    task: Task
    subject: Subject
    holding: Holding
    holder: str  # who has it, or who did it
    due: Due
    ask: str
    why: Why | None
    why_open: bool
    form: Form | None
    next: str
    on_behalf_of: str  # the name of the one I stand in for here


def gather(
    session: Session,
    task: Task,
    *,
    answers: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
) -> TaskPage:
    """The page as it stands; `answers` and `errors` when what was sent is shown again."""
    holding, behalf = _holding(task)
    info = tasks.info(session, engine(), task)
    readable = holding is not Holding.OTHERS or may_read_answers(
        session, instances.get(session, task.instance_id)
    )
    drafted = _draft(session, task, readable=readable) if answers is None else answers
    opened = None if holding is Holding.ENDED else _open(session, task, drafted, readable=readable)
    return TaskPage(
        task=task,
        subject=subjects.of_key(session, task.business_key),
        holding=holding,
        holder=_name(session, task.completed_by or task.assignee),
        due=due(task.due_at),
        ask=_ask(info, opened),
        why=why(info, asked=_ask(info, opened)),
        why_open=not errors
        and not met_steps.has_met(session, user().id, task.process_key, task.element),
        form=_form(opened, drafted, errors, shown_again=answers is not None),
        next=opened.next if opened else "",
        on_behalf_of=_name(session, behalf),
    )


def _draft(session: Session, task: Task, *, readable: bool) -> Mapping[str, Any]:
    return tasks.draft(session, task.id) if readable else {}


def _open(
    session: Session, task: Task, answers: Mapping[str, Any], *, readable: bool
) -> OpenedForm | None:
    """What is asked; with what it is filled in with only for who may read that."""
    if readable:
        return open_form(session, engine(), task, actor=actor(), answers=answers)
    schema = tasks.form(session, engine(), task)
    return None if schema is None else OpenedForm(schema=schema)


def _form(
    opened: OpenedForm | None,
    answers: Mapping[str, Any],
    errors: Sequence[FieldError],
    *,
    shown_again: bool,
) -> Form | None:
    """A draft is what its writer left, empty fields too; only an untouched form is filled in."""
    if opened is None:
        return Form(sections=())
    filled_in = answers if shown_again or answers else opened.defaults
    return form_widgets.build(opened.schema, filled_in, opened.options, errors)


def _holding(task: Task) -> tuple[Holding, str | None]:
    if task.status != TaskStatus.OPEN:
        return Holding.ENDED, None
    try:
        as_whom = access.may_act(reader(), task)
    except NotAllowed:
        return Holding.OTHERS, None
    held = task.assignee in reader().assignees if task.assignee else False
    return (Holding.MINE if held else Holding.FREE), as_whom.on_behalf_of


def _ask(info: ElementInfo, opened: OpenedForm | None) -> str:
    """One sentence on what is asked: the form's, else the step's own help."""
    said = opened.schema.get("description", "") if opened else ""
    return str(said or info.help)


def _name(session: Session, user_id: str | None) -> str:
    if user_id is None:
        return ""
    return accounts.names(session, [user_id]).get(user_id, user_id)
