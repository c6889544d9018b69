"""Sessions, forgery protection, headers and limits: what every request passes through."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug import Request, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from processes import accounts, ended_sessions, login_attempts
from web import errors, received, transactions
from web.configuration import Configuration
from web.current import API, SignedIn, User, now, user
from web.texts import LANGUAGE
from web.texts import gettext as _

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
SESSION_ID = "session_id"
LOGGED_IN_AT = "logged_in_at"
SEEN_AT = "seen_at"
FLASHES = "_flashes"  # where Flask keeps them
LONGEST_FLASH, MOST_FLASHES = 300, 3
# How much older than the present the noted sighting may get before it is noted anew: saves
# sending the cookie with every answer.
SIGHTING = timedelta(minutes=1)

CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # the design system's icons are data addresses
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

csrf = CSRFProtect()
_LIMITS = "LOGIN_LIMITS"
_SESSION_TIME = "SESSION_TIME"
_login_manager = LoginManager()


def limit_failed_logins(view: ViewT) -> ViewT:
    """So many wrong passwords, then a wait; right ones are not counted."""

    @wraps(view)
    def limited() -> Response:
        attempt = transactions.perform(_begin_attempt)
        if attempt is None:
            abort(HTTPStatus.TOO_MANY_REQUESTS)
        response = make_response(view())
        if response.status_code < HTTPStatus.BAD_REQUEST:
            transactions.perform(lambda writing: login_attempts.succeed(writing, attempt))
        return response

    return cast(ViewT, limited)


def _begin_attempt(writing: Session) -> login_attempts.LoginAttempt | None:
    account = user().username if current_user.is_authenticated else _named()
    return login_attempts.begin(
        writing, request.remote_addr or "", account, limits=current_app.config[_LIMITS], now=now()
    )


def _named() -> str:
    return request.form.get("username", "").strip()


def set_up(app: Flask, configuration: Configuration) -> None:
    app.config.update(
        SECRET_KEY=configuration.secret_key,
        LOGIN_LIMITS=configuration.login_limits,
        SESSION_TIME=configuration.session_time,
        SESSION_COOKIE_NAME="arendegang",
        SESSION_COOKIE_SECURE=configuration.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        # Longer than a session lives, or a page left open overnight fails for the wrong reason.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=configuration.https,
        MAX_CONTENT_LENGTH=configuration.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=received.MAX_TEXT_BYTES,
    )
    if configuration.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    csrf.init_app(app)
    # Its own context processor looks the user up for every template, those of failures too.
    _login_manager.init_app(app, add_context_processor=False)
    app.context_processor(lambda: {"current_user": current_user})
    _login_manager.login_view = "login.show"
    _login_manager.login_message = None
    _login_manager.session_protection = "basic"
    app.before_request(lambda: _end_old_session(configuration))
    app.after_request(lambda response: _add_headers(response, configuration))


# --- who is it


def seal(user: User) -> str:
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]


def log_in(user: User) -> None:
    _begin_anew()
    session[SESSION_ID] = secrets.token_urlsafe(16)
    session[LOGGED_IN_AT] = session[SEEN_AT] = now().timestamp()
    login_user(SignedIn(account=user, seal=seal(user)))


def log_out() -> None:
    """End the session for good: a copy of its cookie opens nothing."""
    until = datetime.fromtimestamp(session[LOGGED_IN_AT], UTC) + current_app.config[_SESSION_TIME]
    session_id = session[SESSION_ID]
    transactions.perform(
        lambda writing: ended_sessions.end(writing, session_id, now=now(), until=until)
    )
    _forget()


def _forget() -> None:
    logout_user()
    _begin_anew()


def _begin_anew() -> None:
    """Nothing of one login may live on in another, but the language of who sits there."""
    language = session.get(LANGUAGE)
    session.clear()
    if language:
        session[LANGUAGE] = language


@_login_manager.user_loader  # type: ignore[untyped-decorator]
def _from_session(identity: str) -> SignedIn | None:
    if request.path.startswith(API):
        return None  # the API takes tokens only; a cookie would open it to forgery
    user_id, _colon, sealed = identity.rpartition(":")
    user = accounts.find(transactions.reading(), user_id)
    if user is None or not user.active or seal(user) != sealed:
        return None
    if ended_sessions.has_ended(transactions.reading(), session.get(SESSION_ID, "")):
        return None
    return SignedIn(account=user, seal=sealed)


@_login_manager.request_loader  # type: ignore[untyped-decorator]
def _from_token(incoming: Request) -> SignedIn | None:
    kind, _space, token = incoming.headers.get("Authorization", "").partition(" ")
    if not incoming.path.startswith(API) or kind.lower() != "bearer":
        return None
    user = accounts.user_of_token(transactions.reading(), token.strip(), now())
    return SignedIn(account=user, seal=seal(user)) if user and user.active else None


# --- how long


def _end_old_session(configuration: Configuration) -> ResponseReturnValue | None:
    if LOGGED_IN_AT not in session or request.endpoint == "static":
        return None
    if request.path.startswith(API):
        return None  # it takes no session, young or old
    present = now()
    if _is_over(present, configuration):
        _forget()
        if request.method != "GET":
            return errors.logged_out()
        flash(
            _("Du har loggats ut, eftersom det gått en stund. Logga in för att fortsätta."), "info"
        )
        return redirect(url_for("login.show", next=request.full_path.rstrip("?")))
    if present.timestamp() - session[SEEN_AT] > SIGHTING.total_seconds():
        session[SEEN_AT] = present.timestamp()
    return None


def _is_over(present: datetime, configuration: Configuration) -> bool:
    idle: float = present.timestamp() - session[SEEN_AT]
    whole: float = present.timestamp() - session[LOGGED_IN_AT]
    return (
        idle > configuration.idle_time.total_seconds()
        or whole > configuration.session_time.total_seconds()
    )


def safe_next(address: str | None) -> str | None:
    """`address` when it is a page of ours, else None: an open redirect helps who fishes."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 0x20 or character == "\\" for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def _fit_in_cookie(flashes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A cookie holds 4 kB, and browsers drop a larger one whole: the latest messages, cut short."""
    return [(tone, _cut(words)) for tone, words in flashes[-MOST_FLASHES:]]


def _cut(words: str) -> str:
    if len(words) <= LONGEST_FLASH:
        return words
    plain = words.striptags() if isinstance(words, Markup) else words
    return f"{plain[:LONGEST_FLASH]} …"


# --- what the browser may do


def allow_inline_style() -> None:
    """For the editor's page alone: bpmn-js sets styles from script."""
    g.style_source = "'self' 'unsafe-inline'"


def _add_headers(response: Response, configuration: Configuration) -> Response:
    policy = dict(CONTENT_SECURITY_POLICY)
    policy["style-src"] = g.get("style_source", policy["style-src"])
    response.headers.setdefault(
        "Content-Security-Policy", "; ".join(f"{key} {value}" for key, value in policy.items())
    )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if configuration.https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "_user_id" in session and request.endpoint != "static":
        # What a person saw must not be there for the next one at the same machine.
        response.headers["Cache-Control"] = "no-store"
    if FLASHES in session:
        session[FLASHES] = _fit_in_cookie(session[FLASHES])
    return response
