"""Who may log in: user accounts, and tokens for the API.

A person keeps their id for good (it stands in every log); what they may do hangs on the roles
they hold (`organisation`), not on the account.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base, one_at_a_time
from engine.errors import FieldError, Invalid, NotAllowed, NotFound
from engine.fetching import Fetching
from engine.tables import new_id
from engine.texts import gettext as _
from processes import passwords

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,63}")
EMAIL = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\"]{1,255}")
MAX_LINE = 200
TOKEN_PREFIX = "ag_"  # noqa: S105 - not a secret: it tells a reader of a log what leaked
TOKEN_SEEN_EVERY = timedelta(minutes=10)


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(primary_key=True)  # the username it was made with
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    department: Mapped[str] = mapped_column(default="")
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_process_owner: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = mapped_column(default=passwords.NO_PASSWORD)
    created_at: Mapped[datetime]


class ApiToken(Base):
    """A key to the API with its user's rights. Random 256 bits, so a plain SHA-256 will do."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    label: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


def find(session: Session, user_id: str) -> User | None:
    return session.get(User, user_id)


def get(session: Session, user_id: str) -> User:
    user = find(session, user_id)
    if user is None:
        raise NotFound(_("Det finns inget konto som heter %(id)s.", id=user_id))
    return user


def find_by_username(session: Session, username: str) -> User | None:
    return session.scalar(sa.select(User).where(User.username == username.strip().lower()))


def get_by_username(session: Session, username: str) -> User:
    user = find_by_username(session, username)
    if user is None:
        raise NotFound(_("Det finns inget konto som heter %(id)s.", id=username))
    return user


def everyone(session: Session, *, active_only: bool = False) -> list[User]:
    query = sa.select(User).order_by(User.name, User.id)
    return list(session.scalars(query.where(User.active) if active_only else query))


def names(session: Session, user_ids: list[str]) -> dict[str, str]:
    """The names of those ids that are known, in one query."""
    if not user_ids:
        return {}
    query = sa.select(User.id, User.name).where(User.id.in_(set(user_ids)))
    return dict(session.execute(query).all())


def count_administrators(session: Session) -> int:
    query = sa.select(sa.func.count()).where(User.is_administrator, User.active)
    return session.scalar(query) or 0


@contextmanager
def keeping_an_administrator(session: Session) -> Iterator[None]:
    """Where there was an active administrator before the block there is one after it.

    One block at a time, or two who are taken away at once would each see the other left.
    """
    one_at_a_time(session, "administrators")
    had_one = count_administrators(session) > 0
    yield
    session.flush()
    if had_one and not count_administrators(session):
        raise NotAllowed(_("Det måste finnas minst en aktiv administratör. Utse en annan först."))


def create(
    session: Session,
    *,
    username: str,
    name: str,
    now: datetime,
    password: str | None = None,
    email: str = "",
    department: str = "",
    is_administrator: bool = False,
    is_process_owner: bool = False,
) -> User:
    """A new account. Without a password nobody can log in to it until one is set."""
    username = username.strip().lower()
    errors = faults(username=username, name=name, email=email, department=department)
    if find_by_username(session, username) or find(session, username):
        errors.append(FieldError(field="username", message=_("Användarnamnet är upptaget.")))
    if errors:
        raise Invalid(errors)
    user = User(
        id=username,
        username=username,
        name=name.strip(),
        email=email.strip(),
        department=department.strip(),
        is_administrator=is_administrator,
        is_process_owner=is_process_owner,
        active=True,
        wants_mail=True,
        password_hash=passwords.NO_PASSWORD if password is None else passwords.hashed(password),
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def authenticate(session: Session, username: str, password: str) -> User | None:
    """The active user with that password. Takes as long for a name that nobody has."""
    user = find_by_username(session, username)
    usable = user is not None and user.active
    stored = user.password_hash if user is not None and usable else passwords.NO_PASSWORD
    return user if passwords.matches(stored, password) and usable else None


def create_token(
    session: Session,
    username: str,
    *,
    label: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new token, shown this once: only its hash is kept."""
    user = get_by_username(session, username)
    if not user.active:
        raise NotFound(_("Kontot %(id)s är inte aktivt.", id=username))
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        id=new_id(),
        user_id=user.id,
        label=label.strip(),
        token_hash=_digest(token),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return token


# Built once: every call of the API asks this, and to build it takes longer than to ask.
_OF_TOKEN = Fetching(
    User,
    lambda users: users.join(ApiToken, ApiToken.user_id == User.id).where(
        ApiToken.token_hash == sa.bindparam("digest"),
        ApiToken.revoked_at.is_(None),
        sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > sa.bindparam("now")),
        User.active,
    ),
)


def user_of_token(session: Session, token: str, now: datetime) -> User | None:
    """The active user whose token it is, if it still holds."""
    return _OF_TOKEN.first(session, digest=_digest(token), now=now)


def tokens(session: Session, user_id: str) -> list[ApiToken]:
    """The user's tokens that are not revoked, the newest first."""
    query = sa.select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return list(session.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id)))


def revoke_token(session: Session, user_id: str, token_id: str, *, now: datetime) -> None:
    """`user_id` is the owner's: nobody revokes another's by guessing an id."""
    row = session.get(ApiToken, token_id)
    if row is None or row.user_id != user_id:
        raise NotFound(_("Nyckeln finns inte."))
    row.revoked_at = row.revoked_at or now


def revoke_tokens(session: Session, user_id: str, *, now: datetime) -> None:
    for row in tokens(session, user_id):
        row.revoked_at = now


def faults(*, username: str, name: str, email: str, department: str) -> list[FieldError]:
    """What is wrong with an account's facts, by field."""
    errors = person_faults(name=name, email=email, department=department)
    if not USERNAME.fullmatch(username):
        errors.append(
            FieldError(
                field="username",
                message=_(
                    "Användarnamnet skrivs med små bokstäver a–z, siffror, punkt, bindestreck "
                    "och understreck, 2–64 tecken, och börjar med en bokstav."
                ),
            )
        )
    return errors


def person_faults(*, name: str, email: str, department: str) -> list[FieldError]:
    errors = []
    if not name.strip():
        errors.append(FieldError(field="name", message=_("Ange ett namn.")))
    if email.strip() and not EMAIL.fullmatch(email.strip()):
        errors.append(
            FieldError(field="email", message=_("Ange en e-postadress, namn@exempel.se."))
        )
    for field, text in (("name", name), ("department", department)):
        if len(text) > MAX_LINE:
            message = _("Korta till högst %(limit)s tecken.", limit=MAX_LINE)
            errors.append(FieldError(field=field, message=message, code="too_long"))
    return errors


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
