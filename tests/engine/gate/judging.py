"""A gate around small diagrams: what it is told, and what it says."""

from __future__ import annotations

from itertools import pairwise

from engine.gate import Finding, GateContext, check
from engine.host import Operation, OperationCall, OperationKind
from tests.engine.bpmn import diagram, end, flow, start, task


def _nothing(_call: OperationCall) -> None:
    return None


def _deadline(text: str) -> str | None:
    return None if text.endswith("arbetsdagar") else f"”{text}” går inte att läsa som en tidsfrist."


CONTEXT = GateContext(
    roles=frozenset({"Handläggare", "Sekreterare"}),
    operations={
        "ge_nummer": Operation(
            name="ge_nummer", label="Ge nummer", kind=OperationKind.INSIDE, run=_nothing
        ),
        "skicka_brev": Operation(
            name="skicka_brev", label="Skicka brev", kind=OperationKind.OUTSIDE, run=_nothing
        ),
    },
    functions={"nasta": lambda steg: steg + 1},
    fact_names=frozenset({"arende"}),
    check_deadline=_deadline,
    processes=frozenset({"kand_process"}),
    decisions=frozenset({"kant_beslut"}),
    forms=frozenset({"kant_formular"}),
)


def judge(*elements: str, messages: tuple[str, ...] = (), **others: str) -> list[Finding]:
    """Findings on one process of `elements`, together with other files by name."""
    files = {"prov.bpmn": diagram("prov", *elements, messages=messages)}
    files |= {name.replace("__", "."): text for name, text in others.items()}
    return check(files, CONTEXT)


def told(findings: list[Finding], code: str) -> set[str]:
    """The elements that are named by findings of one kind."""
    return {finding.element for finding in findings if finding.code == code}


def step(*inside: str, at: str = "steg") -> tuple[str, ...]:
    """start → `at` → slut, with `inside` being the step and what else there is."""
    return (start(), *inside, end(), flow("start", at), flow(at, "slut"))


def path(*ids: str) -> tuple[str, ...]:
    """start → each of `ids` → slut, as flows and both ends."""
    stops = ("start", *ids, "slut")
    return (start(), end(), *(flow(source, target) for source, target in pairwise(stops)))


SOUND = step(task("steg"))
