"""The demonstration: everybody is a role, every role has somebody, and a year lies ahead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from processes import accounts, demo, meetings, organisation, standing
from processes.meetings.plausible import plausible_calendar
from processes.organisation import REGION, ScopeKind
from processes.swedish_calendar import is_working_day
from tests.processes.region.host import deploy_meeting_process

TODAY = date(2026, 2, 4)
YEAR = (TODAY, TODAY + timedelta(days=365))


def test_the_demonstration_can_be_logged_in_to_and_has_meetings_running(
    database: Database, engine: Engine
) -> None:
    with database.writing() as session:
        deploy_meeting_process(session, engine.clock.now())
        demo.create(session, engine, password="ett lösenord för alla")
    with database.reading() as session:
        for account in demo.ACCOUNTS:
            user = accounts.find_by_username(session, account.username)
            assert user is not None, account
        assert accounts.authenticate(session, "registrator_rs", "ett lösenord för alla")
        ahead = meetings.between(session, *YEAR)
        assert all(meeting.instance_id for meeting in ahead)
        assert "kanslichef" in standing.of(session, "regionstabschef", TODAY).assignees


def test_every_role_has_somebody_everywhere(region: Session) -> None:
    organs = [organ.code for organ in organisation.organs(region, TODAY)]
    registries = [registry.code for registry in organisation.registries(region, TODAY)]
    scopes = {ScopeKind.ORGAN: organs, ScopeKind.REGISTRY: registries}
    lacking = [
        (role.name, scope)
        for role in organisation.roles(region)
        for scope in scopes.get(ScopeKind(role.scope_kind), [REGION])
        if role.name != "Föredragande" and not organisation.holders(region, role.name, scope, TODAY)
    ]
    assert lacking == []


def test_the_right_people_may_draw_and_administer(region: Session) -> None:
    owners = [user.id for user in accounts.everyone(region) if user.is_process_owner]
    administrators = [user.id for user in accounts.everyone(region) if user.is_administrator]
    assert (owners, administrators) == (["processagare"], ["administrator"])


@pytest.mark.parametrize("month", range(1, 13))
def test_a_plausible_year_has_room_for_every_chain(
    region: Session, clock: SettableClock, month: int
) -> None:
    """Whenever it begins: working days, about as many as real, each in time for the next."""
    start = date(2026, month, 1)
    organs = organisation.organs(region, TODAY)
    found = plausible_calendar(organs, start)
    by_organ = {organ.code: [new.on for new in found if new.organ_code == organ.code]
                for organ in organs}  # fmt: skip
    assert all(is_working_day(new.on) and start <= new.on for new in found)
    assert len(by_organ["RF"]) == 6
    assert 10 <= len(by_organ["RS"]) <= 12
    assert 5 <= len(by_organ["RUN"]) <= 7
    assert all(by_organ.values())
    for assembly in by_organ["RF"][1:]:
        assert any(14 <= (assembly - board).days <= 35 for board in by_organ["RS"])


def test_a_case_from_a_committee_reaches_the_assembly_within_the_rules_weeks(
    region: Session, engine: Engine
) -> None:
    """Part 5: a committee's case needs ten to fourteen weeks to the assembly."""
    for new in plausible_calendar(organisation.organs(region, TODAY), date(2026, 2, 5)):
        meetings.create(region, engine, new, actor=demo.SYSTEM)
    committee = meetings.next_meeting(region, "RUN", submission_from=date(2026, 2, 10))
    assert committee is not None
    board = meetings.next_meeting(
        region, "RS", submission_from=committee.on + timedelta(days=8), after=committee.on
    )
    assert board is not None
    assembly = meetings.next_meeting(
        region, "RF", submission_from=board.on + timedelta(days=8), after=board.on
    )
    assert assembly is not None
    weeks = (assembly.on - committee.submission_on).days / 7
    assert 10 <= weeks <= 14
