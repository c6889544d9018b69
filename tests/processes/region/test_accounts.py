"""Who may log in, and with what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy.orm import Session

from engine.errors import Invalid, NotFound
from processes import accounts, passwords
from processes.accounts import User

NOW = datetime(2026, 2, 4, 9, tzinfo=UTC)
PASSWORD = "korrekt häst batteri"


@pytest.fixture
def anna(session: Session) -> User:
    return accounts.create(
        session, username="Handlaggare.1", name="Handläggare 1", password=PASSWORD, now=NOW
    )


def test_the_right_password_lets_its_user_in(session: Session, anna: User) -> None:
    assert accounts.authenticate(session, "handlaggare.1", PASSWORD) is anna
    assert accounts.authenticate(session, " HANDLAGGARE.1 ", PASSWORD) is anna


def test_a_wrong_password_an_unknown_name_and_a_closed_account_let_nobody_in(
    session: Session, anna: User
) -> None:
    assert accounts.authenticate(session, "handlaggare.1", PASSWORD + "!") is None
    assert accounts.authenticate(session, "ingen", PASSWORD) is None
    anna.active = False
    session.flush()
    assert accounts.authenticate(session, "handlaggare.1", PASSWORD) is None


def test_an_account_without_a_password_lets_nobody_in(session: Session) -> None:
    accounts.create(session, username="ny", name="Ny", now=NOW)
    assert accounts.authenticate(session, "ny", "") is None
    assert accounts.authenticate(session, "ny", "nobody has this password") is None


def test_an_unknown_name_is_hashed_for_as_long_as_a_known_one(session: Session, anna: User) -> None:
    def took(username: str) -> float:
        start = perf_counter()
        accounts.authenticate(session, username, "fel lösenord här")
        return perf_counter() - start

    known = min(took("handlaggare.1") for _each in range(3))
    unknown = min(took("ingen") for _each in range(3))
    assert unknown > known / 3


def test_a_password_is_kept_only_as_a_hash(anna: User) -> None:
    assert anna.password_hash.startswith("$argon2id$")
    assert PASSWORD not in anna.password_hash


@pytest.mark.parametrize("password", ["", "kort", "x" * 11, "x" * 1025])
def test_too_short_and_absurdly_long_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(password)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"username": "Å"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "handlaggare.1"}, "username"),
        ({"name": "  "}, "name"),
        ({"email": "inte en adress"}, "email"),
        ({"password": "kort"}, "password"),
    ],
)
def test_a_faulty_account_is_refused_at_its_field(
    session: Session, anna: User, facts: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create(session, **{"username": "ny", "name": "Ny", "now": NOW, **facts})
    assert [error.field for error in refused.value.errors] == [field]


def test_a_new_password_replaces_the_old_one(session: Session, anna: User) -> None:
    anna.password_hash = passwords.hashed("ett helt annat lösenord")
    session.flush()
    assert accounts.authenticate(session, "handlaggare.1", PASSWORD) is None
    assert accounts.authenticate(session, "handlaggare.1", "ett helt annat lösenord") is anna


def test_a_token_stands_for_its_user_until_revoked(session: Session, anna: User) -> None:
    token = accounts.create_token(session, "handlaggare.1", label="skript", now=NOW)
    assert accounts.user_of_token(session, token, NOW) is anna
    (row,) = accounts.tokens(session, anna.id)
    assert token not in (row.token_hash, row.id)
    with pytest.raises(NotFound):
        accounts.revoke_token(session, "nagon_annan", row.id, now=NOW)
    accounts.revoke_token(session, anna.id, row.id, now=NOW)
    session.flush()
    assert accounts.user_of_token(session, token, NOW) is None
    assert accounts.tokens(session, anna.id) == []


def test_a_token_does_not_outlive_its_day_nor_its_user(session: Session, anna: User) -> None:
    later = NOW + timedelta(days=1)
    token = accounts.create_token(session, "handlaggare.1", label="kort", now=NOW, expires_at=later)
    assert accounts.user_of_token(session, token, NOW) is anna
    assert accounts.user_of_token(session, token, later) is None
    anna.active = False
    session.flush()
    assert accounts.user_of_token(session, token, NOW) is None
    assert accounts.user_of_token(session, "ag_påhittad", NOW) is None
    with pytest.raises(NotFound):
        accounts.create_token(session, "handlaggare.1", label="till", now=NOW)
