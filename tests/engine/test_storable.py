"""Whatever is sent in is kept or refused in words; none of it can stop a case."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from engine import tasks
from engine.commands import CommandFailed
from engine.engine import Engine
from engine.errors import Invalid
from engine.host import OperationKind
from engine.jobs import drain
from engine.storable import require_storable
from tests.engine.bpmn import chain, diagram, end, service, start, task
from tests.engine.case import ANNA, Cases
from tests.engine.host import SmallHost


def nested(levels: int) -> Any:
    value: Any = 1
    for _level in range(levels):
        value = {"inre": [value]}
    return value


UNFIT = {
    "half a pair": "\ud800",
    "a large number": 10**30,
    "no number": float("nan"),
    "without end": float("inf"),
    "too deep": nested(3_000),
    "a key that is no text": {1: 2},
    "a key that is no character": {"\udfff": 1},
    "too long": "x" * 500_000,
    "too many": list(range(500_000)),
    "no JSON": object(),
}


@pytest.mark.parametrize("unfit", UNFIT.values(), ids=UNFIT)
def test_what_could_not_be_saved_is_refused_before_anything_is_done(
    cases: Cases, unfit: Any
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), end(), chain("start", "ett", "slut")))
    instance_id = cases.start("p")
    waiting = cases.task(instance_id, "ett")
    for refused in (
        lambda: cases.complete(waiting, svar=unfit),
        lambda: cases.start("p", svar=unfit),
        lambda: cases.send("hej", ["1"], svar=unfit),
        lambda: cases.send("hej", [unfit]),
        lambda: cases.perform(
            lambda session: tasks.save_draft(
                session, cases.engine, waiting.id, {"svar": unfit}, actor=ANNA
            )
        ),
    ):
        with pytest.raises(Invalid):
            refused()
    assert cases.incidents() == []
    assert cases.elements(instance_id) == ["ett"]


def test_what_json_holds_is_taken() -> None:
    require_storable({"a": [1, -2.5, None, True, "å\x00😀", nested(20)], "": 2**63 - 1})


@pytest.mark.parametrize("kind", OperationKind)
def test_what_an_operation_gave_and_cannot_be_saved_is_an_incident(
    cases: Cases, engine: Engine, host: SmallHost, kind: OperationKind
) -> None:
    host.add_operation("rakna", lambda _call: {"kvot": float("nan")}, kind)
    cases.deploy("p", diagram("p", start(), task("ett"), service("rakna", "rakna", retries="0"),
        end(), chain("start", "ett", "rakna", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    with suppress(CommandFailed):
        cases.complete(cases.task(instance_id, "ett"))
    drain(engine)
    (incident,) = cases.incidents()
    assert "”rakna” gav något som inte går att spara." in incident.message
