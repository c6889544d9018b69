"""A domain small enough to see through, for the engine's tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.host import Candidate, Operation, OperationCall, OperationKind, Option, Scope
from engine.tables import NO_DEADLINE

Run = Callable[[OperationCall], Mapping[str, Any] | None]


class SmallHost:
    """Facts, dates and operations are what the test puts here."""

    def __init__(self) -> None:
        self.facts: dict[str, Mapping[str, Any]] = {"mote": {}}
        self.dates: dict[str, datetime] = {}
        self.people: dict[str, str] = {}  # role: who alone can do its tasks
        self.choices: dict[str, list[str]] = {}
        self._operations: dict[str, Operation] = {}

    def add_operation(
        self, name: str, run: Run, kind: OperationKind = OperationKind.INSIDE
    ) -> None:
        self._operations[name] = Operation(name=name, label=name, kind=kind, run=run)

    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {"dubbla": lambda number: number * 2}

    def fact_names(self) -> frozenset[str]:
        return frozenset(self.facts)

    def fact(self, session: Session, name: str, scope: Scope) -> Mapping[str, Any] | None:
        return self.facts.get(name)

    def roles(self, session: Session | None = None) -> frozenset[str]:
        return frozenset({"Handläggare", "Sekreterare", "Chef"})

    def ahead(self, session: Session, business_key: str) -> None:
        pass

    def candidate(self, session: Session, role: str, scope: Scope) -> Candidate:
        return Candidate(
            key=f"{role.lower()}@RS", label=f"{role} RS", assignee=self.people.get(role)
        )

    def check_deadline(self, text: str) -> str | None:
        return None if re.fullmatch(r"\d+ dagar", text) or text in self.dates else "oklar tid"

    def deadline(self, session: Session, text: str, scope: Scope, start: datetime) -> datetime:
        days = re.fullmatch(r"(\d+) dagar", text)
        if days:
            return start + timedelta(days=int(days[1]))
        return self.dates.get(text, NO_DEADLINE)

    def options(self, session: Session, source: str, scope: Scope) -> Sequence[Option]:
        return [Option(value=value, label=value) for value in self.choices.get(source, [])]
