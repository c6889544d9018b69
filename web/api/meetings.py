"""The meeting calendar: read, add, move, cancel."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import Invalid
from processes import meetings
from processes.meetings import Meeting, MeetingKind, NewMeeting
from web import transactions
from web.api import lists, refusals, schemas, visibility
from web.api.blueprints import Calls, located
from web.current import actor, engine, today
from web.meetings import rights
from web.permissions import Permission, permission
from web.texts import gettext as _

blueprint = Calls("meetings", "/meetings", about="The meeting calendar.")


@blueprint.get("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.MeetingQuery, location="query")
@blueprint.response(200, schemas.paged(schemas.Meeting))
def listing(query: dict[str, Any]) -> Any:
    """One year's meetings, in the order they are held; cancelled ones stand there too."""
    year = query["year"] or today().year
    found = meetings.between(
        transactions.reading(),
        date(year, 1, 1),
        date(year, 12, 31),
        organ_code=query["organ"],
        cancelled=True,
    )
    return lists.page(found, _place, limit=query["limit"], cursor=query["cursor"])


@blueprint.get("/<meeting_id>")
@permission(Permission.STAFF)
@blueprint.response(200, schemas.Meeting)
def show(meeting_id: str) -> Any:
    """One meeting, with the days that hang on it."""
    return _tagged(meetings.get(transactions.reading(), meeting_id))


@blueprint.post("")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.NewMeeting)
@blueprint.response(201, schemas.Meeting)
def create(sent: dict[str, Any]) -> Any:
    """Put a meeting in the calendar; its process starts.

    For the body's secretary, and for administrators.
    """
    new = NewMeeting(
        organ_code=sent["organ"],
        on=sent["on"],
        last_day_on=sent["last_day_on"],
        submission_on=sent["submission_on"],
        place=sent["place"],
        kind=MeetingKind.EXTRA if sent["extra"] else MeetingKind.ORDINARY,
    )
    rights.require(visibility.reader(), new.organ_code)
    with refusals.named(organ_code="organ"):
        made = transactions.perform(
            lambda session: meetings.create(session, engine(), new, actor=actor())
        )
    return located(made, made.id)


@blueprint.patch("/<meeting_id>")
@permission(Permission.STAFF)
@blueprint.arguments(schemas.MeetingChange)
@blueprint.response(200, schemas.Meeting)
def change(sent: dict[str, Any], meeting_id: str) -> Any:
    """Move a meeting, with all that hangs on it, or cancel it: its cases go to the next."""
    rights.require(visibility.reader(), meetings.get(transactions.reading(), meeting_id).organ_code)

    def work(session: Session) -> Meeting:
        if sent["cancelled"]:
            _cancel(session, meeting_id, sent)
        elif sent["on"]:
            _move(session, meeting_id, sent)
        else:
            raise Invalid.field("on", _("Ange den nya dagen, eller att sammanträdet ställs in."))
        return meetings.get(session, meeting_id)

    return _tagged(transactions.perform(work))


def _move(session: Session, meeting_id: str, sent: dict[str, Any]) -> None:
    meetings.move(
        session,
        engine(),
        meeting_id,
        sent["on"],
        last_day_on=sent["last_day_on"],
        submission_on=sent["submission_on"],
        actor=actor(),
        reason=sent["reason"],
        lock_version=sent["lock_version"],
    )


def _cancel(session: Session, meeting_id: str, sent: dict[str, Any]) -> None:
    meetings.cancel(
        session,
        engine(),
        meeting_id,
        actor=actor(),
        reason=sent["reason"],
        lock_version=sent["lock_version"],
    )


def _tagged(meeting: Meeting) -> tuple[Meeting, dict[str, str]]:
    return meeting, {"ETag": f'"{meeting.lock_version}"'}


def _place(meeting: Meeting) -> lists.Place:
    return meeting.on.isoformat(), meeting.organ_code, meeting.id
