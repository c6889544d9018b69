"""The last proof: what the rules let through is built, started, saved and loaded again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.errors import EngineError
from engine.gate.finding import GateContext
from engine.gate.model import Bundle, Process
from engine.gate.rule import Findings, World, error
from engine.host import Operation
from engine.spiff import BuildError, Run, RunFailed, build_specs
from engine.tables import NO_DEADLINE
from engine.texts import gettext as _

logger = logging.getLogger(__name__)


def runs(process: Process, world: World) -> Findings:
    """Try the process with all it calls, when all of that is among the files."""
    files = _files(process, world.bundle)
    if files is None:
        return
    try:
        _rehearse(files, process.id, world.context)
    except BuildError as failure:
        yield error(process, failure.element or process.id, "build", failure.message)
    except RunFailed as failure:
        # What facts and operations would have said isn't known here, and proves nothing.
        if not isinstance(failure.cause, EngineError):
            yield error(process, failure.element or process.id, "start", str(failure))
    except Exception:  # whatever it is, the diagram is not to be deployed, and no page is to fail
        logger.exception("the dry run of %s failed", process.id)
        yield error(
            process,
            process.id,
            "build",
            _(
                "Processen går inte att köra, av en orsak som kontrollen inte känner till. "
                "Jämför med den senaste version som gick, och meddela förvaltningen."
            ),
        )


def _rehearse(files: Mapping[str, str], key: str, context: GateContext) -> None:
    specs = build_specs(files, key)
    stage = _Stage(context)
    run = Run.start(specs, {}, stage)
    Run.load(specs, run.dump(), stage)


class _Stage:
    """A `RunContext` with nothing behind it: operations do nothing, dates never come."""

    def __init__(self, context: GateContext) -> None:
        self._context = context

    @property
    def now(self) -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC)

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return self._context.functions

    def names(self, data: Mapping[str, Any], element: str) -> Mapping[str, Any]:
        return data

    def deadline(
        self, text: str, data: Mapping[str, Any], element: str, start: datetime
    ) -> datetime:
        return NO_DEADLINE

    def operation(self, name: str) -> Operation | None:
        return self._context.operations.get(name)

    def run_operation(
        self, name: str, data: Mapping[str, Any], element: str
    ) -> Mapping[str, Any] | None:
        return None


def _files(process: Process, bundle: Bundle) -> dict[str, str] | None:
    together = bundle.with_called(process.id)
    keys = {part.id for part in together}
    if any(set(part.called) - keys for part in together):
        return None
    decisions = {name for part in together for name in part.decisions}
    if decisions - bundle.decision_ids.keys():
        return None
    wanted = {part.file for part in together}
    wanted |= {bundle.decision_ids[name].file for name in decisions}
    return {name: bundle.texts[name] for name in sorted(wanted)}
