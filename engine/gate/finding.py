"""What the gate finds, and what it needs to know of the world outside the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import FieldError, Invalid
from engine.host import Host, Operation


class Severity(StrEnum):
    ERROR = "error"  # it would run wrongly: refused
    WARNING = "warning"  # it runs, but hardly as it was meant


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong, with what to do instead. `element` is an id, "" for the whole file."""

    file: str
    element: str
    message: str
    code: str
    severity: Severity = Severity.ERROR

    @property
    def refuses(self) -> bool:
        return self.severity == Severity.ERROR


class GateRefused(Invalid):
    """422: nothing was deployed. Every finding is an error too, its `field` the file's name."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(
            [
                FieldError(
                    field=finding.file,
                    message=finding.message,
                    code=finding.code,
                    element=finding.element or None,
                )
                for finding in self.findings
                if finding.refuses
            ]
        )


def _any_deadline(_text: str) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class GateContext:
    """What diagrams may refer to besides each other."""

    roles: frozenset[str] = frozenset()
    operations: Mapping[str, Operation] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    fact_names: frozenset[str] = frozenset()
    check_deadline: Callable[[str], str | None] = _any_deadline
    # What is deployed already, by key, id and name.
    processes: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


def context(
    host: Host,
    *,
    session: Session | None = None,
    processes: Iterable[str] = (),
    decisions: Iterable[str] = (),
    forms: Iterable[str] = (),
) -> GateContext:
    """What `host` offers diagrams, and what is deployed already."""
    return GateContext(
        roles=host.roles(session),
        operations=host.operations(),
        functions=host.functions(),
        fact_names=host.fact_names(),
        check_deadline=host.check_deadline,
        processes=frozenset(processes),
        decisions=frozenset(decisions),
        forms=frozenset(forms),
    )
