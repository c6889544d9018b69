"""The days that forms state and the law counts from: none ahead of us, none before its cause."""

from __future__ import annotations

from datetime import date

from engine.errors import Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from processes.deadline_words import short_day
from processes.swedish_calendar import local_date


def stated(call: OperationCall, name: str, *, not_before: date | None = None) -> date:
    """The day that the form's field `name` states."""
    return checked(call, call.answers[name], name, not_before=not_before)


def checked(call: OperationCall, text: str, field: str, *, not_before: date | None = None) -> date:
    """`text` as a day; `field`: where the form says what is wrong, also in a row."""
    day = date.fromisoformat(text)
    if day > local_date(call.now):
        raise Invalid.field(field, _("Dagen kan inte ligga i framtiden."))
    if not_before is not None and day < not_before:
        raise Invalid.field(
            field, _("Dagen kan inte ligga före %(first)s.", first=short_day(not_before))
        )
    return day
