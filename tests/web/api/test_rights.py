"""Every call × everybody, against the table below; what is not in it fails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.calling import PREFIX
from tests.web.api.conftest import As

EVERYONE = frozenset({"registrator_rs", "processagare", "administrator"})
MENDERS = frozenset({"administrator"})
OWNERS = frozenset({"processagare"})
BOTH = MENDERS | OWNERS
# The view's operation id: who may call it at all. What they may see and do with this very case,
# task or meeting is for the tests of each.
TABLE: dict[str, frozenset[str]] = {
    "processes_deploy": OWNERS,
    "processes_processes": EVERYONE,
    "processes_versions": EVERYONE,
    "processes_bpmn": EVERYONE,
    "instances_start": BOTH,
    "instances_listing": EVERYONE,
    "instances_show": EVERYONE,
    "instances_events": EVERYONE,
    "instances_cancel": MENDERS,
    "instances_retry": MENDERS,
    "tasks_listing": EVERYONE,
    "tasks_show": EVERYONE,
    "tasks_claim": EVERYONE,
    "tasks_release": EVERYONE,
    "tasks_delegate": EVERYONE,
    "tasks_draft": EVERYONE,
    "tasks_complete": EVERYONE,
    "messages_send": BOTH,
    "timers_listing": MENDERS,
    "incidents_listing": MENDERS,
    "incidents_retry": MENDERS,
    "cases_register": EVERYONE,
    "cases_listing": EVERYONE,
    "cases_show": EVERYONE,
    "cases_records_of": EVERYONE,
    "cases_add_record": EVERYONE,
    "meetings_listing": EVERYONE,
    "meetings_show": EVERYONE,
    "meetings_create": EVERYONE,
    "meetings_change": EVERYONE,
}


@pytest.mark.parametrize("username", ["", *sorted(EVERYONE)])
def test_each_call_answers_those_and_no_others(still_as: As, username: str) -> None:
    caller = still_as(username)
    for path, calls in caller.document["paths"].items():
        for method, operation in calls.items():
            if method == "parameters":
                continue
            status = _status(caller, method, path)
            where = f"{method} {path} as {username or 'nobody'}: {status}"
            if not username:
                assert status == 401, where
            elif username in TABLE[operation["operationId"]]:
                # What is asked for is not there, or nothing was sent.
                assert status in (200, 404, 409, 422), where
            else:
                assert status == 403, where


def _status(caller: Any, method: str, path: str) -> int:
    address = path.removeprefix(PREFIX)
    for part in ("{instance_id}", "{task_id}", "{incident_id}", "{meeting_id}", "{key}"):
        address = address.replace(part, "finns-inte")
    address = address.replace("{number}", "1" if "versions" in address else "RS/9/2026")
    more = {} if method == "get" else {"json": {}}
    found: int = caller.call(method.upper(), address, **more).status_code
    return found
