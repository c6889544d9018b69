"""What is typed in the editor's panel would mean: told while it is typed, in the gate's words."""

from __future__ import annotations

from datetime import datetime

from engine import retrying
from engine.errors import EngineError
from engine.gate import GateContext, deadlines
from engine.host import OperationKind
from engine.spiff import iso8601
from processes.host import RegionHost
from web.dates import long_day
from web.definitions import choices
from web.texts import gettext as _
from web.texts import ngettext

Preview = dict[str, str]


def of_deadline(text: str, context: GateContext, now: datetime, *, on_event: bool) -> Preview:
    """The last day of a deadline in words, had it begun today."""
    judge = deadlines.problem_on_event if on_event else deadlines.problem_on_task
    problem = judge(text, context)
    if problem:
        return {"error": problem}
    cycle = iso8601.cycle(text)
    if cycle is not None:
        return {"preview": _times(cycle.times)}
    ends = choices.example_of(text, now)
    if ends is None:
        return {"preview": _("Räknas från ett datum i ärendet eller sammanträdet.")}
    return {"preview": _("Börjar den i dag slutar den %(day)s.", day=long_day(ends))}


def _times(number: int) -> str:
    if number < 0:
        return _("Upprepas tills steget är klart.")
    return ngettext("Kommer %(num)d gång.", "Kommer %(num)d gånger.", number)


def of_retries(text: str, operation: str, host: RegionHost) -> Preview:
    try:
        again = retrying.read(text, "").max_attempts - 1
    except EngineError as refused:
        return {"error": str(refused)}
    if _stays_inside(operation, host):
        return {"preview": _("Används inte: åtgärden görs i systemet självt.")}
    if not text:
        return {"preview": _("Lämnas det tomt: %(number)s.", number=again)}
    if not again:
        return {"preview": _("Misslyckas åtgärden försöks den inte igen.")}
    told = ngettext(
        "Misslyckas åtgärden försöks den %(num)d gång till.",
        "Misslyckas åtgärden försöks den %(num)d gånger till.",
        again,
    )
    return {"preview": told}


def of_backoff(text: str, operation: str, host: RegionHost) -> Preview:
    try:
        seconds = retrying.read("", text).backoff_seconds
    except EngineError as refused:
        return {"error": str(refused)}
    if _stays_inside(operation, host):
        return {"preview": _("Används inte: åtgärden görs i systemet självt.")}
    if not text:
        return {"preview": _("Lämnas den tom: %(pause)s.", pause=in_words(seconds))}
    return {"preview": _("Det första nya försöket görs efter %(pause)s.", pause=in_words(seconds))}


def in_words(seconds: int) -> str:
    """A pause in the largest unit that it is a whole number of."""
    if seconds % 86_400 == 0:
        return ngettext("%(num)d dag", "%(num)d dagar", seconds // 86_400)
    if seconds % 3_600 == 0:
        return ngettext("%(num)d timme", "%(num)d timmar", seconds // 3_600)
    if seconds % 60 == 0:
        return ngettext("%(num)d minut", "%(num)d minuter", seconds // 60)
    return ngettext("%(num)d sekund", "%(num)d sekunder", seconds)


def _stays_inside(operation: str, host: RegionHost) -> bool:
    found = host.operations().get(operation)
    return found is not None and found.kind == OperationKind.INSIDE
