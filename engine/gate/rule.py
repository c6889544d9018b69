"""What a rule is: a function from one process, perhaps in its world, to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.gate.finding import Finding, GateContext, Severity
from engine.gate.model import Bundle, Process


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
