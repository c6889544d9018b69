"""The meeting calendar: read, add, move, cancel."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from engine.errors import Invalid
from processes import meetings
from processes.meetings import Meeting, MeetingKind, NewMeeting
from web import transactions
from web.api import schemas
from web.current import actor, engine, today
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Blueprint("api_meetings", __name__, url_prefix="/api/v1/meetings")


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.MeetingQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.MeetingOut))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """One year's meetings, this year's if none is given."""
    year = query["year"] or today().year
    found = meetings.between(
        transactions.reading(),
        date(year, 1, 1),
        date(year, 12, 31),
        organ_code=query["organ"],
        cancelled=True,
    )
    return {"items": found, "next": None}


@blueprint.post("")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.MeetingIn)
@blueprint.response(201, schemas.MeetingOut)
def create(sent: dict[str, Any]) -> Meeting:
    new = NewMeeting(
        organ_code=sent["organ"],
        on=sent["on"],
        last_day_on=sent["last_day_on"],
        submission_on=sent["submission_on"],
        place=sent["place"],
        kind=MeetingKind.EXTRA if sent["extra"] else MeetingKind.ORDINARY,
    )
    return transactions.perform(
        lambda session: meetings.create(session, engine(), new, actor=actor())
    )


@blueprint.patch("/<meeting_id>")
@permission(Permission.ADMINISTRATOR)
@blueprint.arguments(schemas.MeetingChange)
@blueprint.response(200, schemas.MeetingOut)
def change(sent: dict[str, Any], meeting_id: str) -> Meeting:
    """Move it, with all that hangs on it, or cancel it: its cases go to the next."""

    def work(session: Session) -> Meeting:
        said = {"actor": actor(), "reason": sent["reason"], "lock_version": sent["lock_version"]}
        if sent["cancelled"]:
            meetings.cancel(session, engine(), meeting_id, **said)
        elif sent["on"]:
            meetings.move(session, engine(), meeting_id, sent["on"], **said)
        else:
            raise Invalid.field("on", _("Ange den nya dagen, eller att sammanträdet ställs in."))
        return meetings.get(session, meeting_id)

    return transactions.perform(work)
