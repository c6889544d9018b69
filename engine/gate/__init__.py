"""The deployment gate: a diagram that would run wrongly is refused, and told why."""

from __future__ import annotations

from engine.gate.checking import check, lint
from engine.gate.finding import Finding, GateContext, GateRefused, Severity, context

__all__ = ["Finding", "GateContext", "GateRefused", "Severity", "check", "context", "lint"]
