"""So many wrong passwords from one place, however many processes are asked at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.clock import SettableClock
from engine.database import Database
from processes import login_attempts
from processes.login_attempts import Limit

pytestmark = pytest.mark.both_databases
LIMITS = (
    Limit(most=3, within=timedelta(minutes=1)),
    Limit(most=5, within=timedelta(hours=1)),
    Limit(most=8, within=timedelta(hours=1), of_all=True),
)


class Attempts:
    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database, self.clock = database, clock

    def err(self, origin: str = "10.0.0.1", account: str = "anna") -> bool:
        """Whether the password was looked at, and found wrong."""
        with self.database.writing() as session:
            now = self.clock.now()
            return (
                login_attempts.begin(session, origin, account, limits=LIMITS, now=now) is not None
            )

    def succeed(self) -> None:
        with self.database.writing() as session:
            now = self.clock.now()
            attempt = login_attempts.begin(session, "10.0.0.1", "anna", limits=LIMITS, now=now)
            assert attempt
        with self.database.writing() as session:
            login_attempts.succeed(session, attempt)


@pytest.fixture
def attempts(database: Database, clock: SettableClock) -> Attempts:
    return Attempts(database, clock)


def test_too_many_have_to_wait_and_those_of_another_place_need_not(attempts: Attempts) -> None:
    assert [attempts.err() for _try in range(5)] == [True] * 3 + [False] * 2
    assert attempts.err("10.0.0.2")


def test_a_colleague_at_the_same_address_need_not_wait(attempts: Attempts) -> None:
    assert [attempts.err() for _try in range(4)] == [True] * 3 + [False]
    assert attempts.err(account="berit")
    assert not attempts.err(account="ANNA")


def test_who_tries_one_account_after_the_other_has_to_wait(attempts: Attempts) -> None:
    tried = [attempts.err(account=f"konto_{number}") for number in range(10)]
    assert tried == [True] * 8 + [False] * 2


def test_the_wait_ends_when_they_are_old_enough(attempts: Attempts) -> None:
    tried = []
    for _minute in range(3):
        tried += [attempts.err() for _try in range(4)]
        attempts.clock.forward(minutes=1)
    assert tried == [True] * 3 + [False] + [True] * 2 + [False] * 6, "five in an hour"
    attempts.clock.forward(hours=1)
    assert attempts.err()


def test_right_ones_are_not_counted(attempts: Attempts) -> None:
    for _time in range(10):
        attempts.succeed()
    assert [attempts.err() for _try in range(4)] == [True] * 3 + [False]


def test_many_at_once_are_counted_before_any_password_is_looked_at(attempts: Attempts) -> None:
    with ThreadPoolExecutor(8) as threads:
        tried = list(threads.map(lambda _number: attempts.err(), range(24)))
    assert tried.count(True) == 3
