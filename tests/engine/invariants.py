"""What holds in a whole database between any two transactions."""

from __future__ import annotations

from engine import verification
from engine.engine import Engine


def require_sound(engine: Engine) -> None:
    """The rows say of every instance what its stored state says, and every chain holds."""
    assert [str(breach) for breach in verification.breaches(engine)] == []


def require_mirrored(engine: Engine) -> None:
    """The part of it that is looked at after every single step."""
    found = [*verification.of_chains(engine), *verification.of_instances(engine)]
    assert [str(breach) for breach in found] == []
