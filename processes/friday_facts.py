"""What the Friday review reads: the fact `fredag`, rows for its forms (A15b, B3b)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from processes import case_list
from processes.cases import Case

WEEK = timedelta(days=7)


def facts(session: Session, now: datetime) -> Mapping[str, Any]:
    """The fact `fredag`: the week's new cases, and those on their way to a decision.

    Secret cases are left out: those who meet on Fridays have no part in them.
    """
    new = case_list.registered_since(session, now - WEEK)
    ahead = case_list.ahead_of_decision(session)
    ahead.sort(key=lambda case: (-len(case.path), case.created_at))
    return {
        "veckans": [{**_row(case), "status": case.status} for case in new],
        "pa_vag": [{**_row(case), "vag": _decided_by(case)} for case in ahead],
    }


def _row(case: Case) -> dict[str, Any]:
    return {"dnr": case.number, "rubrik": case.heading}


def _decided_by(case: Case) -> str:
    return " → ".join(case.path) or (case.decision_form or "")
