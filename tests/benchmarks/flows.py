"""What the benchmark runs: each flow as its diagrams, its first data and its steps.

A flow is played by the product and by bare SpiffWorkflow, with the same answers. The simple ones
are drawn here; the real case is recorded while the product runs it (`recording`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tests.engine import bpmn

ROLE = "Registrator"
DATA = {"diarium": "RS"}  # whose registrar
ANSWERS = {
    "uppgift": "Kontrollerat mot inkommen handling.",
    "antal": 3,
    "godkant": True,
    "dag": "2026-03-02",
    "kommentar": "Inget att anmärka. " * 10,
}
FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Steg",
    "type": "object",
    "properties": {
        "uppgift": {"title": "Uppgift", "type": "string", "minLength": 1},
        "antal": {"title": "Antal", "type": "integer", "minimum": 0},
        "godkant": {"title": "Godkänt", "type": "boolean"},
        "dag": {"title": "Dag", "type": "string", "format": "date"},
        "kommentar": {"title": "Kommentar", "type": "string"},
    },
    "required": ["uppgift"],
}
FORM_NAME = "steg"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command to a case. What expressions and operations gave in it goes along, recorded."""

    do: Literal["complete", "deliver", "fire"]
    element: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, list[Any]] = field(default_factory=dict)  # by expression
    results: Mapping[str, list[Any]] = field(default_factory=dict)  # by element


@dataclass(frozen=True, kw_only=True)
class Flow:
    name: str
    key: str
    files: Mapping[str, str]
    data: Mapping[str, Any]
    steps: list[Step]
    replayed: bool = False  # whether its expressions are answered from the record
    start: Step | None = None  # what was recorded when it began

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def sequence(length: int = 10) -> Flow:
    """That many tasks, one after the other."""
    names = [f"steg_{number}" for number in range(1, length + 1)]
    text = bpmn.diagram(
        "sekvens",
        bpmn.start(),
        *(bpmn.task(name, ROLE, form=FORM_NAME) for name in names),
        bpmn.end(),
        bpmn.chain("start", *names, "slut"),
    )
    return Flow(
        name=f"{length} tasks in a row",
        key="sekvens",
        files={"sekvens.bpmn": text},
        data=DATA,
        steps=[Step(do="complete", element=name, payload=ANSWERS) for name in names],
    )


def loop(rounds: int = 100) -> Flow:
    """One task, a script and a gateway that sends the case back to the task."""
    text = bpmn.diagram(
        "slinga",
        bpmn.start(),
        bpmn.task("steg", ROLE, form=FORM_NAME),
        bpmn.script("rakna", "varv = varv + 1"),
        bpmn.node("exclusiveGateway", "igen", attach=' default="f_igen_slut"'),
        bpmn.end(),
        bpmn.chain("start", "steg", "rakna", "igen", "slut"),
        bpmn.flow("igen", "steg", "varv < varven"),
    )
    return Flow(
        name=f"{rounds} rounds of a loop",
        key="slinga",
        files={"slinga.bpmn": text},
        data={**DATA, "varv": 0, "varven": rounds},
        steps=[Step(do="complete", element="steg", payload=ANSWERS)] * rounds,
    )
