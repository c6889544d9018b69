"""In place of a run whose state can't be read: it stands nowhere, and can only be called off."""

from __future__ import annotations

from typing import Any

from engine.spiff import (
    ElementRecord,
    MessagePoint,
    OpenTask,
    OutsideCall,
    Run,
    Sent,
    TimerWait,
)


class LostRun(Run):
    """What a run answers that waits nowhere. Its state is left as it was, for who looks into it."""

    def __init__(self, state: bytes) -> None:
        self._state = state

    @property
    def completed(self) -> bool:
        return False

    @property
    def records(self) -> list[ElementRecord]:
        return []

    def open_tasks(self) -> list[OpenTask]:
        return []

    def timers(self) -> list[TimerWait]:
        return []

    def waits(self) -> list[MessagePoint]:
        return []

    def calls(self) -> list[OutsideCall]:
        return []

    def sent(self) -> list[Sent]:
        return []

    def cancel(self) -> None:
        """Nothing is under way."""

    def data(self) -> dict[str, Any]:
        return {}

    def dump(self) -> bytes:
        return self._state
