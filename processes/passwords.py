"""Passwords, kept as argon2id hashes."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid
from engine.texts import gettext as _

SHORTEST = 12
LONGEST = 1024  # argon2 takes any length; a megabyte is somebody who wants us busy
NO_PASSWORD = ""

# OWASP's second choice, 19 MiB: a login must not push out the memory budget of the product,
# and so no more than two are hashed at a time.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_turns = BoundedSemaphore(2)
# Verified when there is no such account, so that the answer takes as long either way.
_NOBODY = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """What is kept of a new password. Reckoned before the transaction: it takes its time."""
    check(password)
    with _turns:
        return _hasher.hash(password)


def check(password: str) -> None:
    """Refuse a password that is too short to be safe."""
    if len(password) < SHORTEST:
        raise Invalid.field(
            "password", _("Lösenordet måste ha minst %(count)d tecken.", count=SHORTEST)
        )
    if len(password) > LONGEST:
        raise Invalid.field(
            "password", _("Lösenordet får ha högst %(count)d tecken.", count=LONGEST)
        )


def matches(password_hash: str, password: str) -> bool:
    """Takes as long when `password_hash` is NO_PASSWORD, and then says no."""
    known = password_hash != NO_PASSWORD and len(password) <= LONGEST
    try:
        with _turns:
            _hasher.verify(password_hash if known else _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return known
