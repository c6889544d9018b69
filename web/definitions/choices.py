"""What the editor's panel lets one choose among: roles, forms, operations and the like."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine import deployments
from processes.deadline_language import DeadlineError, due, parse
from processes.host import RegionHost
from processes.swedish_calendar import LOCAL


def lists(session: Session, host: RegionHost) -> dict[str, list[dict[str, str]]]:
    """Each a list of {value, label}, sorted as people read them."""
    current = deployments.all_current(session)
    return {
        "roles": _plain(host.roles(session)),
        "operations": _labelled(
            {name: operation.label for name, operation in host.operations().items()}
        ),
        "forms": _labelled(deployments.form_titles(session)),
        "processes": _labelled({version.key: version.name for version in current}),
        "decisions": _labelled(deployments.decision_names(session)),
        "messages": _plain(deployments.message_names(session)),
    }


def example_of(text: str, start: datetime) -> date | None:
    """The last day of the deadline if it began at `start`; None when it hangs on another date."""
    try:
        ends = due(parse(text), {}, start)
    except DeadlineError:
        return None
    if ends.year > start.year + 100:
        return None
    return (ends.astimezone(LOCAL) - timedelta(microseconds=1)).date()


def _plain(values: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": value} for value in sorted(values)]


def _labelled(labels: dict[str, str]) -> list[dict[str, str]]:
    pairs = sorted(labels.items(), key=lambda pair: pair[1].casefold())
    return [{"value": value, "label": label} for value, label in pairs]
