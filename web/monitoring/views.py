"""The first page of operations, and the list of everything that runs or has run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engine import deployments, instances, statistics
from engine.tables import InstanceStatus
from processes import organisation
from processes.swedish_calendar import LOCAL
from web import transactions
from web.current import now, today
from web.monitoring import blueprint, headings
from web.permissions import Permission, permission
from web.texts import gettext as _

WEEKS = 12
STATUS_WORDS: dict[InstanceStatus, Callable[[], str]] = {
    InstanceStatus.ACTIVE: lambda: _("Pågår"),
    InstanceStatus.COMPLETED: lambda: _("Klara"),
    InstanceStatus.CANCELLED: lambda: _("Avbrutna"),
    InstanceStatus.SUSPENDED: lambda: _("Pausade"),
    InstanceStatus.FAILED: lambda: _("Fel"),
}


@blueprint.get("/")
@permission(Permission.ADMINISTRATOR)
def index() -> str:
    session = transactions.reading()
    causes = statistics.causes(session)
    unmanned = _unmanned(session)
    return render_template(
        "monitoring/index.html",
        title=_("Drift"),
        causes=causes,
        unmanned=unmanned,
        stopped=len({each for cause in causes for each in cause.instance_ids}),
        loads=statistics.load_by_role(session, now()),
        statuses=[
            (status, words(), statistics.instances_by_status(session).get(status, 0))
            for status, words in STATUS_WORDS.items()
        ],
        open_tasks=statistics.open_tasks(session),
        timers=statistics.timers_before(session, now() + timedelta(days=1)),
        weeks=_weeks(session),
        single=headings.of_instances(
            session, [cause.instance_ids[0] for cause in causes if cause.count == 1]
        ),
    )


@blueprint.get("/floden")
@permission(Permission.ADMINISTRATOR)
def listing() -> str:
    session = transactions.reading()
    chosen = request.args.get("status") or None
    process = request.args.get("process") or None
    page = instances.find(
        session,
        process=process,
        status=chosen,
        business_key=request.args.get("arende") or None,
        incident=True if request.args.get("fel") else None,
        cursor=request.args.get("fran") or None,
    )
    return render_template(
        "monitoring/listing.html",
        title=_("Flöden"),
        crumbs=[(_("Drift"), url_for("monitoring.index")), (_("Flöden"), "")],
        items=page.items,
        headings=headings.of_instances(session, [item.id for item in page.items]),
        next_address=_with(fran=page.next) if page.next else "",
        first_address=_with(fran=None) if request.args.get("fran") else "",
        chosen=chosen,
        process=process,
        status_words={status: words() for status, words in STATUS_WORDS.items()},
        counts=statistics.instances_by_status(session),
        processes=deployments.all_current(session),
    )


def open_causes() -> int:
    """For the menu: how many causes wait for an administrator."""
    return len(statistics.causes(transactions.reading()))


def _unmanned(session: Session) -> list[tuple[str, int, datetime]]:
    """Roles with waiting tasks that nobody holds: the work is stuck though nothing failed."""
    waiting = statistics.candidates_waiting(session)
    return [
        (label, count, since)
        for candidate, (label, count, since) in waiting.items()
        if not organisation.has_holder(session, candidate, today())
    ]


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
