"""Which language a reader sees. Messages are written in Swedish; other languages are catalogues."""

from __future__ import annotations

from contextvars import Token
from typing import Any

import flask_babel
from flask import Flask, current_app, g, request, session

from engine.texts import gettext, marked, translator

__all__ = ["gettext", "languages", "marked", "ngettext", "set_up"]

SWEDISH = "sv"
TRANSLATIONS = "translations"  # web/translations, babel.cfg there says what is gathered
LANGUAGE = "language"  # key in the session
NAMES = {"sv": "Svenska", "en": "English"}

_LANGUAGES = "arendegang_languages"
_babel = flask_babel.Babel()


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    """The form that fits `number`, with `%(num)s` and `values` filled in."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def languages() -> list[str]:
    """Swedish, and every language with a compiled catalogue when the application was made."""
    found: list[str] = current_app.extensions[_LANGUAGES]
    return found


def choose(language: str) -> None:
    if language in languages():
        session[LANGUAGE] = language


def set_up(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = TRANSLATIONS
    _babel.init_app(
        app,
        default_locale=SWEDISH,
        default_timezone="Europe/Stockholm",
        locale_selector=_language_of_request,
    )
    with app.app_context():
        found = {locale.language for locale in _babel.list_translations()}
    app.extensions[_LANGUAGES] = [SWEDISH, *sorted(found - {SWEDISH})]
    app.before_request(_translate_lower_layers)
    app.teardown_request(_forget_translator)
    app.context_processor(
        lambda: {"languages": languages, "language": current_language, "language_names": NAMES}
    )


def current_language() -> str:
    return str(flask_babel.get_locale() or SWEDISH)


def _language_of_request() -> str:
    chosen = session.get(LANGUAGE)
    known = languages()
    if chosen in known:
        return str(chosen)
    # Swedish unless asked otherwise: the rules, and the words of the forms, are Swedish.
    return request.accept_languages.best_match([SWEDISH]) or SWEDISH


def _translate_lower_layers() -> None:
    g.translator_token = translator.set(_translated)


def _translated(message: str) -> str:
    # Asked for first: a page says hundreds, and to find no catalogue takes long each time.
    return message if current_language() == SWEDISH else str(flask_babel.gettext(message))


def _forget_translator(_error: BaseException | None) -> None:
    token: Token[Any] | None = g.pop("translator_token", None)
    if token is not None:
        translator.reset(token)
