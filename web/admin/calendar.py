"""The meeting calendar, brought in from a file; a single meeting is changed on its own page."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug import Response

from engine.errors import Invalid
from processes import meeting_file, meetings
from web import transactions
from web.admin import blueprint
from web.current import actor, engine, today
from web.form_widgets import by_field
from web.permissions import Permission, permission
from web.texts import gettext as _

AHEAD = timedelta(days=365)


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
        made = transactions.perform(
            lambda session: meeting_file.load(session, engine(), text, actor=actor())
        )
    except Invalid as refused:
        return _page(refused=refused), 422
    flash(_("Kalendern är inläst: %(count)d nya sammanträden.", count=made.created), "success")
    return redirect(url_for("admin.calendar"))


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
        **by_field(refused, anchor="file"),
    )
