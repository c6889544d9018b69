"""Multi-instances and loops, over restarts."""

from __future__ import annotations

import pytest

from engine.errors import Stale
from engine.spiff import RunFailed
from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    chain,
    diagram,
    end,
    flow,
    node,
    script,
    service,
    task,
)
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import call, io, several, xor
from tests.engine.spiff.walk import Walk, World, inside

ANSWERS = several("samrad", "samr", into="svar", result="resultat")
CONSULT = diagram(
    "avst", begin("b"), task("svara"),
    boundary_timer("frist", "svara", "P5D"), script("uteblev", "resultat = [samr, None]"),
    boundary_message("avbryt", "svara", "avbryt", "[samr]"),
    script("avbruten", 'resultat = [samr, "avbruten"]'),
    script("klart", "resultat = [samr, svara.text]"), xor("ihop"), end("e"),
    chain("b", "svara", "klart", "ihop", "e"), chain("frist", "uteblev", "ihop"),
    chain("avbryt", "avbruten", "ihop"), messages=("avbryt",),
)  # fmt: skip
MAIN = diagram("p", begin(), task("planera"), script("lista", "samrad = planera.samrad"),
    call("avst_", "avst", ANSWERS), task("underlag"), end(),
    chain("start", "planera", "lista", "avst_", "underlag", "slut"))  # fmt: skip


def samr(name):
    return lambda data: data["samr"] == name


def test_parallel_called_processes_end_in_a_process_started_anew():
    walk = Walk(MAIN, CONSULT).do("planera", samrad=["facket", "jurist", "miljö"])
    walk.do("svara", samr("jurist"), text="ja")
    walk.deliver("avbryt", key=["facket"]).forward(days=6)
    assert walk.inbox() == ["underlag"]
    assert walk.data()["svar"] == [["jurist", "ja"], ["facket", "avbruten"], ["miljö", None]]
    walk.do("underlag")
    assert walk.completed


def test_one_more_is_added_while_they_run():
    walk = Walk(MAIN, CONSULT).do("planera", samrad=["a"])
    walk.with_run(lambda run: run.add_to_multi_instance("avst_", "sent"))
    walk.do("svara", samr("a"), text="1").do("svara", samr("sent"), text="2")
    assert walk.data()["svar"] == [["a", "1"], ["sent", "2"]]
    with pytest.raises(Stale):
        walk.with_run(lambda run: run.add_to_multi_instance("avst_", "för sent"))


def test_an_empty_list_is_passed_at_once():
    assert Walk(MAIN, CONSULT).do("planera", samrad=[]).inbox() == ["underlag"]


def test_a_called_process_with_a_result_list_can_be_entered_again():
    main = diagram(
        "p", begin(), xor("m"), call("hand", "hand"), task("besluta"), xor("x", default="f_x_slut"),
        end(), chain("start", "m", "hand", "besluta", "x", "slut"),
        flow("x", "m", 'besluta.utfall == "återremiss"'),
    )  # fmt: skip
    hand = diagram("hand", begin("bh"), call("a", "avst", ANSWERS), end("eh"),
        chain("bh", "a", "eh"))  # fmt: skip
    walk = Walk(main, hand, CONSULT, data={"samrad": ["a", "b"]})
    for outcome in ("återremiss", "återremiss", "avgjort"):
        walk.do("svara", samr("a"), text="x").do("svara", samr("b"), text="y")
        assert len(walk.data()["svar"]) == 2
        walk.do("besluta", utfall=outcome)
    assert walk.completed


@pytest.mark.parametrize("sequential", [False, True])
def test_several_human_tasks_give_what_each_answered(sequential):
    loop = several("xs", "x", into="svar", result="text", sequential=sequential)
    walk = Walk(diagram("p", begin(), node("userTask", "u", loop), task("efter"), end(),
        chain("start", "u", "efter", "slut")), data={"xs": [1, 2, 3]})  # fmt: skip
    assert len(walk.inbox()) == (1 if sequential else 3)
    for number in (1, 2, 3):
        walk.do("u", lambda data, n=number: data["x"] == n, text=f"svar {number}")
    assert walk.data()["svar"] == ["svar 1", "svar 2", "svar 3"]
    assert walk.inbox() == ["efter"]


def test_children_without_a_result_put_no_old_fact_back():
    walk = Walk(diagram("p", begin(), node("userTask", "u", several("xs", "x")),
        task("efter"), end(), chain("start", "u", "efter", "slut")),
        data={"xs": [1, 2], "u": "gammal"})  # fmt: skip
    walk.do("u", lambda data: data["x"] == 2, text="ny").do("u", text="nyare")
    assert walk.data()["u"] == {"text": "nyare"}
    assert "x" not in walk.data()


def test_a_completion_condition_sees_the_results_so_far():
    loop = several("xs", "x", into="svar", result="ok", enough="len(svar) &gt;= 2")
    walk = Walk(diagram("p", begin(), node("userTask", "u", loop), task("efter"), end(),
        chain("start", "u", "efter", "slut")), data={"xs": [1, 2, 3]})  # fmt: skip
    walk.do("u", ok=True)
    assert walk.inbox() == ["u", "u"]
    walk.do("u", ok=False)
    assert walk.inbox() == ["efter"]
    assert walk.data()["svar"] == [True, False]
    assert walk.kinds_of("u").count("element_cancelled") == 1


def test_the_results_of_a_cancelled_multi_instance_are_not_left_in_the_list_it_began_with():
    walk = Walk(diagram(
        "p", begin(), node("userTask", "u", several("xs", "x", into="svar", result="ok")),
        boundary_timer("t", "u", "P1D"), task("efter"), end(), chain("start", "u", "slut"),
        chain("t", "efter", "slut"),
    ), data={"xs": [1, 2], "svar": []})  # fmt: skip
    walk.do("u", ok=1).forward(days=2)
    assert walk.inbox() == ["efter"]
    assert walk.data()["svar"] == []


def test_operations_and_scripts_can_be_done_for_each():
    done = []
    world = World(operations={"gor": inside(lambda data: done.append(data["x"]) or {"n": 1})})
    loop = several("xs", "x", into="ut", result="n")
    walk = Walk(diagram("p", begin(), node("serviceTask", "s", loop, operation="gor"), end(),
        chain("start", "s", "slut")), data={"xs": ["a", "b"]}, world=world)  # fmt: skip
    assert (done, walk.completed, walk.data()["ut"]) == (["a", "b"], True, [1, 1])


def test_a_loop_sees_what_the_last_round_left():
    loop = (
        '<bpmn:standardLoopCharacteristics testBefore="false"><bpmn:loopCondition>'
        "u.mer</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    walk = Walk(diagram("p", begin(), node("userTask", "u", loop), task("efter"), end(),
        chain("start", "u", "efter", "slut")))  # fmt: skip
    walk.do("u", mer=True, lista=[1, 2]).do("u", mer=True, lista=[3]).do("u", mer=False)
    assert walk.inbox() == ["efter"]
    assert walk.data()["u"] == {"mer": False}


def test_a_list_that_is_none_names_its_element():
    with pytest.raises(RunFailed) as failed:
        Walk(diagram("p", begin(), node("userTask", "u", several("xs", "x")), end(),
            chain("start", "u", "slut")), data={"xs": 3})  # fmt: skip
    assert failed.value.element in ("start", "u")


def test_a_called_process_sees_and_gives_what_it_declares():
    sub = diagram("q", io(["dnr"], ["utfall"]), begin("b"), script("s", 'utfall = "ja"\nbrus = 1'),
        service("o", "syns"), end("e"), chain("b", "s", "o", "e"))  # fmt: skip
    seen = {}
    world = World(operations={"syns": inside(lambda data: seen.update(data))})
    walk = Walk(diagram("p", begin(), call("c", "q"), task("u"), end(),
        chain("start", "c", "u", "slut")), sub, data={"dnr": 1, "hemligt": 2},
        world=world)  # fmt: skip
    assert walk.data() == {"dnr": 1, "hemligt": 2, "utfall": "ja"}
    assert "hemligt" not in seen


@pytest.mark.parametrize(
    ("data", "text"), [({}, "kräver ”dnr”"), ({"dnr": 1}, "inget värde för ”utfall”")]
)
def test_what_a_called_process_lacks_is_said(data, text):
    sub = diagram("q", io(["dnr"], ["utfall"]), begin("b"), end("e"), chain("b", "e"))
    with pytest.raises(RunFailed, match=text) as failed:
        Walk(diagram("p", begin(), call("c", "q"), end(), chain("start", "c", "slut")), sub,
            data=data)  # fmt: skip
    assert failed.value.element == "c"


def test_a_called_process_that_is_terminated_gives_its_outputs():
    sub = diagram(
        "q", io(["dnr"], ["utfall"]), begin("b"), task("u"), script("s", 'utfall = u.text'),
        end("e", "<bpmn:terminateEventDefinition/>"), chain("b", "u", "s", "e"),
    )  # fmt: skip
    walk = Walk(diagram("p", begin(), call("c", "q"), task("efter"), end(),
        chain("start", "c", "efter", "slut")), sub, data={"dnr": 1})  # fmt: skip
    walk.do("u", text="klart")
    assert (walk.inbox(), walk.data()["utfall"]) == (["efter"], "klart")


@pytest.mark.parametrize("count", ["10000000000", "1001", "-1", "2.5", "True", "'3'"])
def test_a_number_of_times_that_nobody_could_do_names_its_element(count):
    often = (
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormal'
        'Expression">antal</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'
    )
    drawn = diagram("p", begin(), script("s", f"antal = {count}"),
        node("userTask", "flera", often, role="Handläggare"), end(),
        chain("start", "s", "flera", "slut"))  # fmt: skip
    with pytest.raises(RunFailed) as failed:
        Walk(drawn)
    assert failed.value.element == "flera"
    assert "högst 1000" in str(failed.value)


def test_a_list_is_as_bounded_as_a_number():
    drawn = diagram("p", begin(), node("userTask", "flera", several("lista", "i"), role="X"),
        end(), chain("start", "flera", "slut"))  # fmt: skip
    assert len(Walk(drawn, data={"lista": [1] * 1_000}).inbox()) == 1_000
    with pytest.raises(RunFailed, match="högst 1000"):
        Walk(drawn, data={"lista": [1] * 1_001})
