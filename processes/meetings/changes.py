"""Putting meetings in the calendar, moving and cancelling them, and what that brings about."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy.orm import Session

from engine import deployments, history, instances, messages
from engine.engine import Engine
from engine.errors import Invalid, NotFound, Stale
from engine.host import Actor
from engine.spiff import Moved
from engine.tables import new_id
from engine.texts import gettext as _
from processes import agenda, organisation
from processes.meetings import calendar, timeline
from processes.meetings.checks import faults
from processes.meetings.tables import Meeting, MeetingKind, MeetingStatus, NewMeeting
from processes.organisation import Organ
from processes.swedish_calendar import LOCAL, at_local_time, local_date, working_day_or_before

PROCESS = "sammantrade"


def create(session: Session, engine: Engine, new: NewMeeting, *, actor: Actor) -> Meeting:
    """A row in the calendar; its process starts with it, when it is not over already."""
    if errors := faults(session, new):
        raise Invalid(errors)
    organ = organisation.get_organ(session, new.organ_code, on=new.on)
    meeting = Meeting(
        id=new_id(),
        organ_code=new.organ_code,
        place=new.place.strip() or organ.place,
        kind=new.kind,
        status=MeetingStatus.PLANNED,
        lock_version=1,
    )
    _place(meeting, organ, new, new.meets_at or time.fromisoformat(organ.meets_at))
    session.add(meeting)
    session.flush()
    log(session, engine, "meeting_created", meeting, actor, on=meeting.on.isoformat())
    if meeting.last_day_on >= local_date(engine.clock.now()):
        _start(session, engine, meeting, actor)
    return meeting


def start_missing(session: Session, engine: Engine, *, actor: Actor) -> list[Meeting]:
    """Start the process of those ahead that lack one: the calendar may be older than it."""
    today = local_date(engine.clock.now())
    waiting = calendar.without_instance(session, on_or_after=today)
    for meeting in waiting:
        _start(session, engine, meeting, actor)
    return [meeting for meeting in waiting if meeting.instance_id is not None]


def move(
    session: Session,
    engine: Engine,
    meeting_id: str,
    on: date,
    *,
    actor: Actor,
    reason: str,
    last_day_on: date | None = None,
    submission_on: date | None = None,
    lock_version: int | None = None,
) -> list[Moved]:
    """Another day; every timer and task that hangs on it, in meeting and cases, moves along.

    A published submission day keeps its distance to the meeting, unless a new one is given.
    """
    meeting = _open(session, meeting_id, lock_version)
    reason = _said(reason, _("Ange varför sammanträdet flyttas."))
    if on < local_date(engine.clock.now()):
        raise Invalid.field("on", _("Välj en dag som inte har varit."))
    organ = organisation.get_organ(session, meeting.organ_code, on=on)
    wanted = NewMeeting(
        organ_code=meeting.organ_code,
        on=on,
        last_day_on=last_day_on or on + (meeting.last_day_on - meeting.on),
        kind=MeetingKind(meeting.kind),
        submission_on=submission_on or _kept_submission(meeting, organ, on),
    )
    if errors := faults(session, wanted, meeting_id=meeting.id):
        raise Invalid(errors)
    was = meeting.on
    _place(meeting, organ, wanted, meeting.starts_at.astimezone(LOCAL).time())
    _save(session, meeting)
    change = {"before": was.isoformat(), "after": on.isoformat(), "reason": reason}
    log(session, engine, "meeting_moved", meeting, actor, **change)
    return reschedule(session, engine, meeting, actor=actor, reason=reason)


def cancel(
    session: Session,
    engine: Engine,
    meeting_id: str,
    *,
    actor: Actor,
    reason: str,
    lock_version: int | None = None,
) -> list[str]:
    """Call it off: its process ends, and each of its cases, returned, books another meeting."""
    meeting = _open(session, meeting_id, lock_version)
    reason = _said(reason, _("Ange varför sammanträdet ställs in."))
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancelled_reason = reason
    _save(session, meeting)
    log(session, engine, "meeting_cancelled", meeting, actor, reason=reason)
    if meeting.instance_id is not None:
        instances.cancel(session, engine, meeting.instance_id, reason=reason, actor=actor)
    numbers = agenda.case_numbers(session, meeting_id)
    for number in numbers:
        key, payload = [number, meeting_id], {"dnr": number, "mote_id": meeting_id}
        messages.send(session, engine, "mote_installt", key, payload, actor=actor)
    return numbers


def set_place(
    session: Session,
    engine: Engine,
    meeting_id: str,
    *,
    meets_at: time,
    place: str,
    actor: Actor,
    lock_version: int | None = None,
) -> Meeting:
    """Another time of the day or another room: nothing hangs on those."""
    meeting = _open(session, meeting_id, lock_version)
    meeting.starts_at, meeting.place = at_local_time(meeting.on, meets_at), place.strip()
    _save(session, meeting)
    log(session, engine, "meeting_place_changed", meeting, actor, place=meeting.place)
    return meeting


def set_submission(
    session: Session,
    engine: Engine,
    meeting_id: str,
    on: date,
    *,
    actor: Actor,
    reason: str,
    lock_version: int | None = None,
) -> list[Moved]:
    """Another last day to hand in, the meeting staying where it is."""
    meeting = _open(session, meeting_id, lock_version)
    reason = _said(reason, _("Ange varför inlämningsdagen ändras."))
    if on > meeting.on:
        message = _("Sista inlämningsdag ska vara före sammanträdet.")
        raise Invalid.field("submission_on", message)
    change = {"before": meeting.submission_on.isoformat(), "after": on.isoformat()}
    meeting.submission_on = on
    _save(session, meeting)
    log(session, engine, "meeting_submission_changed", meeting, actor, **change, reason=reason)
    return reschedule(session, engine, meeting, actor=actor, reason=reason)


def reschedule(
    session: Session, engine: Engine, meeting: Meeting, *, actor: Actor, reason: str
) -> list[Moved]:
    """Reckon anew what hangs on the meeting's dates, in its cases too."""
    keys = [meeting.business_key, *agenda.case_numbers(session, meeting.id)]
    return instances.reschedule(session, engine, keys, actor=actor, reason=reason)


def _open(session: Session, meeting_id: str, lock_version: int | None) -> Meeting:
    meeting = calendar.get(session, meeting_id)
    session.refresh(meeting, with_for_update=True)  # two with the same page come one by one
    if lock_version not in (None, meeting.lock_version):
        raise Stale
    if meeting.status != MeetingStatus.PLANNED:
        raise Stale(_("Sammanträdet är redan hållet eller inställt. Inget har ändrats."))
    return meeting


def _place(meeting: Meeting, organ: Organ, new: NewMeeting, meets_at: time) -> None:
    """Put it on its day, with the days before it reckoned from there."""
    before = timeline.days_before(organ, new.on)
    meeting.on, meeting.last_day_on = new.on, new.last_day_on or new.on
    meeting.starts_at = at_local_time(new.on, meets_at)
    meeting.submission_on = new.submission_on or before.submission_on
    meeting.review_on, meeting.presidium_on = before.review_on, before.presidium_on
    meeting.notice_on = before.notice_on


def _kept_submission(meeting: Meeting, organ: Organ, on: date) -> date | None:
    """None when the day was reckoned: then it is reckoned anew."""
    if meeting.submission_on == timeline.days_before(organ, meeting.on).submission_on:
        return None
    return working_day_or_before(on - (meeting.on - meeting.submission_on))


def _start(session: Session, engine: Engine, meeting: Meeting, actor: Actor) -> None:
    """Before the process is deployed the calendar stands alone; `start_missing` comes later."""
    if not meeting.decides or not _is_deployed(session):
        return
    instance = instances.start(
        session,
        engine,
        PROCESS,
        business_key=meeting.business_key,
        data={"mote_id": meeting.id},
        actor=actor,
    )
    meeting.instance_id = instance.id
    session.flush()


def _is_deployed(session: Session) -> bool:
    try:
        deployments.current(session, PROCESS)
    except NotFound:
        return False
    return True


def _said(reason: str, question: str) -> str:
    if not reason.strip():
        raise Invalid.field("reason", question)
    return reason.strip()


def _save(session: Session, meeting: Meeting) -> None:
    meeting.lock_version += 1
    session.flush()


def log(
    session: Session, engine: Engine, kind: str, meeting: Meeting, actor: Actor, **detail: str
) -> None:
    history.append(
        session,
        engine,
        kind=kind,
        actor=actor,
        business_key=meeting.business_key,
        name=f"{meeting.organ_code} {meeting.on.isoformat()}",
        detail=detail,
    )
