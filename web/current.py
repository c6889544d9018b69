"""What holds for the request at hand: the product, the person, the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import current_app
from flask_login import UserMixin, current_user

from engine.engine import Engine
from engine.host import Actor
from processes.accounts import User
from processes.swedish_calendar import LOCAL

if TYPE_CHECKING:
    from processes.product import Product

PRODUCT = "arendegang"  # its place in app.extensions
API = "/api/"  # what lies under it answers in JSON and takes tokens, never the session's cookie

__all__ = ["SignedIn", "User", "actor", "engine", "now", "product", "today", "user"]


@dataclass(frozen=True, kw_only=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The account behind a session. `seal` changes with the password and so ends old sessions."""

    account: User
    seal: str

    def get_id(self) -> str:
        return f"{self.account.id}:{self.seal}"


def product() -> Product:
    found: Product = current_app.extensions[PRODUCT]
    return found


def engine() -> Engine:
    return product().engine


def user() -> User:
    """The person logged in. Only views that ask for more than PUBLIC may call it."""
    account: User = current_user.account
    return account


def actor(on_behalf_of: str | None = None) -> Actor:
    return Actor(id=user().id, on_behalf_of=on_behalf_of)


def now() -> datetime:
    return product().clock.now()


def today() -> date:
    return now().astimezone(LOCAL).date()
