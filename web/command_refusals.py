"""What the command line says when it refuses: one line in Swedish for each thing that is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from engine.errors import EngineError, Invalid
from web.texts import gettext as _

REFUSED = 1
NOT_UNDERSTOOD = 2  # as shells have it


def lines(error: Exception) -> Iterator[str]:
    """Of a refusal of engine or domain, or of a database that doesn't answer."""
    if isinstance(error, Invalid):
        for fault in error.errors:
            place = ":".join(part for part in (fault.field, fault.element or "") if part)
            yield f"{place}: {fault.message}" if place else fault.message
    elif isinstance(error, EngineError):
        yield str(error)
    elif isinstance(error, SQLAlchemyError):
        yield _("Databasen går inte att använda: %(why)s", why=_first_line(error))


def not_understood(error: click.ClickException) -> str:
    """Of a command that was written wrongly; click itself says it in English, on three lines."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "arendegang"
    return _("%(what)s Se %(command)s --help.", what=_what(error), command=command)


def _what(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return _("Flaggan %(name)s finns inte.", name=error.option_name)
        case click.MissingParameter():
            return _("Uppgiften %(name)s saknas.", name=_name(error.param))
        case click.BadParameter():
            return _("Uppgiften %(name)s kan inte vara så.", name=_name(error.param))
        case click.BadOptionUsage():
            return _("Flaggan %(name)s saknar sitt värde.", name=error.option_name)
    return _("Kommandot går inte att förstå.")


def _name(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return (parameter.human_readable_name if parameter else "") or ""


def _first_line(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(cause).strip().partition("\n")[0]
