"""Ids that can be told apart and written in expressions; properties that the panel knows."""

from __future__ import annotations

import re
from collections import Counter

from engine.gate.finding import Finding
from engine.gate.model import (
    ACTIVITIES,
    EVENTS,
    HUMAN_TASKS,
    SUBPROCESSES,
    Diagram,
    Process,
)
from engine.gate.rule import Findings, error, warning
from engine.texts import gettext as _

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)
# Where each property means something; None for everywhere.
HOMES: dict[str, frozenset[str] | None] = {
    "role": HUMAN_TASKS | SUBPROCESSES | {"callActivity"},
    "deadline": HUMAN_TASKS | EVENTS,
    "form": HUMAN_TASKS,
    "operation": HUMAN_TASKS | {"serviceTask"},
    "rule": None,
    "help": None,
    "nyckel": EVENTS | {"sendTask", "receiveTask"},
    "innehall": EVENTS | {"sendTask"},
    "retries": frozenset({"serviceTask"}),
    "backoff": frozenset({"serviceTask"}),
}


def unique_ids(diagram: Diagram) -> Findings:
    """Within one file every id stands for one thing."""
    counted = Counter(
        found.get("id", "") for found in diagram.xml.iter() if isinstance(found.tag, str)
    )
    for key, count in counted.items():
        if key and count > 1:
            yield Finding(
                file=diagram.file,
                element=key,
                code="duplicate_id",
                message=_("%(id)s används på %(count)s element. Ge vart och ett sitt eget id.",
                          id=key, count=count),
            )  # fmt: skip


def present_ids(process: Process) -> Findings:
    if not process.id:
        yield error(
            process, "", "no_id", _("Processen saknar id. Ge den ett, till exempel arende.")
        )
    for node in process.nodes:
        if not node.id:
            yield error(
                process,
                node.scope.id,
                "no_id",
                _("Ett element (%(type)s) saknar id. Ge det ett.", type=node.type),
            )


def readable_ids(process: Process) -> Findings:
    named = [process.id, *(node.id for node in process.nodes if node.type in ACTIVITIES)]
    for key in named:
        if key and not _SNAKE_CASE.fullmatch(key):
            yield warning(
                process,
                key,
                "id_style",
                _(
                    "%(id)s läses i uttryck och loggar. Ge elementet ett id av ord med a–z och "
                    "understreck, till exempel fordela_arende.",
                    id=key,
                ),
            )


def properties(process: Process) -> Findings:
    for node in process.nodes:
        for name in node.properties:
            home = HOMES.get(name, frozenset())
            if name not in HOMES:
                yield warning(
                    process,
                    node.id,
                    "unknown_property",
                    _("Egenskapen %(name)s används inte. De som finns är %(known)s.",
                      name=name, known=", ".join(HOMES)),
                )  # fmt: skip
            elif home is not None and node.type not in home:
                yield warning(
                    process,
                    node.id,
                    "misplaced_property",
                    _("Egenskapen %(name)s betyder inget på %(node)s. Ta bort den.",
                      name=name, node=node.label),
                )  # fmt: skip
