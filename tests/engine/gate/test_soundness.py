"""Whatever is let through comes to its end; whatever can't is refused where it would stop."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.gate import Finding, check
from engine.spiff import RunFailed, build_specs
from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    catch,
    chain,
    end,
    flow,
    fork,
    node,
    start,
    task,
    timer,
)
from tests.engine.gate.judging import CONTEXT, judge
from tests.engine.generated import CHANCE, drawn
from tests.engine.spiff.drawing import inclusive, sub, terminate, xor
from tests.engine.wanderer import Wanderer

SURROUNDED = replace(CONTEXT, functions={"slump": lambda name: 0})
SEEDS = st.integers(0, 2**32)


def refused(text: str) -> list[Finding]:
    return [found for found in check({"p.bpmn": text}, SURROUNDED) if found.refuses]


def wander(text: str, ways: int) -> list[str]:
    """How each of several walks by chance went wrong, for those that did."""
    specs = build_specs({"p.bpmn": text}, "p")
    wrong = []
    for seed in range(ways):
        try:
            wanderer = Wanderer(specs, seed)
            wanderer.to_the_end()
        except RunFailed as failure:
            wrong.append(f"{seed}: {failure}")
            continue
        if not wanderer.run.completed:
            wrong.append(f"{seed}: stands at {wanderer.told[-3:]}")
    return wrong


@settings(derandomize=True, deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_what_is_put_together_of_whole_blocks_is_accepted_and_comes_to_its_end(seed: int) -> None:
    text = drawn(Random(seed))
    assert refused(text) == []
    assert wander(text, ways=3) == []


@settings(derandomize=True, deadline=None, max_examples=80)
@given(seed=SEEDS, astray=st.integers(1, 3))
def test_of_diagrams_drawn_wrong_those_accepted_come_to_their_end(seed: int, astray: int) -> None:
    text = drawn(Random(seed), astray=astray)
    if not refused(text):
        assert wander(text, ways=4) == []


@pytest.mark.long
def test_nine_of_ten_that_are_refused_do_stand_still_when_they_are_walked() -> None:
    confirmed = []
    for seed in range(50):
        text = drawn(Random(seed), astray=2)
        if {found.code for found in refused(text)} == {"deadlock"}:
            confirmed.append(bool(wander(text, ways=10)))
    assert len(confirmed) >= 10
    assert sum(confirmed) / len(confirmed) >= 0.9


def parallel(*inside: str, a: tuple[str, ...] = ("a",)) -> tuple[str, ...]:
    """start → dela → `a` and b → samla → slut."""
    return (
        start(), end(), fork("dela"), fork("samla"), task("a"), task("b"),
        chain("start", "dela", *a, "samla", "slut"), chain("dela", "b", "samla"), *inside,
    )  # fmt: skip


DEADLOCKS = {
    "an edge event that leads past the join": (
        "samla",
        parallel(boundary_timer("tiden_ute", "a", "P1D"), end("avbrutet"),
                 flow("tiden_ute", "avbrutet")),
    ),
    "an edge event that leads back into the other branch": (
        "samla",
        parallel(boundary_timer("tiden_ute", "a", "P1D"), flow("tiden_ute", "b")),
    ),
    "an edge event that leads back to a split, which then waits too": (
        "dela",
        parallel(boundary_timer("tiden_ute", "a", "P1D"), flow("tiden_ute", "dela")),
    ),
    "a join of what happens perhaps": (
        "samla",
        (start(), end(), task("a"), fork("samla"),
         boundary_timer("tiden_ute", "a", "P1D", cancel=False),
         chain("start", "a", "samla", "slut"), chain("tiden_ute", "samla")),
    ),
    "a join of the outcomes of a wait": (
        "samla",
        (start(), end(), node("eventBasedGateway", "vanta"), catch("svar", "svar", "['1']"),
         timer("tid", "P1D"), fork("samla"), chain("start", "vanta", "svar", "samla", "slut"),
         chain("vanta", "tid", "samla")),
    ),
    "a join of some of several that may be chosen": (
        "samla",
        (start(), end(), inclusive("valj", "f_valj_a"), task("a"), task("b"), fork("samla"),
         chain("start", "valj", "a", "samla", "slut"), flow("valj", "b", CHANCE),
         flow("b", "samla")),
    ),
    "a failure inside that leads past the join": (
        "samla",
        (start(), end(), fork("dela"), fork("samla"), task("b"), end("avbrutet"),
         sub("a", start("s"), task("i"), xor("v", "f_v_e"), end("e"),
             end("f", '<bpmn:errorEventDefinition errorRef="fel"/>'),
             chain("s", "i", "v", "e"), flow("v", "f", CHANCE)),
         node("boundaryEvent", "fel_a", '<bpmn:errorEventDefinition errorRef="fel"/>',
              attach=' attachedToRef="a"'),
         chain("start", "dela", "a", "samla", "slut"), chain("dela", "b", "samla"),
         flow("fel_a", "avbrutet")),
    ),
}  # fmt: skip


def judged(*elements: str) -> list[Finding]:
    body = "".join(elements)
    text = drawn(Random(0))
    head, _, rest = text.partition("<bpmn:process ")
    declared = rest[rest.rindex("</bpmn:process>") + len("</bpmn:process>") :]
    message = '<bpmn:message id="m_svar" name="svar"/>'
    process = f'<bpmn:process id="p" name="p" isExecutable="true">{body}</bpmn:process>'
    return refused(f"{head}{process}{message}{declared}")


@pytest.mark.parametrize("name", DEADLOCKS)
def test_a_join_that_would_wait_for_ever_is_refused(name: str) -> None:
    element, drawing = DEADLOCKS[name]
    (found,) = judged(*drawing)
    assert (found.code, found.element) == ("deadlock", element)
    assert "blir ärendet stående" in found.message
    assert "”Vägval: en väg”" in found.message


def test_a_round_without_a_way_out_is_refused() -> None:
    found = judge(
        start(), end(), task("a"), task("b"), xor("om"), boundary_timer("tid", "a", "P1D"),
        chain("start", "a", "slut"), chain("tid", "om", "b", "om"),
    )  # fmt: skip
    assert [(each.code, each.element) for each in found] == [("endless", "b")]


def test_a_round_that_branches_without_joining_is_refused() -> None:
    found = judged(
        start(), end(), fork("dela"), task("a"), task("b"), xor("om"), xor("ut", "f_ut_slut"),
        chain("start", "om", "dela", "a", "ut", "slut"), chain("dela", "b", "om"),
        flow("ut", "om", CHANCE),
    )  # fmt: skip
    assert {each.code for each in found} == {"multiplies"}


@pytest.mark.parametrize("branches", [2, 20])
def test_inclusive_gateways_in_a_round_do_not_wait_for_each_other(branches: int) -> None:
    def block(name: str) -> tuple[str, ...]:
        return (
            inclusive(f"val_{name}", f"f_val_{name}_{name}1"), inclusive(f"ihop_{name}"),
            task(f"{name}1"), task(f"{name}2"),
            chain("dela", f"val_{name}", f"{name}1", f"ihop_{name}", "samla"),
            flow(f"val_{name}", f"{name}2", CHANCE), flow(f"{name}2", f"ihop_{name}"),
        )  # fmt: skip

    drawing = (
        start(), end(), fork("dela"), fork("samla"), xor("om"), xor("ut", "f_ut_slut"),
        *(part for number in range(branches) for part in block(f"b{number}_")),
        chain("start", "om", "dela"), chain("samla", "ut", "slut"), flow("ut", "om", CHANCE),
    )  # fmt: skip
    assert judged(*drawing) == []


SOUND = {
    "an edge event that ends everything": parallel(
        boundary_timer("tiden_ute", "a", "P1D"), terminate(), flow("tiden_ute", "stopp")
    ),
    "an edge event that comes back before the join": parallel(
        xor("ihop"), boundary_timer("tiden_ute", "a", "P1D"), flow("tiden_ute", "ihop"),
        a=("a", "ihop"),
    ),
    "an edge event that only reminds": parallel(
        boundary_timer("tiden_ute", "a", "P1D", cancel=False), end("paminnt"),
        flow("tiden_ute", "paminnt"),
    ),
    "a round through an edge event": (
        start(), end(), xor("om"), task("a"), chain("start", "om", "a", "slut"),
        boundary_message("svar_kom", "a", "svar", "['1']"), flow("svar_kom", "om"),
    ),
    "an inclusive join of what happens perhaps": (
        start(), end(), inclusive("valj", "f_valj_a"), task("a"), task("b"), inclusive("samla"),
        chain("start", "valj", "a", "samla", "slut"), flow("valj", "b", CHANCE),
        flow("b", "samla"), boundary_timer("tiden_ute", "a", "P1D"), flow("tiden_ute", "b"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_what_ends_in_every_order_is_accepted(name: str) -> None:
    assert judged(*SOUND[name]) == []


def test_what_has_more_orders_than_can_be_tried_is_refused_in_a_moment() -> None:
    branches = [f"b{number}" for number in range(30)]
    drawing = (
        start(), end(), fork("dela"), inclusive("ihop"), xor("om"),
        chain("start", "dela"), chain("ihop", "slut"),
        *(part for each in branches for part in (
            task(each), xor(f"g{each}", f"f_g{each}_ihop"), xor(f"h{each}", f"f_h{each}_ihop"),
            task(f"t{each}"), chain("dela", each, f"g{each}", "ihop"),
            flow(f"g{each}", f"t{each}", CHANCE), chain(f"t{each}", f"h{each}", "ihop"),
            flow(f"h{each}", "om", CHANCE),
        )),
        chain("om", "ihop"),
    )  # fmt: skip
    started = time.process_time()
    found = judged(*drawing)
    assert time.process_time() - started < 8
    assert [(each.code, each.element) for each in found] == [("tangled", "p")]
