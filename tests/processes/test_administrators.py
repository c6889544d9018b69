"""Somebody can always give rights: the last administrator stays one, whatever happens at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.clock import SettableClock
from engine.database import Database
from engine.engine import Engine
from engine.errors import NotAllowed
from engine.host import SYSTEM
from processes import account_changes, accounts, organisation_file
from tests.engine.host import SmallHost
from tests.engine.pausing import race

pytestmark = pytest.mark.both_databases
BOTH = ("anna", "bo")
Take = Callable[[str], Callable[[], object]]


@pytest.fixture
def engine(database: Database, clock: SettableClock) -> Engine:
    with database.writing() as session:
        for name in BOTH:
            accounts.create(
                session, username=name, name=name.title(), now=clock.now(), is_administrator=True
            )
    return Engine(database=database, host=SmallHost(), clock=clock)


@pytest.fixture(params=["right taken away", "account closed", "file says so"])
def take(engine: Engine, request: pytest.FixtureRequest) -> Take:
    """Somebody stops being an administrator, each time in another way."""

    def taking(username: str) -> Callable[[], object]:
        def change() -> None:
            with engine.database.writing() as session:
                if request.param == "file says so":
                    organisation_file.load(session, engine, as_file(username), actor=SYSTEM)
                elif request.param == "account closed":
                    account_changes.change(session, engine, username, actor=SYSTEM, active=False)
                else:
                    account_changes.change(
                        session, engine, username, actor=SYSTEM, is_administrator=False
                    )

        return change

    return taking


def as_file(username: str) -> str:
    return f'[[person]]\nanvandarnamn = "{username}"\nnamn = "{username}"\nadministrator = false\n'


def test_of_two_taken_away_at_once_one_stays(engine: Engine, take: Take) -> None:
    outcome = race(engine.database, take("anna"), take("bo"))
    assert (outcome.first, outcome.second) == (None, NotAllowed)
    assert outcome.waited
    assert administrators(engine) == ["bo"]


def test_one_may_be_taken_away_as_long_as_another_is_left(engine: Engine, take: Take) -> None:
    take("bo")()
    assert administrators(engine) == ["anna"]
    with pytest.raises(NotAllowed, match="minst en aktiv administratör"):
        take("anna")()


def administrators(engine: Engine) -> list[str]:
    with engine.database.reading() as session:
        people = accounts.everyone(session, active_only=True)
        return [each.id for each in people if each.is_administrator]
