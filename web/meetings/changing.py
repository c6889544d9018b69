"""Adding, moving and cancelling meetings. Moving shows first what it moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import FieldError, Invalid
from processes import meetings, organisation
from processes.meetings import Meeting, MeetingKind, MovePreview, NewMeeting
from web import dates, transactions
from web.current import actor, engine, today
from web.meetings import blueprint, rights
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _
from web.texts import ngettext


@blueprint.get("/nytt")
@permission(Permission.STAFF)
def new() -> str:
    return _new_page({})


@blueprint.post("/nytt")
@permission(Permission.STAFF)
def create() -> str | Response | tuple[str, int]:
    try:
        wanted = NewMeeting(
            organ_code=request.form.get("organ_code", ""),
            on=_day("on"),
            last_day_on=_day_if_any("last_day_on"),
            submission_on=_day_if_any("submission_on"),
            place=request.form.get("place", ""),
            kind=MeetingKind.EXTRA if "extra" in request.form else MeetingKind.ORDINARY,
        )
        rights.require(reader(), wanted.organ_code)
        meeting = transactions.perform(
            lambda session: meetings.create(session, engine(), wanted, actor=actor())
        )
    except Invalid as refused:
        return _new_page(request.form, refused.errors), 422
    flash(_("Sammanträdet finns nu i kalendern."), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))


@blueprint.get("/<meeting_id>/flytta")
@permission(Permission.STAFF)
def prepare_move(meeting_id: str) -> str | tuple[str, int]:
    """The form; with a day chosen, what moving to it would move."""
    meeting = _changeable(meeting_id)
    if "on" not in request.args:
        return _move_page(meeting)
    try:
        on = _day("on", request.args)
        preview = _preview(meeting_id, on)
    except Invalid as refused:
        return _move_page(meeting, errors=refused.errors), 422
    return _move_page(meeting, on=on, preview=preview)


@blueprint.post("/<meeting_id>/flytta")
@permission(Permission.STAFF)
def move(meeting_id: str) -> str | Response | tuple[str, int]:
    meeting = _changeable(meeting_id)
    on: date | None = None
    try:
        on = _day("on")
        moved = transactions.perform(
            lambda session: meetings.move(
                session,
                engine(),
                meeting_id,
                on,
                reason=request.form.get("reason", ""),
                actor=actor(),
                lock_version=request.form.get("lock_version", type=int),
            )
        )
    except Invalid as refused:
        only_reason = {error.field for error in refused.errors} == {"reason"}
        preview = _preview(meeting_id, on) if on and only_reason else None
        meeting = _changeable(meeting_id)
        return _move_page(meeting, on=on, preview=preview, errors=refused.errors), 422
    flash(_moved(on, len(moved)), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@blueprint.post("/<meeting_id>/stall-in")
@permission(Permission.STAFF)
def cancel(meeting_id: str) -> str | Response | tuple[str, int]:
    meeting = _changeable(meeting_id)

    def work(session: Session) -> list[str]:
        return meetings.cancel(
            session,
            engine(),
            meeting_id,
            reason=request.form.get("reason", ""),
            actor=actor(),
            lock_version=request.form.get("lock_version", type=int),
        )

    try:
        numbers = transactions.perform(work)
    except Invalid as refused:
        return _move_page(meeting, errors=refused.errors), 422
    flash(_cancelled(len(numbers)), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


def _preview(meeting_id: str, on: date) -> MovePreview:
    return transactions.perform(
        lambda session: meetings.preview_move(session, engine(), meeting_id, on, actor=actor())
    )


def _moved(on: date, number: int) -> str:
    said = _("Sammanträdet är flyttat till %(day)s.", day=dates.day(on))
    if not number:
        return said
    also = ngettext("%(num)s frist flyttades med.", "%(num)s frister flyttades med.", number)
    return f"{said} {also}"


def _cancelled(number: int) -> str:
    said = _("Sammanträdet är inställt.")
    if not number:
        return said
    return f"{said} " + ngettext(
        "%(num)s ärende går till nästa.", "%(num)s ärenden går till nästa.", number
    )


def _changeable(meeting_id: str) -> Meeting:
    meeting = meetings.get(transactions.reading(), meeting_id)
    rights.require(reader(), meeting.organ_code)
    return meeting


def _new_page(shown: Any, errors: list[FieldError] | None = None) -> str:
    organs = organisation.organs(transactions.reading(), today())
    return render_template(
        "meetings/new.html",
        title=_("Nytt sammanträde"),
        crumbs=[(_("Sammanträden"), url_for("meetings.index")), (_("Nytt sammanträde"), "")],
        shown=shown,
        errors=errors,
        said={error.field: error.message for error in errors or ()},
        organs=[
            (each.code, each.name) for each in organs if rights.may_change(reader(), each.code)
        ],
    )


def _move_page(
    meeting: Meeting,
    *,
    on: date | None = None,
    preview: MovePreview | None = None,
    errors: list[FieldError] | None = None,
) -> str:
    session = transactions.reading()
    organ = organisation.get_organ(session, meeting.organ_code, on=meeting.on)
    return render_template(
        "meetings/move.html",
        title=_("Flytta eller ställ in %(day)s", day=dates.day(meeting.on)),
        crumbs=[
            (_("Sammanträden"), url_for("meetings.index")),
            (
                f"{organ.name} {dates.day(meeting.on)}",
                url_for("meetings.show", meeting_id=meeting.id),
            ),
            (_("Flytta"), ""),
        ],
        meeting=meeting,
        organ=organ,
        on=on,
        preview=preview,
        visible=rights.visible_cases(session, reader(), preview.case_numbers) if preview else {},
        errors=errors,
        said={error.field: error.message for error in errors or ()},
    )


def _day(name: str, sent: Any = None) -> date:
    try:
        return date.fromisoformat((request.form if sent is None else sent).get(name, ""))
    except ValueError as error:
        raise Invalid.field(name, _("Välj en dag.")) from error


def _day_if_any(name: str) -> date | None:
    return _day(name) if request.form.get(name) else None
