"""What happened, in the order it happened."""

from __future__ import annotations

from tests.engine.bpmn import (
    boundary_message,
    boundary_timer,
    chain,
    diagram,
    end,
    fork,
    node,
    script,
    task,
    timer,
)
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import call, several
from tests.engine.spiff.walk import Walk


def test_every_element_is_entered_and_completed_in_order_gateways_and_scripts_too():
    walk = Walk(diagram("p", begin(), fork("f"), script("s", "x = 1"), task("u"), fork("j"), end(),
        chain("start", "f", "s", "j", "slut"), chain("f", "u", "j")))  # fmt: skip
    walk.do("u")
    short = [f"{kind.removeprefix('element_')} {element}" for kind, element in walk.records]
    assert short == [
        "entered start", "completed start", "entered f", "completed f", "entered s", "entered u",
        "completed s", "completed u", "entered j", "completed j", "entered slut", "completed slut",
    ]  # fmt: skip


def test_a_boundary_event_shows_when_it_fires_and_only_then():
    walk = Walk(diagram(
        "p", begin(), task("u"), boundary_timer("t", "u", "P1D"),
        boundary_message("m", "u", "x", "[1]"), task("efter"), end(), chain("start", "u", "slut"),
        chain("t", "efter", "slut"), chain("m", "slut"), messages=("x",),
    ))  # fmt: skip
    assert walk.kinds_of("t") == walk.kinds_of("m") == []
    walk.forward(days=2)
    assert walk.kinds_of("t") == ["timer_fired", "element_completed"]
    assert walk.kinds_of("m") == []
    assert walk.kinds_of("u") == ["element_entered", "element_cancelled"]


def test_an_event_waited_for_is_entered_when_the_waiting_begins():
    walk = Walk(diagram("p", begin(), timer("t", "P1D"), end(), chain("start", "t", "slut")))
    assert walk.kinds_of("t") == ["element_entered"]
    walk.forward(days=2)
    assert walk.kinds_of("t") == ["element_entered", "timer_fired", "element_completed"]


def test_the_children_of_a_multi_instance_stand_each_for_itself():
    called = diagram("q", begin("b"), task("inne"), end("e"), chain("b", "inne", "e"))
    walk = Walk(diagram("p", begin(), call("c", "q", several("xs", "x")), end(),
        chain("start", "c", "slut")), called, data={"xs": [1, 2]})  # fmt: skip
    walk.do("inne", lambda data: data["x"] == 2).do("inne")
    assert walk.kinds_of("inne") == ["element_entered"] * 2 + ["element_completed"] * 2
    # The several and each of its children.
    assert walk.kinds_of("c").count("element_entered") == 3
    assert walk.kinds_of("c").count("element_completed") == 3


def test_a_record_names_the_diagram_its_element_stands_in():
    called = diagram("q", begin("b"), task("inne"), end("e"), chain("b", "inne", "e"))
    run = Walk(diagram("p", begin(), call("c", "q"), end(), chain("start", "c", "slut")), called)
    record = run.load()
    record.complete(record.open_tasks()[0].spiff_id, {})
    assert [(r.process_key, r.element) for r in record.records][:2] == [("q", "inne"), ("q", "e")]


def test_an_event_based_gateway_tells_which_event_was_taken():
    walk = Walk(diagram(
        "p", begin(), node("eventBasedGateway", "g"), timer("a", "P1D"), timer("b", "P2D"), end(),
        chain("start", "g", "a", "slut"), chain("g", "b", "slut"),
    ))  # fmt: skip
    walk.forward(days=3)
    assert walk.kinds_of("a") == ["timer_fired", "element_entered", "element_completed"]
    assert walk.kinds_of("b") == []
