"""What the domain refuses beyond the engine's refusals."""

from __future__ import annotations

from engine.errors import EngineError


class InstallationError(EngineError):
    """The product can't start as asked; the message is one line for who started it."""
