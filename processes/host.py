"""The region as the engine sees it: what diagrams may name, and what their names mean here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.clock import Clock, SystemClock
from engine.host import Candidate, Operation, Option, Scope
from processes import case_anchors, cases, deadline_language, facts, form_sources, operations
from processes import role_resolution as roles
from processes.deadlines import due

__all__ = ["RegionHost"]


class RegionHost:
    """The engine's `Host`. Holds no state of its own, so all threads share one."""

    def __init__(
        self, *, clock: Clock | None = None, public_url: str = "http://127.0.0.1:8000"
    ) -> None:
        self.clock = clock or SystemClock()
        self.public_url = public_url  # what links in mail begin with

    def operations(self) -> Mapping[str, Operation]:
        return operations.all_operations()

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {}

    def fact_names(self) -> frozenset[str]:
        return facts.NAMES

    def fact(self, session: Session, name: str, scope: Scope) -> Mapping[str, Any] | None:
        return facts.fact(session, name, scope, self.clock.now())

    def roles(self, session: Session | None = None) -> frozenset[str]:
        return roles.names(session)

    def ahead(self, session: Session, business_key: str) -> None:
        cases.ahead(session, business_key)

    def candidate(self, session: Session, role: str, scope: Scope) -> Candidate:
        return roles.candidate(session, role, scope)

    def check_deadline(self, text: str) -> str | None:
        try:
            deadline_language.parse(text)
        except deadline_language.DeadlineError as error:
            return str(error)
        return None

    def deadline(self, session: Session, text: str, scope: Scope, start: datetime) -> datetime:
        read = deadline_language.parse(text)
        return due(read, case_anchors.of_scope(session, read.anchor, scope), start)

    def options(self, session: Session, source: str, scope: Scope) -> Sequence[Option]:
        return form_sources.options(session, source, scope, self.clock.now())
