"""Where every failure becomes a page or a problem+json: what happened, that nothing is lost,
and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, g, jsonify, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.commands import CommandFailed
from engine.database import is_away
from engine.errors import FieldError, Invalid, NotAllowed, NotFound, Refusal, Stale
from processes.files import EmptyFile, TooLarge
from web import dates, received
from web.current import API, product
from web.texts import gettext as _

log = logging.getLogger(__name__)

STATUS_OF: tuple[tuple[type[Refusal], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Stale, HTTPStatus.CONFLICT),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (EmptyFile, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Refusal, HTTPStatus.BAD_REQUEST),
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One failure as people meet it. `detail` says more than `title` when there is more to say."""

    status: int
    title: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    typed: tuple[str, ...] = ()  # what was written in the form that could not be taken
    headers: Mapping[str, str] = field(default_factory=dict)
    log_in_address: str = ""


def status_of(refusal: Refusal) -> int:
    return next(status for kind, status in STATUS_OF if isinstance(refusal, kind))


def of_refusal(refusal: Refusal) -> Problem:
    general = of_status(status_of(refusal))
    return Problem(
        status=general.status,
        title=general.title,
        detail=str(refusal) or general.detail,
        errors=tuple(refusal.errors) if isinstance(refusal, Invalid) else (),
    )


def of_status(status: int) -> Problem:
    title, detail = _words(status)
    return Problem(status=status, title=title, detail=detail)


def _words(status: int) -> tuple[str, str]:
    known = {
        **_words_for_people(),
        **(_words_for_programs() if request.path.startswith(API) else {}),
    }
    return known.get(status) or known[500 if status >= 500 else 400]


def _words_for_people() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("Sidan kunde inte ta emot det du skickade"),
            _("Inget har ändrats. Gå tillbaka, läs in sidan igen och försök en gång till."),
        ),
        401: (_("Du behöver logga in"), _("Inget har ändrats. Logga in och försök igen.")),
        403: (
            _("Du har inte behörighet till den här sidan"),
            _("Inget har ändrats. Behöver du den i ditt arbete, så fråga en administratör."),
        ),
        404: (
            _("Sidan finns inte"),
            _(
                "Den kan ha flyttats, eller så är adressen fel. Sök på ärendets nummer eller "
                "rubrik."
            ),
        ),
        405: (
            _("Sidan kan inte öppnas på det sättet"),
            _("Inget har ändrats. Gå till inkorgen och öppna den därifrån."),
        ),
        409: (
            _("Någon annan hann före"),
            _("Inget har ändrats. Läs in sidan igen och se hur det står."),
        ),
        413: (
            _("Filen är för stor"),
            _(
                "Inget har sparats. Högst %(limit)s MB går att skicka på en gång. Dela upp filen "
                "eller gör den mindre och försök igen.",
                limit=product().settings.max_file_bytes // received.MEGABYTE,
            ),
        ),
        414: (_("Adressen är för lång"), _("Korta det du söker efter och försök igen.")),
        422: (
            _("Något behöver rättas"),
            _("Inget har ändrats. Gå tillbaka, rätta och skicka igen."),
        ),
        429: (
            _("För många försök"),
            _("Vänta en stund och försök sedan igen. Inget har ändrats."),
        ),
        500: (
            _("Något gick fel hos oss"),
            _(
                "Inget har ändrats och inget är förlorat. Felet är noterat. Försök igen om "
                "en stund."
            ),
        ),
    }


def _words_for_programs() -> dict[int, tuple[str, str]]:
    """Where the page's words would send whoever reads them to a page."""
    return {
        400: (_("Anropet går inte att läsa"), _("Inget har ändrats.")),
        401: (
            _("Nyckel saknas eller gäller inte"),
            _("Skicka en giltig nyckel: Authorization: Bearer …"),
        ),
        403: (
            _("Nyckeln ger inte behörighet"),
            _("Inget har ändrats. Nyckeln har samma rättigheter som sitt konto."),
        ),
        404: (_("Finns inte"), _("Det finns inget med den adressen, eller så är det dolt.")),
        405: (_("Anropet finns inte"), _("Adressen tar inte emot den metoden.")),
        409: (_("Hunnit ändras"), _("Inget har ändrats. Läs på nytt och försök igen.")),
        413: (_("För stort"), _("Inget har sparats. Skicka mindre i varje anrop.")),
        422: (_("Något behöver rättas"), _("Inget har ändrats. Rätta och skicka igen.")),
    }


def answer(problem: Problem) -> ResponseReturnValue:
    """The problem in the form that whoever asked can read."""
    if request.path.startswith(API) or request.is_json:  # a script of ours sends JSON too
        headers = {
            **problem.headers,
            "Content-Type": "application/problem+json",
            "Cache-Control": "no-store",
        }
        if problem.status == HTTPStatus.UNAUTHORIZED and request.path.startswith(API):
            headers["WWW-Authenticate"] = "Bearer"
        return _as_json(problem), problem.status, headers
    # A page drawn after an internal failure must not fail too: it asks the database for nothing.
    g.asks_nothing = problem.status >= 500
    template = "error_plain.html" if g.asks_nothing else "error.html"
    page = render_template(template, problem=_with_typed(problem))
    return page, problem.status, {**problem.headers}


def _with_typed(problem: Problem) -> Problem:
    """Nothing typed is lost. Only for who is logged in: what others send in is not ours to show."""
    if request.method != "POST" or not (problem.log_in_address or "_user_id" in session):
        return problem
    return replace(problem, typed=tuple(map(dates.say_day, received.texts())))


def _as_json(problem: Problem) -> str:
    return jsonify(
        type="about:blank",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        errors=[asdict(error) for error in problem.errors],
    ).get_data(as_text=True)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return answer(of_refusal(refusal))


def _forged(_error: CSRFError) -> ResponseReturnValue:
    if "_user_id" not in session and _comes_from_our_page() and request.blueprint != "login":
        return logged_out()  # in another tab
    return answer(
        Problem(
            status=400,
            title=_("Sidan var för gammal"),
            detail=_("Inget har ändrats. Gå tillbaka, läs in sidan igen och skicka en gång till."),
        )
    )


def _comes_from_our_page() -> bool:
    """As the browser says, which no other site can make it say."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        received.drain()
        if not _has_files() and not request.path.startswith(API):
            return answer(_too_long())
    kept = {name: value for name, value in error.get_headers() if name in _KEPT_HEADERS}
    return answer(replace(of_status(error.code), headers=kept))


_KEPT_HEADERS = frozenset({"Allow", "Retry-After"})


def _has_files() -> bool:
    return request.mimetype == "multipart/form-data"


def _too_long() -> Problem:
    return Problem(
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title=_("Texten är för lång"),
        detail=_("Inget har sparats. Gå tillbaka, korta den och försök igen."),
    )


def logged_out() -> ResponseReturnValue:
    """The session ended, or was ended, while a form was being filled in."""
    back = urlsplit(request.referrer or "").path
    return answer(
        Problem(
            status=HTTPStatus.UNAUTHORIZED,
            title=_("Du har loggats ut"),
            detail=_(
                "Inget har ändrats. Logga in och försök igen; det du hade skrivit står här "
                "nedanför."
            )
            if received.texts()
            else _("Inget har ändrats. Logga in och försök igen."),
            log_in_address=url_for("login.show", next=back or None),
        )
    )


def _command_failed(error: CommandFailed) -> ResponseReturnValue:
    return answer(Problem(status=500, title=of_status(500).title, detail=str(error)))


def _unexpected(error: InternalServerError) -> ResponseReturnValue:
    original = error.original_exception
    log.error("%s %s failed", request.method, request.path, exc_info=original)
    return answer(_away() if original and is_away(original) else of_status(500))


def _away() -> Problem:
    """Said without a promise where something was to be changed: nobody knows what was kept."""
    return Problem(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title=_("Databasen svarar inte just nu"),
        detail=_("Inget är förlorat. Försök igen om en stund.")
        if request.method in ("GET", "HEAD")
        else _(
            "Det du gjorde kan ha hunnit sparas. Läs in sidan igen om en stund, och se efter "
            "innan du gör om det."
        ),
        headers={"Retry-After": "10"},
    )


def set_up(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(CommandFailed, _command_failed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _unexpected)
