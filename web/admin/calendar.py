"""The meeting calendar, brought in from a file; a single meeting is changed on its own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid
from processes import meeting_file, meetings
from processes.meeting_file import ImportedMeetings
from web import transactions
from web.admin import blueprint
from web.current import actor, engine, today
from web.form_widgets import by_field
from web.permissions import Permission, permission
from web.texts import gettext as _

AHEAD = timedelta(days=365)
# What each column of the file holds, in the words of those who fill it in.
COLUMNS: dict[str, Callable[[], str]] = {
    "organ": lambda: _("Organets kod, till exempel RS."),
    "datum": lambda: _("Dagen, skriven som 2026-02-25."),
    "sista_dag": lambda: _("Om sammanträdet är flera dagar. Annars samma dag."),
    "sista_inlamningsdag": lambda: _("När underlagen ska vara inne. Annars räknas den bakåt."),
    "klockslag": lambda: _("När det börjar, skrivet som 09:00. Annars organets vanliga tid."),
    "plats": lambda: _("Var det hålls."),
    "slag": lambda: _("%(kinds)s. Annars ordinarie.", kinds=", ".join(meeting_file.KINDS)),
}


@blueprint.get("/kalender")
@permission(Permission.ADMINISTRATOR)
def calendar() -> str:
    return _page()


@blueprint.post("/kalender")
@permission(Permission.ADMINISTRATOR)
def import_calendar() -> Response | tuple[str, int]:
    sent = request.files.get("file")
    try:
        text = _text(sent.read() if sent else b"")
        done = transactions.perform(lambda session: _load(session, text))
    except Invalid as refused:
        return _page(refused=refused), 422
    flash(
        _(
            "Kalendern är inläst: %(created)d nya sammanträden, %(changed)d ändrade, "
            "%(unchanged)d fanns redan.",
            created=done.created,
            changed=done.changed,
            unchanged=done.unchanged,
        ),
        "success",
    )
    return redirect(url_for("admin.calendar"))


@blueprint.get("/kalender/exempel.csv")
@permission(Permission.ADMINISTRATOR)
def calendar_example() -> Response:
    text = meeting_file.example(transactions.reading(), today())
    # The mark in front makes a spreadsheet read å, ä and ö as they are.
    answer = Response(text.encode("utf-8-sig"), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="sammantraden.csv")
    return answer


def _load(session: Session, text: str) -> ImportedMeetings:
    done = meeting_file.load(session, engine(), text, actor=actor())
    if not (done.created or done.changed or done.unchanged):
        raise Invalid.field("file", _("Filen innehåller inga sammanträden."))
    return done


def _text(content: bytes) -> str:
    if not content:
        raise Invalid.field("file", _("Välj en fil."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid.field("file", _("Filen är inte text i UTF-8.")) from error


def _page(*, refused: Invalid | None = None) -> str:
    session = transactions.reading()
    return render_template(
        "admin/calendar.html",
        meetings=meetings.between(session, today(), today() + AHEAD),
        columns=[
            (name, meeting_file.KEYS[name].required, words()) for name, words in COLUMNS.items()
        ],
        **by_field(refused, anchor="file"),
    )
