"""What a rule is: a function from one process, perhaps in its world, to findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from engine.gate.finding import Finding, GateContext, Severity
from engine.gate.model import Bundle, Process
from engine.texts import gettext as _

MANY = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """The bundle that is checked, and what there is around it."""

    bundle: Bundle
    context: GateContext


Findings = Iterator[Finding]
Shape = Callable[[Process], Findings]
Rule = Callable[[Process, World], Findings]


def error(process: Process, element: str, code: str, message: str) -> Finding:
    return Finding(file=process.file, element=element, code=code, message=message)


def warning(process: Process, element: str, code: str, message: str) -> Finding:
    return Finding(
        file=process.file,
        element=element,
        code=code,
        message=message,
        severity=Severity.WARNING,
    )


def what_there_is(asked: str, known: Collection[str]) -> str:
    """The end of a finding about a name that isn't there: which ones are, the nearest if many."""
    if not known:
        return _("Det finns inga.")
    if len(known) <= MANY:
        return _("De som finns är %(known)s.", known=", ".join(sorted(known)))
    near = get_close_matches(asked, sorted(known), n=3, cutoff=0.5)
    if near:
        return _("Närmast är %(known)s.", known=", ".join(near))
    return _("Välj en i panelen Handläggning.")
