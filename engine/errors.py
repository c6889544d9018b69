"""What the engine refuses, in words that the person who asked can act on.

Every `Refusal` leaves things as they were. The web maps each subclass to one status code.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.texts import gettext as _


class EngineError(Exception):
    """Root of everything the engine raises on purpose."""


class Refusal(EngineError):
    """The caller asked for something that can't be done; nothing has changed."""


class NotFound(Refusal):
    """404: not there, or hidden from this reader."""


class Stale(Refusal):
    """409: somebody was there first."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(
            message
            or _("Någon annan hann före. Inget har ändrats. Läs in sidan igen och se hur det står.")
        )


class NotAllowed(Refusal):
    """403: not this person's to do."""


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One thing wrong with what was sent: `field` is its name in the form, "" for the whole."""

    field: str
    message: str
    code: str = "invalid"
    element: str | None = None


class Invalid(Refusal):
    """422: the content is wrong; `errors` say where."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors

    @classmethod
    def field(cls, field: str, message: str) -> Invalid:
        return cls([FieldError(field=field, message=message)])
