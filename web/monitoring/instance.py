"""One instance: what it waits for, the button, the diagram, the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engine import deployments, history, instances
from engine.errors import FieldError, NotFound
from engine.instances import InstanceView
from engine.spiff import SpecSet
from engine.tables import NO_DEADLINE, InstanceStatus
from processes import cases, meetings
from web import dates, pictures, transactions
from web.current import engine
from web.monitoring import answers, blueprint, headings, log_words, views
from web.permissions import Permission, permission
from web.reader import may_read_answers
from web.subjects import case_address, meeting_address
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Waited:
    """A timer's instant, or a message and whom it is about."""

    step: str
    what: str
    until: datetime | None = None


@blueprint.get("/floden/<instance_id>")
@permission(Permission.ADMINISTRATOR)
def show(instance_id: str) -> str:
    require_visible(transactions.reading(), instance_id)
    return page(instance_id)


def page(instance_id: str, errors: list[FieldError] | None = None) -> str:
    session = transactions.reading()
    found = instances.view(session, engine(), instance_id)
    instance = found.instance
    version = deployments.get(session, instance.process_version_id)
    specs = engine().specs_of(session, version.id)
    heading = headings.of(session, instance)
    log = history.of_instance(
        session, instance_id, cursor=request.args.get("fran") or None, latest_first=True
    )
    return render_template(
        "monitoring/instance.html",
        title=heading,
        crumbs=[
            (_("Drift"), url_for("monitoring.index")),
            (_("Flöden"), url_for("monitoring.listing")),
            (heading, ""),
        ],
        found=found,
        instance=instance,
        version=version,
        status=views.STATUS_WORDS[InstanceStatus(instance.status)](),
        subject=_subject(session, instance.business_key),
        parent=_parent(session, instance.parent_id),
        pictures=pictures.of_instance(session, instance, visited=True),
        waits=_waits(session, found, specs),
        answers=answers.of(session, version, specs, found.data)
        if may_read_answers(session, instance)
        else [],
        log=log_words.rows(log.items),
        next_address=_log_address(instance_id, log.next) if log.next else "",
        first_address=_log_address(instance_id, None) if request.args.get("fran") else "",
        errors=errors,
    )


def require_visible(session: Session, instance_id: str) -> None:
    """A secret case's flow is not there for those outside it, administrators too."""
    if headings.is_hidden(session, instance_id):
        raise NotFound(_("Flödet finns inte."))


def _subject(session: Session, key: str | None) -> tuple[str, str] | None:
    """The page of what the flow is about, and what the way there is called."""
    if meeting := meetings.of_business_key(session, key):
        return _("Öppna sammanträdet"), meeting_address(meeting.id)
    if key and cases.headings(session, [key]):
        return _("Öppna ärendekortet"), case_address(key)
    return None


def _parent(session: Session, parent_id: str | None) -> tuple[str, str] | None:
    if parent_id is None or headings.is_hidden(session, parent_id):
        return None
    heading = headings.of(session, instances.get(session, parent_id))
    return heading, url_for("monitoring.show", instance_id=parent_id)


def _waits(session: Session, found: InstanceView, specs: SpecSet) -> list[Waited]:
    names = {info.id: info.name or info.id for info in specs.elements.values()}
    timers = [
        Waited(step=names.get(timer.element or "", ""), what=_("frist"), until=timer.due_at)
        for timer in found.timers
        if timer.due_at < NO_DEADLINE  # of what has no day yet
    ]
    messages = [
        Waited(
            step=names.get(wait.element, wait.element),
            what=_("meddelandet %(name)s för %(who)s", name=wait.name, who=_who(session, wait.key)),
        )
        for wait in found.waits
    ]
    return timers + messages


def _who(session: Session, key: str) -> str:
    """A message's key: cases by number, meetings by body and day."""
    parts = []
    for part in json.loads(key):
        meeting = meetings.find(session, str(part))
        parts.append(f"{meeting.organ_code} {dates.day(meeting.on)}" if meeting else str(part))
    return ", ".join(parts)


def _log_address(instance_id: str, cursor: str | None) -> str:
    return url_for("monitoring.show", instance_id=instance_id, fran=cursor) + "#logg"
