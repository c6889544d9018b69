"""The first page of operations, one cause, and the list of everything that runs or has run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engine import deployments, instances, statistics
from engine.tables import InstanceStatus
from processes import access
from processes.swedish_calendar import LOCAL, deadline_day, working_days_between
from web import transactions
from web.current import now, today
from web.monitoring import blueprint, causes, headings
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _
from web.texts import ngettext

open_causes = causes.count
WEEKS = 12
STATUS_WORDS: dict[InstanceStatus, Callable[[], str]] = {
    InstanceStatus.ACTIVE: lambda: _("Pågår"),
    InstanceStatus.COMPLETED: lambda: _("Klart"),
    InstanceStatus.CANCELLED: lambda: _("Avbrutet"),
    InstanceStatus.SUSPENDED: lambda: _("Pausat"),
    InstanceStatus.FAILED: lambda: _("Stannat"),
}


@blueprint.get("/")
@permission(Permission.ADMINISTRATOR)
def index() -> str:
    session = transactions.reading()
    statuses = statistics.instances_by_status(session)
    return render_template(
        "monitoring/index.html",
        title=_("Drift"),
        at=now(),
        causes=causes.rows(session),
        unmanned=causes.unmanned(session),
        stopped=statistics.instances_with_incidents(session),
        loads=[
            (load, _late(load.oldest_due_at)) for load in statistics.load_by_role(session, now())
        ],
        active=statuses.get(InstanceStatus.ACTIVE, 0),
        completed=statuses.get(InstanceStatus.COMPLETED, 0),
        open_tasks=statistics.open_tasks(session),
        timers=statistics.timers_before(session, now() + timedelta(days=1)),
        weeks=_weeks(session),
    )


@blueprint.get("/orsak/<key>")
@permission(Permission.ADMINISTRATOR)
def cause(key: str) -> str:
    """Everything that one cause stops."""
    session = transactions.reading()
    found = causes.get(session, key)
    heading = causes.heading_of(session, found)
    return render_template(
        "monitoring/cause.html",
        title=heading,
        crumbs=[(_("Drift"), url_for("monitoring.index")), (heading, "")],
        cause=found,
        stopped=causes.stopped(session, found),
    )


@blueprint.get("/floden")
@permission(Permission.ADMINISTRATOR)
def listing() -> str:
    session = transactions.reading()
    chosen = request.args.get("status") or None
    process = request.args.get("process") or None
    faulty = bool(request.args.get("fel"))
    page = instances.find(
        session,
        process=process,
        status=chosen,
        business_key=request.args.get("arende", "").strip() or None,
        incident=True if faulty else None,
        hidden=access.hidden_numbers(reader()),
        cursor=request.args.get("fran") or None,
    )
    return render_template(
        "monitoring/listing.html",
        title=_("Flöden"),
        crumbs=[(_("Drift"), url_for("monitoring.index")), (_("Flöden"), "")],
        items=page.items,
        headings=headings.of_instances(session, page.items),
        next_address=_with(fran=page.next) if page.next else "",
        first_address=_with(fran=None) if request.args.get("fran") else "",
        filters=_filters(session, chosen, faulty=faulty),
        chosen=chosen,
        faulty=faulty,
        process=process,
        status_words={status: words() for status, words in STATUS_WORDS.items()},
        processes=deployments.all_current(session),
    )


def _filters(session: Session, chosen: str | None, *, faulty: bool) -> list[dict[str, Any]]:
    """Links with counts: all, those with faults, and each status that there is."""
    counts = statistics.instances_by_status(session)
    stuck = statistics.instances_with_incidents(session)
    found: list[dict[str, Any]] = [
        {
            "words": _("Alla"),
            "count": sum(counts.values()),
            "address": _with(status=None, fel=None, fran=None),
            "chosen": not chosen and not faulty,
        },
        {
            "words": _("Står stilla"),
            "count": stuck,
            "address": _with(status=None, fel="1", fran=None),
            "chosen": faulty,
        },
    ]
    return found + [
        {
            "words": words(),
            "count": counts.get(status, 0),
            "address": _with(status=status, fel=None, fran=None),
            "chosen": chosen == status,
        }
        for status, words in STATUS_WORDS.items()
        if counts.get(status)
    ]


def _late(due_at: datetime | None) -> str:
    """9 arbetsdagar"""
    if due_at is None:
        return "–"
    days = working_days_between(deadline_day(due_at), today())
    return ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", days)


def _weeks(session: Session) -> list[dict[str, object]]:
    monday = today() - timedelta(days=today().weekday())
    first = datetime.combine(monday, time(), LOCAL) - (WEEKS - 1) * statistics.WEEK
    counted = statistics.completed_per_week(session, first_week=first, weeks=WEEKS)
    most = max((count for _start, count in counted), default=0) or 1
    return [
        {
            "number": start.astimezone(LOCAL).isocalendar().week,
            "count": count,
            "height": round(100 * count / most),
        }
        for start, count in counted
    ]


def _with(**changes: str | None) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("monitoring.listing", **{key: each for key, each in values.items() if each})
