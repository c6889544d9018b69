"""What is said when a task leaves one's hands, and to whom it may go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from engine import forms, tasks
from engine.errors import Invalid, Refusal
from engine.tables import Task
from processes import access, accounts
from processes import role_resolution as roles
from processes.accounts import User
from web import dates, subjects
from web.current import now, user
from web.dates import due
from web.subjects import Subject
from web.texts import gettext as _

_MARK = "\0"  # where a link is put into a translated sentence
NAMED = 2  # this many of those who have it now are named


def sentence(session: Session, done: Task) -> Markup:
    """What was done, in which case, and who has it now."""
    about = subjects.of_key(session, done.business_key)
    said = [
        Markup("<b>{}</b>").format(_("Klart.")),
        _done_where(done, about),
        *(_has_now(session, task) for task in _following(session, done)[:NAMED]),
    ]
    return Markup(" ").join(said)


def _done_where(done: Task, about: Subject) -> Markup:
    if not about.number:
        return escape(_("”%(task)s” är gjord.", task=done.name))
    link = Markup('<a href="{}">{}</a>').format(about.address, about.number)
    words = _("”%(task)s” är gjord i %(case)s.", task=done.name, case=_MARK)
    before, _mark, after = words.partition(_MARK)
    return escape(before) + link + escape(after)


def _has_now(session: Session, task: Task) -> Markup:
    holder = task.candidate_label
    if task.assignee:
        holder = accounts.names(session, [task.assignee]).get(task.assignee, holder)
    if task.assignee == user().id:
        holder = _("Du")
    until = due(task.due_at).day
    if not until:
        return escape(_("%(who)s har nu ”%(task)s”.", who=holder, task=task.name))
    return escape(
        _("%(who)s har nu ”%(task)s”, senast %(day)s.", who=holder, task=task.name, day=until)
    )


def _following(session: Session, done: Task) -> list[Task]:
    """The open tasks of the case that this one brought about."""
    if not done.business_key:
        return []
    found = tasks.of_business_key(session, done.business_key)
    completed = tasks.get(session, done.id).completed_at
    return [task for task in found if completed and task.created_at >= completed]


def may_leave(task: Task) -> bool:
    return not roles.stays_with_its_person(task)


def require_leave(task: Task) -> None:
    if not may_leave(task):
        raise Refusal(_("Bara du kan justera här. Är du borta gör din ersättare det."))


def colleagues(session: Session, task: Task) -> list[User]:
    """Those to whom the task may be handed over: who may take it, else everyone who works here."""
    if not may_leave(task):
        return []
    others = [one for one in accounts.everyone(session, active_only=True) if one.id != user().id]
    same_role = [
        one for one in others if task.candidate in access.reader(session, one.id, now()).candidates
    ]
    return same_role or others


def colleague(session: Session, task: Task, user_id: str) -> User:
    """One of those who are offered: with a task of a secret case goes the right to see it."""
    require_leave(task)
    found = next((one for one in colleagues(session, task) if one.id == user_id), None)
    if found is None:
        raise Invalid.field("to", _("Välj vem som ska ta över uppgiften."))
    return found


def in_words(schema: Mapping[str, Any], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was typed, as name and value, for a page that can't take it any more."""
    return [
        (str(part.get("title", name)), _plain(answers[name]))
        for name, part in forms.fields(schema).items()
        if answers.get(name) not in (None, "", [], False)
    ]


def _plain(value: Any) -> str:
    if value is True:
        return _("ja")
    if isinstance(value, list):
        return "; ".join(_plain(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(_plain(each) for each in value.values() if each)
    return dates.say_day(str(value))
