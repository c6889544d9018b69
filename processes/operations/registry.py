"""How an operation is declared: a decorated function beside others of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.host import Operation, OperationCall, OperationKind

Run = Callable[[OperationCall], Mapping[str, Any] | None]


class Operations(dict[str, Operation]):
    """One module's operations by name.

    ::

        operations = Operations()

        @operations.inside("boka_mote", "Boka sammanträde")
        def book_meeting(call: OperationCall) -> dict[str, Any]: ...
    """

    def inside(self, name: str, label: str) -> Callable[[Run], Run]:
        """Touches only our database; runs in the command's own transaction."""
        return self._declare(name, label, OperationKind.INSIDE)

    def outside(self, name: str, label: str) -> Callable[[Run], Run]:
        """Reaches beyond our database; runs as a job with retries."""
        return self._declare(name, label, OperationKind.OUTSIDE)

    def _declare(self, name: str, label: str, kind: OperationKind) -> Callable[[Run], Run]:
        def declare(run: Run) -> Run:
            if name in self:
                raise ValueError(f"two operations {name}")
            self[name] = Operation(name=name, label=label, kind=kind, run=run)
            return run

        return declare
