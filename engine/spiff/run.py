"""One case as it runs: everything that can be asked of it and done to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.spiff.specs import SpecSet
from engine.spiff.values import (
    ElementRecord,
    MessagePoint,
    Moved,
    OpenTask,
    OutsideCall,
    RunContext,
    Sent,
    TimerWait,
)


class Run:
    """A running workflow in memory. After a RunFailed it is to be thrown away."""

    records: list[ElementRecord]

    @classmethod
    def start(cls, specs: SpecSet, data: Mapping[str, Any], context: RunContext) -> Run:
        """A new case, run until it waits."""
        raise NotImplementedError

    @classmethod
    def load(cls, specs: SpecSet, state: bytes, context: RunContext) -> Run:
        raise NotImplementedError

    def dump(self) -> bytes:
        raise NotImplementedError

    @property
    def completed(self) -> bool:
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        raise NotImplementedError

    def open_tasks(self) -> list[OpenTask]:
        raise NotImplementedError

    def timers(self) -> list[TimerWait]:
        raise NotImplementedError

    def waits(self) -> list[MessagePoint]:
        raise NotImplementedError

    def calls(self) -> list[OutsideCall]:
        raise NotImplementedError

    def sent(self) -> list[Sent]:
        """Messages thrown since last asked."""
        raise NotImplementedError

    def complete(self, spiff_id: str, answers: Mapping[str, Any]) -> None:
        """Raises Stale unless that task is open."""
        raise NotImplementedError

    def fire(self, spiff_id: str, now: datetime) -> None:
        """Let every timer due at `now` fire, earliest first; Stale if `spiff_id` isn't waiting."""
        raise NotImplementedError

    def deliver(self, spiff_id: str, payload: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def finish_call(self, spiff_id: str, result: Mapping[str, Any] | None) -> None:
        raise NotImplementedError

    def reschedule(self) -> list[Moved]:
        raise NotImplementedError

    def add_to_multi_instance(self, spiff_id: str, item: Any) -> None:
        raise NotImplementedError

    def multi_instances(self) -> list[OutsideCall]:
        raise NotImplementedError

    def retry(self, element: str) -> None:
        raise NotImplementedError

    def cancel(self) -> None:
        raise NotImplementedError
