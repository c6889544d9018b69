"""What may be drawn, by the rules that judge what was: an editor offers this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.gate import elements, events
from engine.gate.model import EVENTS, FLOW_NODES


@dataclass(frozen=True, kw_only=True)
class Drawable:
    """Each kind of element with the triggers it may have, and the marks that none may bear."""

    kinds: dict[str, list[str]]
    marks: list[str]

    def as_json(self) -> dict[str, Any]:
        return {"kinds": self.kinds, "marks": self.marks}


def drawable() -> Drawable:
    plain = (FLOW_NODES | elements.PASSIVE) - EVENTS - elements.REFUSED
    return Drawable(
        kinds={
            **{kind: [""] for kind in sorted(plain)},
            **{kind: sorted(triggers) for kind, triggers in events.SUPPORTED.items()},
        },
        marks=list(elements.REFUSED_MARKS),
    )
