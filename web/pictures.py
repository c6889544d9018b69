"""The diagrams of what runs, marked with where it is, has been and failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine import deployments, instances
from engine.instances import ElementState
from engine.spiff import SpecSet
from engine.tables import Instance
from web.current import engine

GOING_ON = frozenset({"here", "fault"})
# What is inside them tells more of where the flow is, and what is at their edge only waits.
AROUND = frozenset({"callActivity", "subProcess", "boundaryEvent"})


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One process as drawn. `doing`: the steps that go on in it, by name."""

    key: str
    name: str
    data: dict[str, Any]
    doing: tuple[str, ...]


def of_instance(session: Session, instance: Instance, *, visited: bool = False) -> list[Picture]:
    """The instance's own diagram, then the called ones where something goes on now.

    `visited`: those where it has only been as well.
    """
    version = deployments.get(session, instance.process_version_id)
    specs = engine().specs_of(session, version.id)
    states = instances.element_states(session, instance.id)
    busy = {key for (key, _element), state in states.items() if visited or state in GOING_ON}
    shown = [key for key in deployments.with_called(version) if key in busy]
    return [
        Picture(
            key=key,
            name=specs.process_names.get(key, key),
            data={
                "xml": deployments.bpmn_of(version, key),
                "states": {
                    element: state for (process, element), state in states.items() if process == key
                },
            },
            doing=tuple(_doing(specs, states, key)),
        )
        for key in dict.fromkeys([instance.process_key, *shown])
    ]


def _doing(specs: SpecSet, states: dict[tuple[str, str], ElementState], key: str) -> list[str]:
    names = []
    for place, state in states.items():
        info = specs.elements.get(place)
        if place[0] == key and state in GOING_ON and info and info.type not in AROUND:
            names.append(info.name)
    return sorted(filter(None, names))
