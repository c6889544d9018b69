"""What can be asked of a run and done to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.errors import Stale
from engine.spiff import Run, RunFailed, build_specs
from engine.spiff.codec import UnreadableState
from tests.engine.bpmn import (
    boundary_timer,
    chain,
    diagram,
    end,
    flow,
    fork,
    node,
    script,
    service,
    task,
)
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import boundary, call, several, sub, xor
from tests.engine.spiff.walk import Walk, World, inside, outside


def line(*nodes: str, ids: tuple[str, ...]) -> str:
    return diagram("p", begin(), *nodes, end(), chain("start", *ids, "slut"))


def test_user_manual_and_plain_tasks_wait_for_people():
    walk = Walk(line(task("a"), node("manualTask", "b"), node("task", "c"), ids=("a", "b", "c")))
    for element in ("a", "b", "c"):
        assert walk.inbox() == [element]
        walk.do(element)
    assert walk.completed


def test_a_task_is_completed_once():
    walk = Walk(line(task("a"), task("b"), ids=("a", "b")))
    first = walk.load().open_tasks()[0].spiff_id
    walk.do("a")
    with pytest.raises(Stale):
        walk.load().complete(first, {})


def test_an_inside_operation_runs_at_once_and_its_result_is_kept_under_the_element():
    world = World(operations={"ge_nummer": inside(lambda data: {"nummer": data["n"] + 1})})
    walk = Walk(line(service("s", "ge_nummer"), task("u"), ids=("s", "u")), world=world,
        data={"n": 1})  # fmt: skip
    assert walk.data()["s"] == {"nummer": 2}


def test_an_outside_operation_is_waited_for_and_other_branches_go_on():
    world = World(operations={"skicka": outside()})
    walk = Walk(diagram("p", begin(), fork("f"), service("s", "skicka"), task("u"), fork("j"),
        end(), chain("start", "f", "s", "j", "slut"), chain("f", "u", "j")),
        world=world)  # fmt: skip
    call_ = walk.load().calls()[0]
    assert (call_.element, call_.operation) == ("s", "skicka")
    walk.do("u")
    assert not walk.completed
    walk.with_run(lambda run: run.finish_call(call_.spiff_id, {"kvitto": "1"}))
    assert walk.completed
    assert walk.data()["s"] == {"kvitto": "1"}
    with pytest.raises(Stale):
        walk.with_run(lambda run: run.finish_call(call_.spiff_id, None))


def test_a_boundary_timer_calls_an_outside_operation_off():
    world = World(operations={"skicka": outside()})
    walk = Walk(diagram("p", begin(), service("s", "skicka"), boundary_timer("t", "s", "P1D"),
        task("u"), end(), chain("start", "s", "slut"), chain("t", "u", "slut")),
        world=world)  # fmt: skip
    walk.forward(days=2)
    assert (walk.inbox(), walk.load().calls()) == (["u"], [])


@pytest.mark.parametrize(
    ("drawn", "element"),
    [
        (line(service("s", "trasig"), ids=("s",)), "s"),
        (line(service("s", "finns_inte"), ids=("s",)), "s"),
        (line(script("s", "x = saknas + 1"), ids=("s",)), "s"),
        (line(xor("s"), ids=("s",)).replace(
            'id="f_s_slut" ', 'id="f_s_slut" name="ja" ').replace(
            "</bpmn:process>", flow("s", "start", "1 == 2") + "</bpmn:process>").replace(
            'targetRef="slut"></bpmn:sequenceFlow>', 'targetRef="slut"><bpmn:conditionExpression>'
            "1 == 3</bpmn:conditionExpression></bpmn:sequenceFlow>"), "s"),
    ],
)  # fmt: skip
def test_a_failure_names_its_element_and_keeps_its_cause(drawn, element):
    def broken(data):
        raise ValueError("registret svarar inte")

    with pytest.raises(RunFailed) as failed:
        Walk(drawn, world=World(operations={"trasig": inside(broken)}))
    assert failed.value.element == element
    assert failed.value.cause is not None


def test_what_failed_can_be_run_again_from_the_state_that_was_saved_with_it():
    answers = iter([ValueError("nere"), {"ok": True}])

    def flaky(data):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    world = World(operations={"svag": inside(flaky)})
    walk = Walk(line(task("u"), service("s", "svag"), task("v"), ids=("u", "s", "v")), world=world)
    run = walk.load()
    with pytest.raises(RunFailed):
        run.complete(run.open_tasks()[0].spiff_id, {"x": 1})
    walk._keep(run)
    assert walk.inbox() == []
    walk.with_run(lambda run: run.retry("s"))
    assert walk.inbox() == ["v"]
    assert walk.data()["s"] == {"ok": True}
    assert walk.data()["u"] == {"x": 1}


def test_a_loop_that_never_rests_is_stopped():
    endless = diagram("p", begin(), xor("m"), script("s", "n = n + 1"), xor("x", default="f_x_m"),
        end(), chain("start", "m", "s", "x", "m"), flow("x", "slut", "n < 0"))  # fmt: skip
    with pytest.raises(RunFailed, match="utan att stanna"):
        Walk(endless, data={"n": 0})


def test_cancelling_calls_off_everything_and_ends_the_run():
    called = diagram("q", begin("b"), task("inne"), boundary_timer("t", "inne", "P1D"), end("e"),
        chain("b", "inne", "e"), chain("t", "e"))  # fmt: skip
    walk = Walk(line(call("c", "q"), ids=("c",)), called)
    walk.with_run(lambda run: run.cancel())
    assert (walk.inbox(), walk.timers(), walk.completed) == ([], {}, True)
    assert walk.kinds_of("inne")[-1] == "element_cancelled"


def test_the_role_is_the_property_else_the_lane_else_looked_for_outwards():
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Handläggare">'
        "<bpmn:flowNodeRef>lan</bpmn:flowNodeRef><bpmn:flowNodeRef>egen</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>sp</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    called = diagram(
        "q", lanes, begin("b"), task("lan", role=""), task("egen", role="Registrator"),
        sub("sp", begin("bs"), task("i_sub", role=""), end("es"), chain("bs", "i_sub", "es")),
        task("utan", role=""), end("e"), chain("b", "lan", "egen", "sp", "utan", "e"),
    )  # fmt: skip
    walk = Walk(line(call("c", "q", role="Ordförande"), ids=("c",)), called)
    roles = []
    while walk.inbox():
        roles.append(walk.load().open_tasks()[0].role)
        walk.do(walk.inbox()[0])
    assert roles == ["Handläggare", "Registrator", "Handläggare", "Ordförande"]


def test_lanes_survive_other_files_without_processes_in_the_bundle():
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Registrator">'
        "<bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    drawn = diagram("p", lanes, begin(), task("u", role=""), end(), chain("start", "u", "slut"))
    empty = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="x"/>'
    for _round in range(30):
        files = {"a.bpmn": empty, "p.bpmn": drawn, "z.bpmn": empty}
        assert build_specs(files, "p").elements["p", "u"].role == "Registrator"


def test_two_files_may_draw_subprocesses_of_the_same_name():
    def phase(prefix):
        return sub("fas", begin(f"{prefix}b"), task(f"{prefix}u"), end(f"{prefix}e"),
            chain(f"{prefix}b", f"{prefix}u", f"{prefix}e"))  # fmt: skip

    called = diagram("q", begin("bq"), phase("inre_"), end("eq"), chain("bq", "fas", "eq"))
    walk = Walk(line(call("c", "q"), phase("yttre_"), ids=("c", "fas")), called)
    assert walk.do("inre_u").inbox() == ["yttre_u"]


def test_an_answer_may_hold_any_json_also_what_spiffworkflow_takes_for_its_own():
    nasty = {"typename": "UUID", "value": 1, "lista": [{"typename": "x"}], "tom": None}
    walk = Walk(line(task("u"), task("v"), ids=("u", "v"))).do("u", **nasty)
    assert walk.data()["u"] == nasty


def test_an_answer_that_is_no_json_is_refused_before_it_is_saved():
    run = Walk(line(task("u"), task("v"), ids=("u", "v"))).load()
    run.complete(run.open_tasks()[0].spiff_id, {"när": datetime(2026, 1, 1, tzinfo=UTC)})
    with pytest.raises(Exception, match="inte går att spara"):
        run.dump()


def test_the_thousandth_round_of_a_loop_costs_what_the_tenth_did():
    drawn = diagram(
        "p", begin(), xor("m"), task("u"), script("s", "n = n + 1"), fork("f"),
        script("a", "x = n"), script("b", "y = n"), fork("j"), xor("x", default="f_x_m"), end(),
        chain("start", "m", "u", "s", "f", "a", "j", "x", "m"), chain("f", "b", "j"),
        flow("x", "slut", "n > 1000"),
    )  # fmt: skip
    specs, world = build_specs({"p.bpmn": drawn}, "p"), World()
    state, sizes = Run.start(specs, {"n": 0}, world).dump(), []
    for _round in range(1000):
        run = Run.load(specs, state, world)
        run.complete(run.open_tasks()[0].spiff_id, {"svar": "ja"})
        state = run.dump()
        sizes.append(len(state))
    assert sizes[-1] < sizes[9] + 20
    assert run.data()["n"] == 1000


def test_of_several_start_events_the_first_to_happen_starts():
    drawn = diagram(
        "p", catch_start("per_post", "m"), node("startEvent", "per_tid", TIMER), task("u"),
        task("v"), end(), chain("per_post", "u", "slut"), chain("per_tid", "v", "slut"),
        messages=("m",),
    )  # fmt: skip
    walk = Walk(drawn)
    assert (walk.inbox(), [element for element, _key in walk.listening()]) == ([], ["per_post"])
    walk.deliver("per_post", n=1)
    assert (walk.inbox(), walk.timers()) == (["u"], {})
    assert walk.do("u").completed


TIMER = (
    '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition>"
)


def catch_start(id_, message):
    definition = f'<bpmn:messageEventDefinition messageRef="m_{message}"/>'
    return node("startEvent", id_, definition, nyckel="[1]")


def test_a_cancelled_transaction_goes_on_from_its_cancel_event():
    inner = node("transaction", "tr", "".join([
        begin("b"), task("u"), xor("x", default="f_x_e"), end("e"),
        end("avbryt", "<bpmn:cancelEventDefinition/>"), chain("b", "u", "x", "e"),
        flow("x", "avbryt", "u.nej"),
    ]))  # fmt: skip
    drawn = line(inner, boundary("c", "tr", "<bpmn:cancelEventDefinition/>"), task("efter"),
        task("ratta"), chain("c", "ratta", "slut"), ids=("tr", "efter"))  # fmt: skip
    assert Walk(drawn).do("u", nej=True).inbox() == ["ratta"]
    assert Walk(drawn).do("u", nej=False).inbox() == ["efter"]


def test_an_escalation_is_heard_each_time_and_lets_its_subprocess_go_on():
    escalate = '<bpmn:escalationEventDefinition escalationRef="E"/>'
    inner = sub("sp", begin("b"), xor("m"), task("u"),
        node("intermediateThrowEvent", "esk", escalate), xor("x", default="f_x_m"), end("e"),
        chain("b", "m", "u", "esk", "x", "m"), flow("x", "e", "u.klart"))  # fmt: skip
    drawn = line(inner, boundary("h", "sp", escalate, cancel=False), task("hjalp"), end("e2"),
        chain("h", "hjalp", "e2"), ids=("sp",)).replace("</bpmn:definitions>",
        '<bpmn:escalation id="E" escalationCode="E"/></bpmn:definitions>')  # fmt: skip
    walk = Walk(drawn).do("u", klart=False).do("u", klart=False).do("u", klart=True)
    assert walk.inbox() == ["hjalp"] * 3
    for _number in range(3):
        walk.do("hjalp")
    assert walk.completed


def test_a_running_case_moves_to_a_new_version_and_keeps_timers_and_ids():
    old = line(task("a"), task("b"), boundary_timer("t", "b", "P9D"), chain("t", "slut"),
        ids=("a", "b"))  # fmt: skip
    new = line(task("b"), boundary_timer("t", "b", "P1D"), task("nytt"), task("c"),
        chain("t", "nytt", "slut"), ids=("b", "c"))  # fmt: skip
    walk = Walk(old).do("a", x=1)
    before = (walk.load().open_tasks()[0].spiff_id, walk.timers())
    specs = [build_specs({"p.bpmn": text}, "p") for text in (old, new)]
    assert Run.misfits(*specs, walk.state) == []
    walk.files = {"p.bpmn": new}
    assert (walk.load().open_tasks()[0].spiff_id, walk.timers()) == before
    assert walk.do("b").inbox() == ["c"]
    assert walk.data()["a"] == {"x": 1}


def test_a_case_does_not_fit_a_version_without_the_element_where_it_stands():
    inner = diagram("q", begin("b"), task("inne"), end("e"), chain("b", "inne", "e"))
    old = build_specs({"p.bpmn": line(call("c", "q"), ids=("c",)), "q.bpmn": inner}, "p")
    other = inner.replace("userTask", "manualTask")
    new = build_specs({"p.bpmn": line(call("c", "q"), ids=("c",)), "q.bpmn": other}, "p")
    gone = build_specs({"p.bpmn": line(task("u"), ids=("u",))}, "p")
    state = Run.start(old, {}, World()).dump()
    assert Run.misfits(old, new, state) == ["inne"]
    assert Run.misfits(old, gone, state) == ["c", "inne"]
    with pytest.raises(UnreadableState):
        Run.load(gone, state, World())


def test_yes_and_no_may_be_written_one_and_nought():
    drawn = line(task("a"), boundary_timer("t", "a", "P1D", cancel=False).replace('"false"', '"0"'),
        task("b"), end("e"), chain("t", "b", "e"), ids=("a",))  # fmt: skip
    assert sorted(Walk(drawn).forward(days=2).inbox()) == ["a", "b"]
    one_by_one = several("lista", "i", sequential=True).replace('"true"', '"1"')
    drawn = line(node("userTask", "a", one_by_one, role="X"), ids=("a",))
    assert Walk(drawn, data={"lista": [1, 2]}).inbox() == ["a"]


def test_a_step_that_several_flows_leave_is_followed_by_all_whose_condition_holds():
    drawn = diagram("p", begin(), task("x"), task("a"), task("b"), task("c"), end(),
        chain("start", "x", "a", "slut"), chain("x", "b", "slut"))  # fmt: skip
    walk = Walk(drawn.replace(task("c"), "")).do("x")
    assert sorted(walk.inbox()) == ["a", "b"]
    assert not [element for _kind, element in walk.records if "." in element]
    walk.do("a").do("b")
    assert walk.completed
    drawn = diagram("p", begin(), node("userTask", "x", attach=' default="f_x_a"', role="X"),
        task("a"), task("b"), task("c"), end(), chain("start", "x", "a", "slut"),
        flow("x", "b", "x.b"), flow("x", "c", "x.c"), chain("b", "slut"),
        chain("c", "slut"))  # fmt: skip
    assert sorted(Walk(drawn).do("x", b=True, c=True).inbox()) == ["b", "c"]
    assert Walk(drawn).do("x", b=False, c=False).inbox() == ["a"]


def test_a_cancelled_transaction_leaves_its_neighbour_alone():
    cancel = "<bpmn:cancelEventDefinition/>"

    def transaction(name):
        inside = "".join((begin(f"s{name}"), task(f"u{name}"), node("endEvent", f"e{name}", cancel),
            chain(f"s{name}", f"u{name}", f"e{name}")))  # fmt: skip
        return (node("transaction", name, inside), boundary(f"av{name}", name, cancel),
            task(f"efter{name}"), chain("f", name, "slut"), chain(f"av{name}", f"efter{name}"),
            chain(f"efter{name}", "slut"))  # fmt: skip

    walk = Walk(diagram("p", begin(), fork("f"), end(), chain("start", "f"),
        *transaction("a"), *transaction("b")))  # fmt: skip
    assert sorted(walk.do("ua").inbox()) == ["eftera", "ub"]


ALARM = '<bpmn:escalationEventDefinition escalationRef="E"/>'
FAILS = '<bpmn:errorEventDefinition errorRef="F"/>'
THROWN = (
    '<bpmn:escalation id="E" escalationCode="E"/><bpmn:error id="F" name="F" errorCode="F"/>'
    "</bpmn:definitions>"
)


def thrown_inside(inside: str, event: str, *, cancel: bool) -> Walk:
    """start → sub, with `event` on its edge → slut; what is thrown leads to the task efter."""
    return Walk(diagram("p", begin(), node("subProcess", "sub", inside), end(), task("efter"),
        boundary("kant", "sub", event, cancel=cancel), chain("start", "sub", "slut"),
        chain("kant", "efter", "slut")).replace("</bpmn:definitions>", THROWN),
        data={"lista": [1, 2]})  # fmt: skip


def test_what_an_escalation_interrupts_goes_not_one_step_further():
    walk = thrown_inside("".join((begin("s"), node("intermediateThrowEvent", "kast", ALARM),
        script("k", "for_sent = 1"), end("e"), chain("s", "kast", "k", "e"))),
        ALARM, cancel=True)  # fmt: skip
    assert walk.inbox() == ["efter"]
    assert walk.kinds_of("k") == []
    assert walk.kinds_of("kast") == ["element_entered", "element_completed"]
    assert "for_sent" not in walk.data()


def test_of_several_that_fail_at_once_the_first_ends_them_all():
    walk = thrown_inside("".join((several("lista", "i"), begin("s"), node("endEvent", "e", FAILS),
        chain("s", "e"))), FAILS, cancel=True)  # fmt: skip
    assert walk.inbox() == ["efter"]
    assert walk.kinds_of("e").count("element_completed") == 1


def test_an_event_that_lets_its_step_go_on_hears_two_at_once():
    walk = thrown_inside("".join((several("lista", "i"), begin("s"), node("endEvent", "e", ALARM),
        chain("s", "e"))), ALARM, cancel=False)  # fmt: skip
    assert walk.inbox() == ["efter", "efter"]
