"""The inbox shows what is mine and what I can take, soonest first, however much there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import inbox
from engine.clock import SettableClock
from engine.database import Database
from engine.errors import Invalid
from engine.tables import NO_DEADLINE, Instance, ProcessVersion, Task
from tests.engine.case import Cases


@pytest.fixture
def instance_id(database: Database, clock: SettableClock) -> str:
    """Something for tasks to hang on; the inbox asks no more than which case it is of."""
    now = clock.now()
    with database.writing() as session:
        session.add(
            ProcessVersion(
                id="v", key="p", version=1, name="p", deployment_id="d", files={}, file_name="",
                sha256="", deployed_at=now, deployed_by="anna",
            )
        )  # fmt: skip
        session.flush()
        for found, business_key in (("i", None), ("of_case", "RS/1/2026")):
            session.add(
                Instance(
                    id=found, process_version_id="v", process_key="p", state=b"", started_at=now,
                    started_by="anna", business_key=business_key,
                )
            )  # fmt: skip
    return "i"


def add(database: Database, now: datetime, *rows: dict[str, Any]) -> None:
    common = {
        "instance_id": "i", "spiff_id": "s", "process_key": "p", "element": "ett", "name": "Ett",
        "business_key": None, "role": "Handläggare", "candidate": "x", "candidate_label": "X",
        "assignee": None, "claimed_at": None, "due_at": NO_DEADLINE,
        "status": "open", "created_at": now, "created_by": "anna",
    }  # fmt: skip
    with database.writing() as session:
        session.execute(sa.insert(Task), [{**common, **row} for row in rows])


@pytest.fixture
def filled(database: Database, clock: SettableClock, instance_id: str) -> datetime:
    now = clock.now()

    def day(number: int) -> datetime:
        return now + timedelta(days=number)

    add(
        database, now,
        {"id": "sen", "candidate": "chef@RS", "due_at": day(-2)},
        {"id": "min", "candidate": "chef@RS", "assignee": "anna", "claimed_at": now,
         "due_at": day(1)},
        {"id": "bos", "candidate": "chef@RS", "assignee": "bo", "claimed_at": now,
         "due_at": day(2)},
        {
            "id": "snart", "candidate": "registrator@RS", "due_at": day(3),
            "business_key": "RS/1/2026", "instance_id": "of_case",
        },
        {"id": "klar", "candidate": "chef@RS", "due_at": day(-9), "status": "completed"},
        {"id": "annans", "candidate": "chef@RF", "due_at": day(0)},
        {"id": "utan", "candidate": "registrator@RS", "process_key": "q", "role": "Registrator"},
    )  # fmt: skip
    return now


def ids(page: Any) -> list[str]:
    return [task.id for task in page.items]


def test_mine_and_what_my_roles_can_take_soonest_first(cases: Cases, filled: datetime) -> None:
    def work(session: Any) -> Any:
        roles = ["chef@RS", "registrator@RS"]
        return inbox.page(session, assignees=["anna"], candidates=roles)

    assert ids(cases.read(work)) == ["sen", "min", "snart", "utan"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"process": "q"}, ["utan"]),
        ({"role": "Registrator"}, ["utan"]),
        ({"business_key": "RS/1/2026"}, ["snart"]),
        ({"limit": 2}, ["sen", "min"]),
    ],
)
def test_the_inbox_can_be_narrowed(
    cases: Cases, filled: datetime, asked: dict[str, Any], found: list[str]
) -> None:
    roles = ["chef@RS", "registrator@RS"]
    page = cases.read(lambda s: inbox.page(s, assignees=["anna"], candidates=roles, **asked))
    assert ids(page) == found


def test_only_the_late_ones(cases: Cases, filled: datetime) -> None:
    roles = ["chef@RS", "registrator@RS"]
    late = cases.read(
        lambda s: inbox.page(s, assignees=["anna"], candidates=roles, overdue_before=filled)
    )
    soon = filled + timedelta(days=2)
    due = cases.read(lambda s: inbox.page(s, assignees=["anna"], candidates=roles, due_before=soon))
    assert (ids(late), ids(due)) == (["sen"], ["sen", "min"])


def test_what_colleagues_took_lately_says_who(cases: Cases, filled: datetime) -> None:
    def work(session: Any) -> list[tuple[str, str | None]]:
        found = inbox.claimed(session, candidates=["chef@RS"], since=filled, not_by=["anna"])
        return [(task.id, task.assignee) for task in found]

    assert cases.read(work) == [("bos", "bo")]


def test_counts(cases: Cases, filled: datetime) -> None:
    roles = ["chef@RS", "registrator@RS"]
    found = cases.read(lambda s: inbox.counts(s, assignees=["anna"], candidates=roles, now=filled))
    assert found == inbox.InboxCounts(mine=1, mine_overdue=0, to_take=3, to_take_overdue=1)
    nothing = cases.read(lambda s: inbox.counts(s, assignees=[], candidates=[], now=filled))
    assert nothing == inbox.InboxCounts(mine=0, mine_overdue=0, to_take=0, to_take_overdue=0)


def test_pages_follow_each_other_without_gaps_though_tasks_come_and_go(
    cases: Cases, database: Database, clock: SettableClock, instance_id: str
) -> None:
    now = clock.now()
    add(database, now, *({"id": f"t{number:03}", "due_at": now} for number in range(25)))
    seen, cursor = [], None
    while True:
        page = cases.read(
            lambda s, c=cursor: inbox.page(s, assignees=[], candidates=["x"], limit=10, cursor=c)
        )
        seen += ids(page)
        add(database, now, {"id": f"a{len(seen)}", "due_at": now - timedelta(days=1)})
        if page.next is None:
            break
        cursor = page.next
    assert seen == [f"t{number:03}" for number in range(25)]
    with pytest.raises(Invalid):
        cases.read(lambda s: inbox.page(s, assignees=[], candidates=["x"], cursor="påhittad"))


def test_counting_stops_at_a_thousand_and_one(
    cases: Cases, database: Database, clock: SettableClock, instance_id: str
) -> None:
    now = clock.now()
    add(database, now, *({"id": f"t{number}", "due_at": now} for number in range(1500)))
    found = cases.read(lambda s: inbox.counts(s, assignees=[], candidates=["x", "y"], now=now))
    assert found.to_take == inbox.MOST_COUNTED


def test_every_part_of_the_inbox_is_one_range_of_one_index(
    cases: Cases, database: Database, filled: datetime
) -> None:
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    cases.read(lambda s: inbox.page(s, assignees=["anna"], candidates=["chef@RS"]))
    cases.read(lambda s: inbox.claimed(s, candidates=["chef@RS"], since=filled))
    cases.read(lambda s: inbox.counts(s, assignees=["anna"], candidates=["chef@RS"], now=filled))
    sa.event.remove(database.engine, "before_cursor_execute", note)
    steps = [
        step
        for text, parameters in said
        if text.startswith("SELECT")
        for step in plan(database, text, parameters)
    ]
    assert not [step for step in steps if step.startswith(("SCAN task", "Seq Scan on task"))], steps
    used = " ".join(steps)
    for index in ("candidate_open", "assignee_open", "candidate_claimed"):
        assert f"ix_task_{index}" in used


def plan(database: Database, text: str, parameters: Any) -> list[str]:
    """How the database goes about a question; PostgreSQL reads a table of ten rows whole."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text, parameters)
            return [row[3] for row in rows]
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql("EXPLAIN " + text, parameters)
        return [row[0].lstrip(" ->") for row in rows]
