"""What the engine asks of the domain that it serves.

The engine knows BPMN, jobs and inboxes, nothing about regions. Everything else comes through
one `Host`, made in `processes/host.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from engine.engine import Engine

SYSTEM_ACTOR = "system"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: `id` as the domain names people, `on_behalf_of` when standing in for another."""

    id: str
    on_behalf_of: str | None = None


SYSTEM = Actor(id=SYSTEM_ACTOR)


class Candidate(NamedTuple):
    """Whose inbox a task lands in: a role with its scope, and one person when only one can be."""

    key: str  # "sekreterare@RS"
    label: str  # "Sekreterare RS"
    assignee: str | None = None


class Scope(NamedTuple):
    """Where in which instance something is asked about.

    `data` is the engine data at that point (keys and answers, JSON types only).
    """

    instance_id: str
    process_key: str  # of the instance, not of a called process
    business_key: str | None
    element: str | None
    data: Mapping[str, Any]


class OperationKind(StrEnum):
    INSIDE = "inside"  # touches only our database, runs in the command's own transaction
    OUTSIDE = "outside"  # reaches beyond it, runs as a job with retries


@dataclass(frozen=True, kw_only=True)
class OperationCall:
    """What a named operation is handed. `answers` is set when a human task is being completed."""

    session: Session
    engine: Engine  # for its log, messages and jobs; an operation never runs instances itself
    scope: Scope
    actor: Actor
    now: datetime
    answers: dict[str, Any] = field(default_factory=dict)
    idempotency_key: str = ""  # outside operations: the job's id


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`run` returns what to keep in engine data under the element's id, or None.

    It may raise `engine.errors.Invalid` to refuse a form (the fields are shown at their places).
    """

    name: str
    label: str  # Swedish, for the editor's list
    kind: OperationKind
    run: Callable[[OperationCall], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing to choose in a form field; only `value` is kept."""

    value: str
    label: str
    hint: str = ""
    group: str = ""  # what it belongs to; `x-within` narrows a field to another's choice


class Host(Protocol):
    def operations(self) -> Mapping[str, Operation]: ...

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Pure named functions that expressions may call."""

    def fact_names(self) -> frozenset[str]:
        """Names such as `arende` and `mote` that expressions may read besides engine data."""

    def fact(self, session: Session, name: str, scope: Scope) -> Mapping[str, Any] | None:
        """The facts as they are now, JSON types only; None where there are none here."""

    def roles(self, session: Session | None = None) -> frozenset[str]:
        """Role names that a lane or a `role` property may hold, as people read them.

        Without a session: those that there are before anything is installed.
        """

    def ahead(self, session: Session, business_key: str) -> None:
        """Have on its way what nearly every command asks of that key (`Fetching.ahead`)."""

    def candidate(self, session: Session, role: str, scope: Scope) -> Candidate: ...

    def check_deadline(self, text: str) -> str | None:
        """None when `text` can be read as a deadline, else what is wrong, in Swedish."""

    def deadline(self, session: Session, text: str, scope: Scope, start: datetime) -> datetime:
        """The instant that `text` means, counted from `start`.

        NO_DEADLINE when what it hangs on has no date yet.
        """

    def options(self, session: Session, source: str, scope: Scope) -> Sequence[Option]:
        """What a form field with `x-source: source` offers here, and so accepts."""
