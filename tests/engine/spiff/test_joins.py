"""Where branches meet, facts stand as they were last set."""

from __future__ import annotations

import pytest

from tests.engine.bpmn import boundary_timer, chain, diagram, end, flow, fork, script, task
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import call, inclusive, xor
from tests.engine.spiff.walk import Walk

OLD = {"status": "gammal", "lista": [1, 2, 3], "borta": 1, "d": {"k": "gammal"}}


def both(kind: str, *extra: str) -> str:
    """u1 then a script that changes facts, and u2 that touches none, joined before `sedan`."""
    opened = fork("dela") if kind == "and" else inclusive("dela", default="f_dela_ihop")
    joined = fork("ihop") if kind == "and" else inclusive("ihop")
    flows = (
        chain("dela", "u1") + chain("dela", "u2")
        if kind == "and"
        else flow("dela", "u1", "1 == 1") + flow("dela", "u2", "1 == 1") + flow("dela", "ihop")
    )
    return diagram(
        "p", begin(), opened, joined, task("u1"), script("s", 'status = "NY"\nlista = [9]'),
        task("u2"), task("sedan"), end(), chain("start", "dela"), flows,
        chain("u1", "s", "ihop", "sedan", "slut"), chain("u2", "ihop"), *extra,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["and", "or"])
@pytest.mark.parametrize("order", [("u1", "u2"), ("u2", "u1")])
def test_a_branch_that_changed_nothing_puts_no_old_fact_back(kind, order):
    walk = Walk(both(kind), data=OLD)
    for element in order:
        walk.do(element)
    data = walk.data()
    assert data["status"] == "NY"
    assert data["lista"] == [9], "lists are taken whole, never mixed"
    assert data["d"] == {"k": "gammal"}
    assert walk.inbox() == ["sedan"]


def test_the_end_of_a_called_process_keeps_what_its_task_answered():
    called = diagram(
        "fordelning", begin("b"), task("fordela"), task("eskalera"),
        boundary_timer("sen", "fordela", "P3D", cancel=False), end("e1"), end("e2"),
        chain("b", "fordela", "e1"), chain("sen", "eskalera", "e2"),
    )  # fmt: skip
    main = diagram("p", begin(), call("c", "fordelning"), task("efter"), end(),
        chain("start", "c", "efter", "slut"))  # fmt: skip
    for order in (["fordela", "eskalera"], ["eskalera", "fordela"]):
        walk = Walk(main, called, data={"fordela": {"handlaggare": "ingen"}}).forward(days=4)
        for element in order:
            walk.do(element, handlaggare="Anna")
        assert walk.data()["fordela"] == {"handlaggare": "Anna"}


def test_facts_set_before_an_inner_fork_are_not_put_back_by_its_idle_branch():
    walk = Walk(diagram(
        "p", begin(), fork("yttre"), script("ett", "x = 1"), fork("inre"), script("tva", "x = 2"),
        task("idle"), task("annan"), fork("ihop"), task("sedan"), end(),
        chain("start", "yttre", "ett", "inre", "tva", "ihop", "sedan", "slut"),
        chain("inre", "idle", "ihop"), chain("yttre", "annan", "ihop"),
    ), data={"x": 0})  # fmt: skip
    walk.do("idle").do("annan")
    assert walk.data()["x"] == 2


def test_a_join_passed_twice_waits_for_both_branches_each_time():
    walk = Walk(diagram(
        "p", begin(), xor("igen"), fork("dela"), task("a"), task("b"), fork("ihop"),
        task("fraga"), xor("val", default="f_val_slut"), end(),
        chain("start", "igen", "dela", "a", "ihop", "fraga", "val", "slut"),
        chain("dela", "b", "ihop"), flow("val", "igen", "fraga.om"),
    ))  # fmt: skip
    for again in (True, True, False):
        walk.do("a")
        assert walk.inbox() == ["b"]
        walk.do("b")
        assert walk.inbox() == ["fraga"]
        walk.do("fraga", om=again)
    assert walk.completed


def test_an_inclusive_join_passed_twice_waits_for_those_that_were_started():
    walk = Walk(diagram(
        "p", begin(), xor("igen"), inclusive("dela", default="f_dela_ihop"), task("a"), task("b"),
        inclusive("ihop"), task("fraga"), xor("val", default="f_val_slut"), end(),
        chain("start", "igen", "dela"), flow("dela", "a", "n > 0"), flow("dela", "b", "n > 1"),
        flow("dela", "ihop"), chain("a", "ihop"), chain("b", "ihop", "fraga", "val", "slut"),
        flow("val", "sats", "fraga.n >= 0"), script("sats", "n = fraga.n"), chain("sats", "igen"),
    ), data={"n": 2})  # fmt: skip
    walk.do("a")
    assert walk.inbox() == ["b"]
    walk.do("b").do("fraga", n=1)
    assert walk.inbox() == ["a"]
    walk.do("a").do("fraga", n=2).do("b")
    assert walk.inbox() == ["a"]
    walk.do("a").do("fraga", n=0)
    assert walk.inbox() == ["fraga"]
    walk.do("fraga", n=-1)
    assert walk.completed


def test_an_inclusive_join_waits_for_a_called_process_on_its_way():
    called = diagram("q", begin("b"), task("inne"), end("e"), chain("b", "inne", "e"))
    walk = Walk(diagram(
        "p", begin(), inclusive("dela", default="f_dela_ihop"), task("a"),
        call("c", "q"), task("sedan_c"), inclusive("ihop"), task("sedan"), end(),
        chain("start", "dela"), flow("dela", "a", "1 == 1"), flow("dela", "c", "1 == 1"),
        flow("dela", "ihop"), chain("a", "ihop"),
        chain("c", "sedan_c", "ihop", "sedan", "slut"),
    ), called)  # fmt: skip
    walk.do("a")
    assert walk.inbox() == ["inne"]
    walk.do("inne").do("sedan_c")
    assert walk.inbox() == ["sedan"]


def test_two_flows_into_a_task_run_it_twice_as_bpmn_says():
    walk = Walk(diagram(
        "p", begin(), fork("dela"), task("a"), task("b"), task("sedan"), end(),
        chain("start", "dela", "a", "sedan", "slut"), chain("dela", "b", "sedan"),
    ))  # fmt: skip
    walk.do("a").do("b")
    assert walk.inbox() == ["sedan", "sedan"]
    walk.do("sedan").do("sedan")
    assert walk.completed
