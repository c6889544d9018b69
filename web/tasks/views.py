from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import tasks
from engine.errors import Invalid, NotAllowed, NotFound, Refusal, Stale
from engine.opened_forms import open_form
from engine.tables import Task, TaskStatus
from engine.tasks import Completion
from processes import access, met_steps
from web import errors, form_answers, form_widgets, transactions
from web.current import actor, engine, now, user
from web.permissions import Permission, permission
from web.reader import reader
from web.tasks import attachments, blueprint, case_panel, handover
from web.tasks.page import Holding, TaskPage, gather
from web.texts import gettext as _

DO = "do"
COMPLETE, DRAFT, RELEASE = "complete", "draft", "release"


@blueprint.get("/uppgift/<task_id>")
@permission(Permission.STAFF)
def show(task_id: str) -> str:
    session = transactions.reading()
    return _render(gather(session, _visible(session, task_id)))


@blueprint.post("/uppgift/<task_id>")
@permission(Permission.STAFF)
def act(task_id: str) -> str | Response | tuple[str, int]:
    """The form's one address: its buttons say what to do with what was filled in."""
    task = _visible(transactions.reading(), task_id)
    answers = _sent_answers(task)
    try:
        return _do(task, answers)
    except (Stale, NotAllowed) as refused:
        return _overtaken(task, answers, refused), errors.status_of(refused)


def _do(task: Task, answers: dict[str, Any]) -> str | Response | tuple[str, int]:
    if row_action := request.form.get(form_widgets.ROW_ACTION):
        return _change_rows(task, answers, row_action)
    do = request.form.get(DO, COMPLETE)
    if do == DRAFT:
        return _save_draft(task, answers)
    if do == RELEASE:
        return _release(task, answers)
    return _complete(task, answers)


@blueprint.post("/uppgift/<task_id>/ta")
@permission(Permission.STAFF)
def claim(task_id: str) -> Response:
    task = _visible(transactions.reading(), task_id)

    def work(session: Session) -> None:
        who = access.may_act(reader(), tasks.get(session, task_id))
        tasks.claim(session, engine(), task_id, actor=who, lock_version=_lock_version())

    transactions.perform(work, instance_id=task.instance_id)
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/uppgift/<task_id>/lamna-over")
@permission(Permission.STAFF)
def delegate(task_id: str) -> Response:
    task = _visible(transactions.reading(), task_id)
    to = handover.colleague(transactions.reading(), task, request.form.get("to", ""))

    def work(session: Session) -> None:
        who = access.may_act(reader(), tasks.get(session, task_id))
        tasks.delegate(
            session, engine(), task_id, actor=who, lock_version=_lock_version(), to=to.id
        )

    transactions.perform(work, instance_id=task.instance_id)
    flash(_("%(name)s har nu uppgiften %(task)s.", name=to.name, task=task.name), "success")
    return redirect(url_for("inbox.show"))


def _complete(task: Task, answers: dict[str, Any]) -> str | Response | tuple[str, int]:
    schema = tasks.form(transactions.reading(), engine(), task) or {}
    answers = form_answers.without_empty_rows(schema, answers)

    def work(session: Session) -> Completion:
        who = access.may_act(reader(), tasks.get(session, task.id))
        attachments.add(session, task, attached, actor=who)
        given = {**answers, **attachments.answers(schema, attached)}
        done = tasks.complete(
            session, engine(), task.id, given, actor=who, lock_version=_lock_version()
        )
        met_steps.remember(session, user().id, task.process_key, task.element, now=now())
        return done

    try:
        attached = attachments.sent(schema)
        done = transactions.perform(work, instance_id=task.instance_id)
    except Invalid as refused:
        return _shown_again(task, answers, refused), 422
    flash(handover.sentence(transactions.reading(), task), "success")
    if done.next_task_ids:
        return redirect(url_for("tasks.show", task_id=done.next_task_ids[0]))
    return redirect(url_for("inbox.show"))


def _save_draft(task: Task, answers: dict[str, Any]) -> Response:
    _keep(task, answers)
    flash(_("Utkastet är sparat. Uppgiften ligger kvar hos dig."), "success")
    return redirect(url_for("tasks.show", task_id=task.id))


def _change_rows(task: Task, answers: dict[str, Any], action: str) -> Response:
    schema = tasks.form(transactions.reading(), engine(), task) or {}
    changed = form_answers.change_rows(schema, answers, action)
    _keep(task, changed)
    anchor = form_answers.row_anchor(schema, changed, action)
    return redirect(url_for("tasks.show", task_id=task.id, _anchor=anchor or None))


def _release(task: Task, answers: dict[str, Any]) -> Response:
    def work(session: Session) -> None:
        who = access.may_act(reader(), tasks.get(session, task.id))
        handover.require_leave(tasks.get(session, task.id))
        tasks.save_draft(session, engine(), task.id, answers, actor=who)
        tasks.release(session, engine(), task.id, actor=who, lock_version=_lock_version())

    transactions.perform(work, instance_id=task.instance_id)
    flash(
        _(
            "Du lämnade tillbaka %(task)s. Den ligger nu hos %(role)s, med det du fyllde i.",
            task=task.name,
            role=task.candidate_label,
        ),
        "success",
    )
    return redirect(url_for("inbox.show"))


def _keep(task: Task, answers: dict[str, Any]) -> None:
    def work(session: Session) -> None:
        current = tasks.get(session, task.id)
        who = access.may_act(reader(), current)
        if _lock_version() not in (None, current.lock_version):
            raise Stale
        tasks.save_draft(session, engine(), task.id, answers, actor=who)

    transactions.perform(work, instance_id=task.instance_id)


def _shown_again(task: Task, answers: dict[str, Any], refused: Invalid) -> str:
    """The page with what is wrong; what was typed is also kept as a draft."""
    _keep(task, answers)
    session = transactions.reading()
    page = gather(session, tasks.get(session, task.id), answers=answers, errors=refused.errors)
    return _render(page, saved=True)


def _overtaken(task: Task, answers: dict[str, Any], refused: Refusal) -> str:
    """Somebody was there first, or it is no longer one's own: what was typed stays to be copied."""
    session = transactions.reading()
    page = gather(session, _visible(session, task.id))
    schema = tasks.form(session, engine(), task) or {}
    return _render(
        page,
        overtaken=str(refused),
        overtaken_words=errors.of_status(409).title
        if isinstance(refused, Stale)
        else _("Uppgiften är inte din längre"),
        typed=handover.in_words(schema, answers),
    )


def _render(page: TaskPage, **more: Any) -> str:
    session = transactions.reading()
    return render_template(
        "tasks/show.html",
        page=page,
        errors=page.form.problems if page.form else (),
        card=case_panel.panel(session, page.task.business_key),
        colleagues=_colleagues(session, page),
        may_leave=handover.may_leave(page.task),
        **more,
    )


def _colleagues(session: Session, page: TaskPage) -> list[tuple[str, str]]:
    """Whom to choose between, when the task is one's own to hand over."""
    if page.holding is not Holding.MINE:
        return []
    return [(one.id, one.name) for one in handover.colleagues(session, page.task)]


def _visible(session: Session, task_id: str) -> Task:
    """A task of a case hidden from the reader is not there for them."""
    task = tasks.get(session, task_id)
    if not access.may_see_task(session, reader(), task):
        raise NotFound(_("Uppgiften finns inte."))
    return task


def _sent_answers(task: Task) -> dict[str, Any]:
    """Also of a task that has ended meanwhile: what was typed is to be shown, not lost."""
    session = transactions.reading()
    schema = tasks.form(session, engine(), task)
    if schema is None:
        return {}
    answers = form_answers.read(schema, request.form)
    if task.status != TaskStatus.OPEN:
        return answers
    opened = open_form(session, engine(), task, actor=actor(), answers=answers)
    return form_answers.with_read_only(schema, answers, opened.defaults if opened else {})


def _lock_version() -> int | None:
    """What the sender saw of the task."""
    return request.form.get("lock_version", type=int)
