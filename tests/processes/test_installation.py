"""What an installation holds on its first day: for production, and for a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import deployments, history, inbox, incidents
from engine.clock import SettableClock
from engine.errors import Invalid
from engine.tables import EventLog, Task
from processes import access, accounts, case_list, demo, demo_work, installation, meetings
from processes.cases import CaseKind, CaseStatus
from processes.demo_work import Example, Office, Step, on
from processes.product import Product

MORNING = datetime(2026, 2, 4, 7, 30, tzinfo=UTC)
# Who meets nothing to do on the first day: they have a meeting ahead, or run the product.
WITH_A_MEETING_AHEAD = {
    f"{role}_{organ}"
    for role in ("sekreterare", "presidium", "justerare")
    for organ in ("rf", "rs")
} | {"sekreterare_hsn"}
WITHOUT_TASKS = {"kvalitetsstrateg", "processagare", "administrator"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = Product.open(tmp_path_factory.mktemp("demo"), clock=SettableClock(MORNING))
    said: list[str] = []
    installation.make_demo(product, say=said.append)
    assert said, "the one who waits is told what goes on"
    yield product
    product.close()


@pytest.fixture
def session(product: Product) -> Iterator[Session]:
    with product.database.reading() as session:
        yield session


def waiting_for(session: Session, username: str) -> list[Task]:
    reader = access.reader(session, username, MORNING)
    page = inbox.page(session, assignees=reader.assignees, candidates=reader.candidates)
    return list(page.items)


def test_every_demo_account_has_something_or_knows_what_comes_next(session: Session) -> None:
    idle = {
        account.username for account in demo.ACCOUNTS if not waiting_for(session, account.username)
    }
    assert idle <= WITH_A_MEETING_AHEAD | WITHOUT_TASKS
    today = MORNING.date()
    for organ in ("RF", "RS", "HSN"):
        assert meetings.upcoming(session, organ, on_or_after=today, limit=1)


@pytest.mark.parametrize(
    ("username", "element"),
    [
        ("regionstabschef", "fordela_arende"),
        ("regiondirektor", "samrad_regiondirektor"),
        ("handlaggare_1", "lagg_upp_tidplan"),
        ("handlaggare_2", "besvara_fragan"),
        ("kanslichef", "stam_av_med_chef"),
        ("regionstabschef", "stam_av_med_chef"),  # standing in for the one above
        ("omradeschef", "godkann_underlag"),
        ("pensionarsradet", "lamna_svar"),
        ("delegat", "underteckna_beslut"),
        ("registrator_rs", "diariefor_beslut"),
        ("sekreterare_rs", "satt_avslutat"),
        ("kommunikator", "avgor_ledningsmejl"),
        ("regionarkivarie", "ta_emot_i_arkivet"),
    ],
)
def test_the_examples_came_as_far_as_they_were_meant_to(
    session: Session, username: str, element: str
) -> None:
    assert element in [task.element for task in waiting_for(session, username)]


def test_the_examples_stand_in_different_phases(session: Session) -> None:
    reader = access.reader(session, "registrator_rs", MORNING)
    found = {case.status for case in case_list.page(session, reader, limit=100).items}
    assert found >= {
        CaseStatus.REGISTERED,
        CaseStatus.ALLOCATED,
        CaseStatus.PREPARING,
        CaseStatus.REFERRED,
        CaseStatus.READY,
        CaseStatus.DISPATCHED,
        CaseStatus.CLOSED,
    }


def test_nothing_is_late_or_broken_on_the_first_day(session: Session) -> None:
    assert incidents.list_open(session) == []
    for account in demo.ACCOUNTS:
        late = [task for task in waiting_for(session, account.username) if task.due_at < MORNING]
        assert late == []


def test_all_of_it_is_in_the_log_as_done_by_those_who_hold_the_roles(session: Session) -> None:
    for chain in session.scalars(sa.select(EventLog.chain).distinct()):
        assert history.verify(session, chain) == []
    reader = access.reader(session, "registrator_rs", MORNING)
    (ready,) = case_list.page(session, reader, statuses=[CaseStatus.READY]).items
    actors = {event.actor for event in history.of_business_key(session, ready.number)}
    assert {"registrator_rs", "regionstabschef", "handlaggare_1", "kanslichef"} <= actors


def test_an_example_that_is_refused_stays_where_it_stands(
    product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    new = on(MORNING.date(), heading="Ett ärende som inte går vidare", kind=CaseKind.INTERNAL)
    steps = [
        Step(element="fordela_arende", answers={"handlaggare": "ingen_alls", "osaker": False}),
        Step(element="lagg_upp_tidplan"),
    ]
    number = Office(product.engine).carry_on(Example(new=new, steps=steps))
    assert f"the example {number} stopped" in caplog.text
    assert demo_work.log.name in {record.name for record in caplog.records}
    with product.database.reading() as session:
        assert incidents.list_open(session) == []


def test_production_has_its_organisation_its_rules_and_one_administrator(tmp_path: Path) -> None:
    product = Product.open(tmp_path, clock=SettableClock(MORNING))
    facts = {"name": "Regionen", "administrator": "driften", "password": "ett-riktigt-langt"}
    text = demo.FILE.read_text("utf-8").replace("administrator = true", "administrator = false")
    installation.make(product, organisation=text, **facts)
    with product.database.reading() as session:
        assert accounts.authenticate(session, "driften", "ett-riktigt-langt") is not None
        assert [user.id for user in accounts.everyone(session) if user.is_administrator] == [
            "driften"
        ]
        assert accounts.authenticate(session, "registrator_rs", demo.PASSWORD) is None
        assert "arende" in {version.key for version in deployments.all_current(session)}
        assert case_list.page(session, access.reader(session, "driften", MORNING)).items == []
    product.close()


def test_a_wrong_organisation_file_makes_nothing(tmp_path: Path) -> None:
    product = Product.open(tmp_path, clock=SettableClock(MORNING))
    with pytest.raises(Invalid):
        installation.check_organisation(product, "[[trollkarl]]")
    with pytest.raises(Invalid):
        installation.make(
            product,
            name="Regionen",
            organisation="[[trollkarl]]",
            administrator="driften",
            password="ett-riktigt-langt",
        )
    assert product.read_installation() is False
    product.close()
