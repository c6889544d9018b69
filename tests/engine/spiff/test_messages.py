"""Messages: each to exactly the one task whose key it bears."""

from __future__ import annotations

import pytest

from engine.errors import Stale
from engine.spiff import BuildError, build_specs
from tests.engine.bpmn import (
    boundary_message,
    catch,
    chain,
    diagram,
    end,
    flow,
    fork,
    node,
    script,
    task,
    throw,
    timer,
)
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import boundary, call, several, sub, terminate, xor
from tests.engine.spiff.walk import Walk

WORK = diagram("arbete", begin("b"), task("jobba"), end("e"), chain("b", "jobba", "e"))


def test_a_message_is_delivered_to_the_task_that_was_chosen_and_to_no_other():
    walk = Walk(diagram(
        "p", begin(), fork("f"), catch("v1", "beslut", "[dnr, 1]"), catch("v2", "beslut",
        "[dnr, 2]"), fork("ihop"), task("klart"), end(), chain("start", "f", "v1", "ihop", "klart",
        "slut"), chain("f", "v2", "ihop"), messages=("beslut",),
    ), data={"dnr": "RS/1/2026"})  # fmt: skip
    assert walk.listening() == [("v1", ["RS/1/2026", 1]), ("v2", ["RS/1/2026", 2])]
    walk.deliver("v2", utfall="avgjort")
    assert walk.listening() == [("v1", ["RS/1/2026", 1])]
    walk.deliver("v1", utfall="vidare")
    assert walk.data()["v2"] == {"utfall": "avgjort"}
    assert walk.data()["v1"] == {"utfall": "vidare"}


def test_the_key_is_what_it_was_when_the_waiting_began():
    walk = Walk(diagram(
        "p", begin(), task("u"), boundary_message("b", "u", "x", "[n]", cancel=False),
        script("s", "n = n + 1"), end("e2"), end(), chain("start", "u", "slut"),
        chain("b", "s", "e2"), messages=("x",),
    ), data={"n": 1})  # fmt: skip
    assert walk.listening() == [("b", [1])]


def test_what_is_thrown_goes_to_the_outbox_even_when_the_same_bundle_waits_for_it():
    walk = Walk(diagram(
        "p", begin(), fork("f"), catch("v", "x", "[dnr]"), throw("t", "x", "[dnr]", '{"n": 1}'),
        end("e2"), end(), chain("start", "f", "v", "slut"), chain("f", "t", "e2"),
        messages=("x",),
    ), data={"dnr": 7})  # fmt: skip
    assert walk.listening() == [("v", [7])]
    sent = walk.sent[0]
    assert (sent.element, sent.name, sent.key, sent.payload) == ("t", "x", [7], {"n": 1})


def test_a_message_on_send_tasks_and_end_events_is_sent_too():
    walk = Walk(diagram(
        "p", begin(), node("sendTask", "s", attach=' messageRef="m_x"', nyckel="[1]"),
        end("slut", '<bpmn:messageEventDefinition messageRef="m_x"/>'),
        chain("start", "s", "slut"), messages=("x",),
    ))  # fmt: skip
    assert [sent.element for sent in walk.sent] == ["s", "slut"]
    assert walk.completed


def test_a_non_interrupting_boundary_message_listens_again_each_time():
    walk = Walk(diagram(
        "p", begin(), call("c", "arbete"),
        boundary_message("ny", "c", "ny_handling", "[dnr]", cancel=False), task("granska"),
        end("e2"), task("efter"), end(), chain("start", "c", "efter", "slut"),
        chain("ny", "granska", "e2"), messages=("ny_handling",),
    ), WORK, data={"dnr": 1})  # fmt: skip
    for number in range(3):
        walk.deliver("ny", n=number)
    assert walk.inbox() == ["granska", "granska", "granska", "jobba"]
    assert [t.data.get("ny") for t in walk.load().open_tasks()][:3] == [
        {"n": 0}, {"n": 1}, {"n": 2}
    ]  # fmt: skip
    assert len(walk.listening()) == 1
    walk.do("jobba")
    assert walk.listening() == []
    for _number in range(3):
        walk.do("granska")
    walk.do("efter")
    assert walk.completed


def test_a_hundred_messages_to_a_listener_leave_the_state_small():
    walk = Walk(diagram(
        "p", begin(), task("u"), boundary_message("ny", "u", "x", "[1]", cancel=False),
        end("e2"), end(), chain("start", "u", "slut"), chain("ny", "e2"), messages=("x",),
    ))  # fmt: skip
    sizes = []
    for _number in range(100):
        sizes.append(len(walk.deliver("ny").state))
    assert sizes[-1] <= sizes[10] * 1.1
    walk.do("u")
    assert walk.completed


def test_a_listener_branch_ended_by_terminate_hears_every_message():
    walk = Walk(diagram(
        "p", begin(), sub("sp", begin("a"), fork("g"), task("jobba"), terminate(), xor("m"),
        node("receiveTask", "r", attach=' messageRef="m_x"', nyckel="[1]"), task("granska"),
        chain("a", "g", "jobba", "stopp"), chain("g", "m", "r", "granska", "m")), task("efter"),
        end(), chain("start", "sp", "efter", "slut"), messages=("x",),
    ))  # fmt: skip
    for number in range(2):
        walk.deliver("r", n=number)
        assert sorted(walk.inbox()) == ["granska", "jobba"]
        walk.do("granska")
    walk.do("jobba")
    assert (walk.inbox(), walk.listening()) == (["efter"], [])


def test_an_event_based_gateway_takes_what_happens_first_and_keeps_its_payload():
    arms = diagram(
        "p", begin(), node("eventBasedGateway", "g"), catch("svar", "svar_in", "[dnr]"),
        timer("frist", "P9D"), task("registrera"), task("paminn"), end(),
        chain("start", "g", "svar", "registrera", "slut"), chain("g", "frist", "paminn", "slut"),
        messages=("svar_in",),
    )  # fmt: skip
    answered = Walk(arms, data={"dnr": 1}).deliver("svar", text="ja")
    assert (answered.inbox(), answered.timers()) == (["registrera"], {})
    assert answered.data()["svar"] == {"text": "ja"}
    late = Walk(arms, data={"dnr": 1}).forward(days=10)
    assert (late.inbox(), late.listening()) == (["paminn"], [])


def test_delivering_twice_to_the_same_place_is_stale():
    walk = Walk(diagram("p", begin(), catch("v", "x", "[1]"), task("u"), end(),
        chain("start", "v", "u", "slut"), messages=("x",)))  # fmt: skip
    waits = walk.load().waits()
    walk.deliver("v")
    with pytest.raises(Stale):
        walk.load().deliver(waits[0].spiff_id, {})


def test_a_catch_without_a_message_is_refused_with_its_element():
    drawn = diagram("p", begin(), node("receiveTask", "r", attach=' messageRef="m_nej"'), end(),
        chain("start", "r", "slut"))  # fmt: skip
    with pytest.raises(BuildError) as refused:
        build_specs({"p.bpmn": drawn}, "p")
    assert refused.value.element == "r"


WITHDRAWAL = (
    boundary_message("aterkallat", "fas", "m", "[dnr]"), script("s", 'status = "återkallat"'),
    task("avsluta"), end("e2"), task("nasta"), end(), chain("start", "fas", "nasta", "slut"),
    chain("aterkallat", "s", "avsluta", "e2"),
)  # fmt: skip
CONSULT = diagram(
    "avst", begin("b"), catch("vanta", "svar_in", "[samr]"), task("registrera"), end("e"),
    chain("b", "vanta", "registrera", "e"), messages=("svar_in",),
)  # fmt: skip


@pytest.mark.parametrize("shape", ["call", "several calls", "subprocess", "call of several"])
def test_a_withdrawal_calls_off_everything_inside_and_leaves_no_orphans(shape):
    loop = several("samrad", "samr", into="svar", result="registrera")
    files = [CONSULT]
    if shape == "several calls":
        phase = call("fas", "avst", loop)
    elif shape == "subprocess":
        phase = sub("fas", begin("sf"), call("c", "avst", loop), end("ef"), chain("sf", "c", "ef"))
    else:
        phase = call("fas", "hand")
        core = call("c", "avst", loop)
        if shape == "call":
            core += fork("f") + task("parallellt") + fork("j")
            core += chain("bh", "f", "c", "j", "eh") + chain("f", "parallellt", "j")
        else:
            core += chain("bh", "c", "eh")
        files.append(diagram("hand", begin("bh"), core, end("eh")))
    walk = Walk(
        diagram("p", begin(), phase, *WITHDRAWAL, messages=("m",)), *files,
        data={"dnr": 1, "samrad": ["a", "b", "c"]},
    )  # fmt: skip
    walk.deliver("vanta", key=["b"])
    open_before = set(walk.inbox())
    walk.deliver("aterkallat")
    assert (walk.inbox(), walk.listening(), walk.timers()) == (["avsluta"], [], {})
    for element in open_before:
        assert walk.kinds_of(element)[-1] == "element_cancelled"
    assert walk.kinds_of("vanta").count("element_cancelled") == 2
    walk.do("avsluta")
    assert walk.completed
    assert walk.data()["status"] == "återkallat"


def test_errors_and_escalations_go_to_the_nearest_boundary_around_them_only():
    inner = diagram("q", begin("b"), xor("v", default="f_v_e"), end("e"),
        end("fel", '<bpmn:errorEventDefinition errorRef="E1"/>'), chain("b", "v"),
        flow("v", "fel", "samr == 2"), chain("v", "e"))  # fmt: skip
    inner = inner.replace(
        "</bpmn:definitions>", '<bpmn:error id="E1" errorCode="E1"/></bpmn:definitions>'
    )
    catcher = boundary("tog", "c", '<bpmn:errorEventDefinition errorRef="E1"/>')
    middle = diagram("m", begin("bm"), call("c", "q"), catcher, task("ratta"), end("em"),
        chain("bm", "c", "em"), chain("tog", "ratta", "em")).replace(
        "</bpmn:definitions>", '<bpmn:error id="E1" errorCode="E1"/></bpmn:definitions>'
    )  # fmt: skip
    walk = Walk(diagram("p", begin(), call("alla", "m", several("xs", "samr")), end(),
        chain("start", "alla", "slut")), middle, inner, data={"xs": [1, 2, 3]})  # fmt: skip
    assert walk.inbox() == ["ratta"]
    walk.do("ratta")
    assert walk.completed


def test_a_signal_end_event_is_thrown():
    drawn = diagram(
        "p", begin(), fork("f"),
        node("intermediateCatchEvent", "vanta", '<bpmn:signalEventDefinition signalRef="sg"/>'),
        task("efter"), task("forst"), end("slut"),
        end("signalslut", '<bpmn:signalEventDefinition signalRef="sg"/>'),
        chain("start", "f", "vanta", "efter", "slut"), chain("f", "forst", "signalslut"),
    )  # fmt: skip
    signal = '<bpmn:signal id="sg" name="klar"/></bpmn:definitions>'
    walk = Walk(drawn.replace("</bpmn:definitions>", signal)).do("forst")
    assert walk.inbox() == ["efter"]


def test_a_link_event_goes_on_at_its_catch():
    walk = Walk(diagram(
        "p", begin(), node("intermediateThrowEvent", "hit", '<bpmn:linkEventDefinition name="L"/>'),
        node("intermediateCatchEvent", "dit", '<bpmn:linkEventDefinition name="L"/>'),
        task("efter"), end(), chain("start", "hit"), chain("dit", "efter", "slut"),
    ))  # fmt: skip
    assert walk.inbox() == ["efter"]
