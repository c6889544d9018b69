"""Eight press the same button at once, each over a connection of their own: one is first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import html

from engine import deployments, tasks
from engine.clock import SettableClock
from engine.database import Database
from engine.host import SYSTEM, Actor
from engine.tables import Incident, TaskStatus
from processes import cases, database_version, demo, installation, meetings, organisation, records
from processes.cases import CaseKind, NewCase
from processes.meetings import MeetingStatus
from processes.product import Product
from processes.records import Direction, NewRecord
from processes.settings import Settings
from tests import databases
from tests.web import small_process
from tests.web.conftest import HEADING
from tests.web.connected import Browser, served
from tests.web.installing import NOW
from tests.web.test_tasks import ANSWERS

pytestmark = pytest.mark.both_databases
EIGHT = 8
TOO_LATE = "Någon annan hann före"
REGISTRAR = Actor(id="registrator_rs")
Click = Callable[[Browser, str], tuple[int, str, str]]


def make_region(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    product = Product(Settings(folder=Path("ingen"), database_url=url), clock=SettableClock(NOW))
    database_version.metadata().create_all(database.engine)
    with database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=NOW)
        demo.create(session, product.engine)
        deployments.deploy(session, product.engine, small_process.files(), actor=SYSTEM)
    product.close()


@pytest.fixture
def product(backend: str, tmp_path: Path) -> Iterator[Product]:
    with databases.database(backend, tmp_path, make_region) as database:
        url = database.url.render_as_string(hide_password=False)
        settings = Settings(folder=tmp_path, database_url=url)
        product = Product(settings, clock=SettableClock(NOW))
        product.read_installation()
        yield product
        with product.database.reading() as session:
            assert list(session.scalars(sa.select(Incident))) == []
        product.close()


@pytest.fixture
def port(product: Product) -> Iterator[int]:
    with served(product) as port:
        yield port


def at_once(port: int, username: str, click: Click) -> list[tuple[int, str, str]]:
    """Everybody has the page open, and then all of them press; the first answer is the winner's."""
    gate = threading.Barrier(EIGHT)
    found: list[tuple[int, str, str]] = []

    def press(browser: Browser, mark: str) -> None:
        gate.wait(30)
        found.append(click(browser, mark))

    with ExitStack() as stack:
        browsers = [stack.enter_context(Browser(port)) for _one in range(EIGHT)]
        marks = [browser.log_in(username) for browser in browsers]
        threads = [
            threading.Thread(target=press, args=pair) for pair in zip(browsers, marks, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(found) == EIGHT
    return sorted(found)


def require_one_first(found: list[tuple[int, str, str]]) -> None:
    assert [status for status, _text, _to in found] == [302] + [409] * (EIGHT - 1)
    for _status, text, _to in found[1:]:
        said = html.fromstring(text).xpath("//h1 | //main//h2")
        assert TOO_LATE in [each.text_content().strip() for each in said]
        assert "Inget har ändrats" in " ".join(text.split())


def a_case(product: Product) -> str:
    new = NewCase(
        registry_code="RS", heading=HEADING, kind=CaseKind.MOTION, received_on=date(2026, 1, 28)
    )
    with product.database.writing() as session:
        return cases.register(session, product.engine, new, actor=REGISTRAR).number


def test_a_task_is_completed_once(product: Product, port: int) -> None:
    number = a_case(product)
    with product.database.writing() as session:
        [task] = tasks.of_business_key(session, number)
        actor = Actor(id="regionstabschef")
        tasks.claim(session, product.engine, task.id, actor=actor, lock_version=task.lock_version)
        task_id, version = task.id, task.lock_version

    def complete(browser: Browser, mark: str) -> tuple[int, str, str]:
        values = {**ANSWERS, "csrf_token": mark, "lock_version": str(version)}
        return browser.form(f"/uppgift/{task_id}", {k: str(v) for k, v in values.items()})

    require_one_first(at_once(port, "regionstabschef", complete))
    with product.database.reading() as session:
        assert tasks.get(session, task_id).status == TaskStatus.COMPLETED
        assert len(tasks.of_business_key(session, number)) == 1


def test_a_task_is_taken_once(product: Product, port: int) -> None:
    number = a_case(product)
    with product.database.reading() as session:
        [task] = tasks.of_business_key(session, number)

    def claim(browser: Browser, mark: str) -> tuple[int, str, str]:
        values = {"csrf_token": mark, "lock_version": str(task.lock_version)}
        return browser.form(f"/uppgift/{task.id}/ta", values)

    require_one_first(at_once(port, "regionstabschef", claim))


def test_cases_begun_at_once_are_numbered_without_a_gap(product: Product, port: int) -> None:
    def register(browser: Browser, mark: str) -> tuple[int, str, str]:
        values = {
            "csrf_token": mark, "registry_code": "RS", "heading": HEADING, "kind": "motion",
            "received_on": "2026-01-28", "initiator": "En ledamot",
        }  # fmt: skip
        return browser.form("/arenden/nytt", values)

    found = at_once(port, "registrator_rs", register)
    assert [status for status, _text, _to in found] == [302] * EIGHT
    numbers = sorted(to.rpartition("/arenden/")[2] for _status, _text, to in found)
    assert numbers == [f"RS/{number}/2026" for number in range(1, EIGHT + 1)]


def test_a_meeting_is_moved_once_from_the_same_page(product: Product, port: int) -> None:
    with product.database.reading() as session:
        meeting = meetings.upcoming(session, "RS", on_or_after=date(2026, 6, 1), limit=1)[0]
    days = iter([meeting.on + timedelta(days=number) for number in (1, 2)] * EIGHT)

    def move(browser: Browser, mark: str) -> tuple[int, str, str]:
        values = {
            "csrf_token": mark, "on": next(days).isoformat(), "reason": "Krock",
            "lock_version": str(meeting.lock_version),
        }  # fmt: skip
        return browser.form(f"/sammantraden/{meeting.id}/flytta", values)

    require_one_first(at_once(port, "sekreterare_rs", move))
    with product.database.reading() as session:
        moved = meetings.get(session, meeting.id)
        assert (moved.lock_version, moved.status) == (
            meeting.lock_version + 1,
            MeetingStatus.PLANNED,
        )


def test_a_record_is_corrected_once_from_the_same_page(product: Product, port: int) -> None:
    number = a_case(product)
    new = NewRecord(
        direction=Direction.IN, dated_on=date(2026, 1, 28), subject="Brev", sender="Någon"
    )
    with product.database.writing() as session:
        record = records.add(session, product.engine, number, new, actor=REGISTRAR)
        session.flush()
    subjects = iter(f"Brev {number}" for number in range(EIGHT))

    def correct(browser: Browser, mark: str) -> tuple[int, str, str]:
        values = {
            "csrf_token": mark, "do": "correct", "reason": "Fel", "subject": next(subjects),
            "direction": "in", "dated_on": "2026-01-28", "sender": "Någon",
            "lock_version": str(record.lock_version),
        }  # fmt: skip
        return browser.form(f"/arenden/handling/{record.id}", values)

    require_one_first(at_once(port, "registrator_rs", correct))
    with product.database.reading() as session:
        assert len(records.corrections(session, record.id)) == 1


def test_a_role_is_given_once(product: Product, port: int) -> None:
    """The others are told at the field who holds it already."""
    values = {"user": "handlaggare_5", "scope": "RS"}

    def appoint(browser: Browser, mark: str) -> tuple[int, str, str]:
        return browser.form("/administration/roller/sekreterare", {**values, "csrf_token": mark})

    found = at_once(port, "administrator", appoint)
    assert [status for status, _text, _to in found] == [302] + [422] * (EIGHT - 1)
    assert all(
        "är redan Sekreterare RS" in text.replace("\xa0", " ") for _status, text, _to in found[1:]
    )
    with product.database.reading() as session:
        held = organisation.held_by(session, ["handlaggare_5"], NOW.date())
        assert [row.scope_code for row in held if row.role_slug == "sekreterare"] == ["RS"]
