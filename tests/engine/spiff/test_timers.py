"""Timers: ISO 8601, words and expressions; the earliest first; moved when facts move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.spiff import RunFailed
from engine.tables import NO_DEADLINE
from tests.engine.bpmn import boundary_timer, chain, diagram, end, node, script, task, timer
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import call, several, sub, terminate
from tests.engine.spiff.walk import MONDAY, Walk, World

WORDS = {
    "3 arbetsdagar": lambda start: start + timedelta(days=5),
    "genast": lambda start: start,
}


def pause(text: str, kind: str = "timeDuration") -> str:
    return diagram("p", begin(), timer("paus", text, kind), task("sedan"), end(),
        chain("start", "paus", "sedan", "slut"))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("PT1H", "timeDuration", MONDAY + timedelta(hours=1)),
        ('"PT1H"', "timeDuration", MONDAY + timedelta(hours=1)),
        ("P1M", "timeDuration", datetime(2026, 4, 2, 7, tzinfo=UTC)),
        ("P4W", "timeDuration", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("2026-12-01", "timeDate", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("2027-07-15T12:00", "timeDate", datetime(2027, 7, 15, 10, tzinfo=UTC)),
        ("2027-01-15T12:00:00Z", "timeDate", datetime(2027, 1, 15, 12, tzinfo=UTC)),
        ("3 arbetsdagar", "timeDuration", MONDAY + timedelta(days=5)),
        ("mote.datum", "timeDate", datetime(2026, 4, 19, 22, tzinfo=UTC)),
        ("frist", "timeDate", MONDAY + timedelta(days=5)),
        ("dagar(2)", "timeDate", MONDAY + timedelta(days=2)),
        ("mote.saknas", "timeDate", NO_DEADLINE),
        ("R3/PT1H", "timeCycle", MONDAY + timedelta(hours=1)),
    ],
)
def test_a_timer_takes_iso_8601_words_and_expressions_unquoted(text, kind, due):
    world = World(
        facts={"mote": {"datum": "2026-04-20", "saknas": None}},
        words=WORDS,
        functions={"dagar": lambda n: (MONDAY + timedelta(days=n)).isoformat()},
    )
    walk = Walk(pause(text, kind), world=world, data={"frist": "3 arbetsdagar"})
    assert walk.timers() == {"paus": due}


def test_a_single_word_that_no_fact_bears_is_a_deadline():
    assert Walk(pause("genast"), world=World(words=WORDS)).inbox() == ["sedan"]


def test_a_deadline_on_the_event_goes_before_what_is_drawn_inside_it():
    inside = (
        '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P9D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>"
    )
    walk = Walk(diagram("p", begin(), node("intermediateCatchEvent", "paus", inside,
        deadline="3 arbetsdagar"), end(), chain("start", "paus", "slut")),
        world=World(words=WORDS))  # fmt: skip
    assert walk.timers() == {"paus": MONDAY + timedelta(days=5)}


def test_what_can_not_be_read_names_its_element():
    with pytest.raises(RunFailed) as failed:
        Walk(pause("i sinom tid"))
    assert failed.value.element == "paus"


def test_a_calendar_day_over_the_change_of_clocks_ends_at_the_same_local_hour():
    world = World(now=datetime(2026, 3, 28, 9, tzinfo=UTC))
    assert Walk(pause("P1D"), world=world).timers() == {
        "paus": datetime(2026, 3, 29, 8, tzinfo=UTC)
    }


def test_of_two_interrupting_timers_overdue_at_once_only_the_earlier_fires():
    walk = Walk(diagram(
        "p", begin(), task("u"), boundary_timer("sen", "u", "P2D"),
        boundary_timer("tidig", "u", "P1D"), task("efter_sen"), task("efter_tidig"), end(),
        chain("start", "u", "slut"), chain("sen", "efter_sen", "slut"),
        chain("tidig", "efter_tidig", "slut"),
    )).forward(days=5)  # fmt: skip
    assert walk.inbox() == ["efter_tidig"]
    assert walk.kinds_of("sen") == []


def test_an_event_based_gateway_with_two_timers_takes_the_earlier():
    walk = Walk(diagram(
        "p", begin(), node("eventBasedGateway", "g"), timer("sen", "P10D"), timer("tidig", "P1D"),
        task("u_sen"), task("u_tidig"), end(), chain("start", "g", "sen", "u_sen", "slut"),
        chain("g", "tidig", "u_tidig", "slut"),
    ))  # fmt: skip
    assert walk.timers() == {
        "sen": MONDAY + timedelta(days=10, hours=0),
        "tidig": MONDAY + timedelta(days=1),
    }
    walk.forward(days=2)
    assert walk.inbox() == ["u_tidig"]
    assert walk.timers() == {}


def test_a_cycle_reminds_as_often_as_it_says_and_then_lets_the_case_end():
    walk = Walk(diagram(
        "p", begin(), task("svara"),
        boundary_timer("paminn", "svara", "R3/P2D", kind="timeCycle", cancel=False),
        script("logga", "antal = antal + 1"), end("e2"), end(), chain("start", "svara", "slut"),
        chain("paminn", "logga", "e2"),
    ), data={"antal": 0})  # fmt: skip
    for day in range(1, 12):
        walk.forward(days=1)
        assert walk.kinds_of("logga").count("element_completed") == min(day // 2, 3)
    assert walk.timers() == {}
    walk.do("svara")
    assert walk.completed


def test_an_endless_cycle_missed_for_a_year_fires_once_and_goes_on():
    walk = Walk(diagram(
        "p", begin(), task("svara"),
        boundary_timer("paminn", "svara", "R/P1D", kind="timeCycle", cancel=False), end("e2"),
        end(), chain("start", "svara", "slut"), chain("paminn", "e2"),
    )).forward(days=365)  # fmt: skip
    assert walk.kinds_of("paminn") == ["timer_fired"]
    assert len(walk.state) < 1_000
    walk.forward(days=1).do("svara")
    assert walk.kinds_of("paminn") == ["timer_fired"] * 2
    assert walk.completed


def test_a_cycle_on_an_interrupting_event_interrupts_once():
    walk = Walk(diagram(
        "p", begin(), task("u"), boundary_timer("sen", "u", "R/P1D", kind="timeCycle"),
        task("efter"), end(), chain("start", "u", "slut"), chain("sen", "efter", "slut"),
    )).forward(days=3)  # fmt: skip
    assert walk.inbox() == ["efter"]


def moving() -> tuple[str, ...]:
    child = diagram(
        "avstamning", begin("b"), task("svara"),
        boundary_timer("for_sen", "svara", "fore(mote, 28)", kind="timeDate", cancel=False),
        script("sen", "sen = True"), end("e1"), end("e"), chain("b", "svara", "e"),
        chain("for_sen", "sen", "e1"),
    )  # fmt: skip
    main = diagram("p", begin(), call("avst", "avstamning", several("samrad", "samr")),
        task("top"), boundary_timer("t", "top", "fore(mote, 1)", kind="timeDate"), end(),
        chain("start", "avst", "top", "slut"), chain("t", "slut"))  # fmt: skip
    return main, child


def test_timers_move_with_the_date_they_hang_on_in_multi_instances_too():
    world = World(facts={"mote": {"datum": datetime(2026, 4, 20, 9, tzinfo=UTC)}})
    world.functions["fore"] = lambda mote, n: (mote["datum"] - timedelta(days=n)).isoformat()
    walk = Walk(*moving(), world=world, data={"samrad": [1, 2]})
    world.facts["mote"]["datum"] += timedelta(days=14)
    moved = walk.with_run(lambda run: run.reschedule())
    assert [(m.element, m.new - m.old) for m in moved] == [("for_sen", timedelta(days=14))] * 2
    walk.world.now = datetime(2026, 3, 24, tzinfo=UTC)
    assert walk.forward().kinds_of("sen") == []
    world.facts["mote"]["datum"] = walk.world.now + timedelta(days=1)
    walk.with_run(lambda run: run.reschedule())
    assert walk.forward().kinds_of("sen").count("element_completed") == 2, "moved into the past"
    assert walk.with_run(lambda run: run.reschedule()) == []


def test_a_relative_deadline_is_still_counted_from_its_start_when_rescheduled():
    world = World(words=WORDS)
    walk = Walk(pause("3 arbetsdagar"), world=world)
    world.now += timedelta(days=2)
    assert walk.with_run(lambda run: run.reschedule()) == []
    assert walk.timers() == {"paus": MONDAY + timedelta(days=5)}


def test_a_task_with_reminder_and_escalation_ends_with_the_task():
    inner = sub(
        "fordelning", begin("b"), task("fordela"),
        boundary_timer("t1", "fordela", "P3D", cancel=False), script("pam", "x = 1"), end("e1"),
        boundary_timer("t2", "fordela", "P5D", cancel=False),
        task("eskalera", role="Regiondirektör"), end("e2"), terminate(),
        chain("b", "fordela", "stopp"), chain("t1", "pam", "e1"), chain("t2", "eskalera", "e2"),
        role="Fördelare",
    )  # fmt: skip
    walk = Walk(diagram("p", begin(), inner, task("nasta"), end(),
        chain("start", "fordelning", "nasta", "slut")))  # fmt: skip
    walk.forward(days=6)
    assert walk.inbox() == ["fordela", "eskalera"]
    walk.do("fordela")
    assert walk.inbox() == ["nasta"]
    assert walk.timers() == {}
    assert walk.kinds_of("eskalera") == ["element_entered", "element_cancelled"]
    walk.do("nasta")
    assert walk.completed


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("P9999999Y", "högst 100 år"),
        ("R/P9999999Y", "högst 100 år"),
        ("9999-12-31T23:59:00-10:00", ""),
        ("R/PT0S", "minst 60 sekunder"),
        ("R/PT1S", "minst 60 sekunder"),
    ],
)
def test_a_time_that_an_expression_gives_and_nobody_can_wait_for_names_its_element(value, says):
    drawn = diagram("p", begin(), task("a"), end(), chain("start", "a", "slut"),
        boundary_timer("paminn", "a", "frist", kind="timeCycle", cancel=False), end("e2"),
        chain("paminn", "e2"))  # fmt: skip
    world = World(words={})
    with pytest.raises(RunFailed) as failed:
        Walk(drawn, world=world, data={"frist": value}).forward(days=400)
    assert failed.value.element == "paminn"
    assert says in str(failed.value)
