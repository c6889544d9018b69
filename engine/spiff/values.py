"""What the rest of the engine sees of a running workflow: values, and what it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from engine.errors import EngineError
from engine.host import Operation
from engine.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class ElementInfo:
    """One element as drawn. Every value is text, "" where nothing is said."""

    process_key: str
    id: str
    type: str  # BPMN local name: "userTask"
    name: str = ""
    role: str = ""  # the property, else the lane
    deadline: str = ""
    form: str = ""
    operation: str = ""
    rule: str = ""  # "A10 · 4"
    help: str = ""
    nyckel: str = ""
    innehall: str = ""
    retries: str = ""
    backoff: str = ""
    documentation: str = ""


class OpenTask(NamedTuple):
    """A human task somebody can do now, with the role that holds for it, outwards if need be."""

    spiff_id: str
    info: ElementInfo
    role: str
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TimerWait:
    """A timer that runs. `cycles` is how many firings are left, None when it fires once."""

    spiff_id: str
    process_key: str
    element: str
    due_at: datetime
    cycles: int | None = None  # -1: without end


@dataclass(frozen=True, kw_only=True)
class MessagePoint:
    """A place that waits for a message; `key` is what `nyckel` was when the waiting began."""

    spiff_id: str
    process_key: str
    element: str
    name: str
    key: list[Any]


@dataclass(frozen=True, kw_only=True)
class OutsideCall:
    """An outside operation that is to be run, and whose result the workflow waits for."""

    spiff_id: str
    process_key: str
    element: str
    operation: str
    data: Mapping[str, Any]
    retries: str = ""
    backoff: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message thrown during this run."""

    process_key: str
    element: str
    name: str
    key: list[Any]
    payload: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A waiting timer whose instant changed because what it hangs on did."""

    spiff_id: str
    process_key: str
    element: str
    old: datetime
    new: datetime


class RecordKind(StrEnum):
    ENTERED = "element_entered"
    COMPLETED = "element_completed"
    CANCELLED = "element_cancelled"
    FAILED = "element_failed"
    TIMER_FIRED = "timer_fired"
    MESSAGE_RECEIVED = "message_received"


class ElementRecord(NamedTuple):
    """One thing that happened to one element; records stand in the order they happened."""

    kind: RecordKind
    process_key: str
    element: str
    name: str
    spiff_id: str


class RunContext(Protocol):
    """What a running workflow asks its surroundings for; only while the engine runs it."""

    @property
    def now(self) -> datetime:
        """The present instant, aware."""

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Named functions that expressions may call."""

    def names(self, data: Mapping[str, Any], element: str) -> Mapping[str, Any]:
        """What an expression in `element` may read: `data` and the facts as they are now."""

    def deadline(
        self, text: str, data: Mapping[str, Any], element: str, start: datetime
    ) -> datetime:
        """The instant that the words in `text` mean. ISO 8601 never gets this far."""

    def operation(self, name: str) -> Operation | None: ...

    def run_operation(
        self, name: str, data: Mapping[str, Any], element: str
    ) -> Mapping[str, Any] | None:
        """Run an inside operation at once; its result is kept under the element's id."""


class BuildError(EngineError):
    """A bundle that can't be made into something that runs."""

    def __init__(self, element: str, message: str) -> None:
        super().__init__(message)
        self.element = element
        self.message = message


class RunFailed(EngineError):
    """Something that the workflow ran raised; the object it happened in is to be thrown away."""

    def __init__(self, element: str, element_name: str, cause: BaseException) -> None:
        where = element_name or element
        super().__init__(_("Det gick fel i ”%(where)s”: %(cause)s", where=where, cause=cause))
        self.element = element
        self.element_name = element_name
        self.cause = cause
