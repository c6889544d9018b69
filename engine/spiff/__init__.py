"""Running workflows: the only package that knows SpiffWorkflow."""

from __future__ import annotations

from engine.spiff.codec import UnreadableState
from engine.spiff.failures import blaming
from engine.spiff.run import Run
from engine.spiff.specs import SpecCache, SpecSet, build_specs
from engine.spiff.values import (
    BuildError,
    ElementInfo,
    ElementRecord,
    MessagePoint,
    Moved,
    OpenTask,
    OutsideCall,
    RecordKind,
    RunContext,
    RunFailed,
    Sent,
    TimerWait,
)

__all__ = [
    "BuildError",
    "ElementInfo",
    "ElementRecord",
    "MessagePoint",
    "Moved",
    "OpenTask",
    "OutsideCall",
    "RecordKind",
    "Run",
    "RunContext",
    "RunFailed",
    "Sent",
    "SpecCache",
    "SpecSet",
    "TimerWait",
    "UnreadableState",
    "blaming",
    "build_specs",
]
