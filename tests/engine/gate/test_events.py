from __future__ import annotations

import pytest

from engine.gate import Finding, check
from tests.engine.bpmn import (
    boundary_timer,
    catch,
    chain,
    diagram,
    end,
    flow,
    fork,
    node,
    start,
    task,
    throw,
    timer,
)
from tests.engine.gate.judging import CONTEXT, SOUND, judge, path, step, told


def event(kind: str, definition: str, inside: str = "", attach: str = "", **props: str) -> str:
    content = (
        f'<bpmn:{definition}EventDefinition id="d">{inside}</bpmn:{definition}EventDefinition>'
    )
    return node(kind, "steg", content, attach=attach, **props)


@pytest.mark.parametrize(
    "broken",
    [
        event("intermediateThrowEvent", "compensate"),
        node("intermediateCatchEvent", "steg"),
    ],
)
def test_events_that_would_do_nothing_are_refused(broken: str) -> None:
    assert told(judge(*step(broken)), "unsupported_event") == {"steg"}


def link(kind: str, id_: str, name: str) -> str:
    return node(f"intermediate{kind}Event", id_, f'<bpmn:linkEventDefinition name="{name}"/>')


def test_a_link_goes_on_where_it_is_caught() -> None:
    hops = (start(), link("Throw", "hit", "L"), link("Catch", "dit", "L"), end())
    whole = (*hops, chain("start", "hit"), chain("dit", "slut"))
    assert judge(*whole) == []
    for wrong, elements in (
        ((*whole, link("Catch", "ocksa", "L"), chain("ocksa", "slut")), {"hit", "dit", "ocksa"}),
        (step(link("Throw", "steg", "M")), {"steg"}),
        (step(link("Catch", "steg", "M")), {"steg"}),
        ((*whole, flow("hit", "slut")), {"hit"}),
        ((*whole, task("a"), chain("dit", "a", "dit")), {"dit"}),
        ((start(), link("Throw", "hit", ""), chain("start", "hit"), end()), {"hit"}),
    ):
        assert told(judge(*wrong), "link") == elements


def test_an_event_has_one_trigger() -> None:
    two = '<bpmn:signalEventDefinition id="a"/><bpmn:signalEventDefinition id="b"/>'
    assert told(judge(*step(node("intermediateThrowEvent", "steg", two))), "several_triggers")


def test_cancel_belongs_to_a_transaction() -> None:
    ends = node("endEvent", "avbrott", '<bpmn:cancelEventDefinition id="c"/>')
    inner = start("i") + task("t") + ends + chain("i", "t", "avbrott")
    edge = node(
        "boundaryEvent", "kant", '<bpmn:cancelEventDefinition id="d"/>',
        attach=' attachedToRef="steg"',
    )  # fmt: skip
    for kind, expected in (("transaction", set()), ("subProcess", {"avbrott", "kant"})):
        found = judge(*step(node(kind, "steg", inner)), edge, flow("kant", "slut"))
        assert told(found, "cancel_outside_transaction") == expected


def test_error_events_always_interrupt_and_refer_to_an_error() -> None:
    edge = node(
        "boundaryEvent", "kant", '<bpmn:errorEventDefinition id="d" errorRef="borta"/>',
        attach=' attachedToRef="steg" cancelActivity="false"',
    )  # fmt: skip
    found = judge(*SOUND, edge, flow("kant", "slut"))
    assert told(found, "must_interrupt") == {"kant"}
    assert told(found, "dangling_reference") == {"kant"}


def test_nothing_waits_for_a_condition_that_nobody_looks_at() -> None:
    waits = event("intermediateCatchEvent", "conditional", "<bpmn:condition>a</bpmn:condition>")
    (found,) = [each for each in judge(*step(waits)) if each.code == "unsupported_event"]
    assert "Vänta på ett meddelande" in found.message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("P5D", "timeDuration"),
        ("PT1H30M", "timeDuration"),
        ("'P2W'", "timeDuration"),
        ("2026-12-01", "timeDate"),
        ("2026-12-01T08:00:00+01:00", "timeDate"),
        ("R3/P2D", "timeCycle"),
        ("R3/2 arbetsdagar", "timeCycle"),
        ("R/2030-01-01T08:00/P1D", "timeCycle"),
        ("3 arbetsdagar", "timeDuration"),
        ("arende.frist", "timeDate"),
        ("nasta(arende.steg)", "timeCycle"),
    ],
)
def test_times_are_iso_words_or_expressions(text: str, kind: str) -> None:
    assert judge(*path("steg"), timer("steg", text, kind)) == []


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("0 0/5 * * * ?", "timeCycle", "Cron"),
        ("0 0 12 * * ?", "timeDuration", "Cron"),
        ("-P1D", "timeDuration", "negativ"),
        ("PT0S", "timeDuration", "ingen tid alls"),
        ("P9999999Y", "timeDuration", "för långt"),
        ("P99999999999999999999D", "timeDuration", "ISO"),
        ("PT1e9S", "timeDuration", "ISO"),
        ("9999-12-31T23:59:00-10:00", "timeDate", "ISO"),
        ("0001-01-01T00:00:00+10:00", "timeDate", "ISO"),
        ("R/PT0S", "timeCycle", "ingen tid alls"),
        ("R5/PT1S", "timeCycle", "för tätt"),
        ("R/P2000Y", "timeCycle", "för långt"),
        ("R/-P1D", "timeCycle", "upprepning"),
        ("R0/P1D", "timeCycle", "ingen gång"),
        ("R99999999999999999999/P1D", "timeCycle", "upprepning"),
        ("2026-13-01", "timeDate", "ISO"),
        ("R3", "timeCycle", "ISO"),
        ("om ett tag", "timeDuration", "tidsfrist"),
        ("${frist}", "timeDuration", "utan ${"),
        ("R3/P", "timeCycle", "ISO"),
    ],
)
def test_other_times_are_refused(text: str, kind: str, says: str) -> None:
    found = [f for f in judge(*path("steg"), timer("steg", text, kind)) if f.code == "timer"]
    assert [f.element for f in found] == ["steg"]
    assert says in found[0].message


def test_a_timer_has_a_time_of_its_own_or_in_the_panel() -> None:
    empty = event("intermediateCatchEvent", "timer")
    assert told(judge(*step(empty)), "no_time") == {"steg"}
    worded = event("intermediateCatchEvent", "timer", deadline="3 arbetsdagar")
    assert judge(*step(worded)) == []


def test_a_tasks_deadline_can_be_read() -> None:
    assert told(judge(*step(task("steg", deadline="snart"))), "deadline") == {"steg"}
    assert judge(*step(task("steg", deadline="3 arbetsdagar"))) == []
    assert judge(*step(task("steg", deadline="P5D"))) == []
    assert told(judge(*step(task("steg", deadline="R3/P2D"))), "deadline") == {"steg"}


def race(*events: str) -> tuple[str, ...]:
    ids = [f"e{n}" for n in range(len(events))]
    return (
        start(), end(), node("eventBasedGateway", "kapp"), flow("start", "kapp"), *events,
        *(chain("kapp", key, "slut") for key in ids),
    )  # fmt: skip


def test_an_event_based_gateway_waits_for_events() -> None:
    good = race(catch("e0", "svar", "[dnr]"), timer("e1", "P5D"))
    assert judge(*good, messages=("svar",)) == []
    assert judge(*race(timer("e0", "P1D"), timer("e1", "arende.frist", "timeDate"))) == []
    assert told(judge(*race(timer("e0", "P5D"), timer("e1", "P1D"))), "overtaken") == {"e0"}
    assert told(judge(*race(timer("e0", "P1D"), task("e1"))), "not_awaited") == {"e1"}
    assert told(judge(*race(timer("e0", "P1D"))), "no_race") == {"kapp"}


def test_messages_are_named_and_waits_have_a_key() -> None:
    unnamed = event("intermediateCatchEvent", "message", nyckel="[dnr]")
    assert told(judge(*step(unnamed)), "no_message") == {"steg"}
    no_key = '<bpmn:messageEventDefinition id="d" messageRef="m_svar"/>'
    found = judge(*step(node("intermediateCatchEvent", "steg", no_key)), messages=("svar",))
    assert told(found, "no_key") == {"steg"}
    assert judge(*path("steg"), catch("steg", "svar", "[dnr]"), messages=("svar",)) == []
    found = judge(*path("steg"), catch("steg", "svar", "dnr"), messages=("svar",))
    assert told(found, "key_not_list") == {"steg"}


def test_a_receive_task_has_a_key_and_a_message_start_needs_none() -> None:
    receive = node("receiveTask", "steg", attach=' messageRef="m_svar"')
    assert told(judge(*step(receive), messages=("svar",)), "no_key") == {"steg"}
    begin = node("startEvent", "start", '<bpmn:messageEventDefinition id="d" messageRef="m_svar"/>')
    found = judge(begin, task("steg"), end(), chain("start", "steg", "slut"), messages=("svar",))
    assert found == []


def test_a_message_is_not_thrown_and_caught_in_one_bundle() -> None:
    elements = (catch("a", "svar", "[dnr]"), throw("b", "svar", "[dnr]"))
    found = judge(*path("a", "b"), *elements, messages=("svar",))
    assert told(found, "own_message") == {"b"}


def test_bpmns_own_correlation_is_refused() -> None:
    text = diagram("prov", *SOUND).replace(
        "</bpmn:definitions>", '<bpmn:correlationProperty id="k" name="k"/></bpmn:definitions>'
    )
    assert "correlation" in {finding.code for finding in check({"prov.bpmn": text}, CONTEXT)}


TERMINATE = '<bpmn:terminateEventDefinition id="te"/>'


def with_reminder(ending: str, *, cancel: bool = False, loop: bool = False) -> tuple[str, ...]:
    """A task in a subprocess, with a side branch that gives somebody else a task."""
    inner = [
        start("i"), task("gor"), node("endEvent", "klar", ending), chain("i", "gor", "klar"),
        boundary_timer("kant", "gor", "P1D", cancel=cancel),
    ]  # fmt: skip
    if loop:
        inner += [
            node("exclusiveGateway", "mote"), timer("vanta", "P1D"),
            chain("kant", "mote", "vanta", "mote"),
        ]  # fmt: skip
    else:
        inner += [task("paminn"), end("pamind"), chain("kant", "paminn", "pamind")]
    return step(node("subProcess", "steg", "".join(inner)))


def test_a_side_branch_must_not_outlive_its_task() -> None:
    assert told(judge(*with_reminder("")), "lingering_task") == {"paminn"}
    assert told(judge(*with_reminder("", loop=True)), "lingering_loop") == {"kant"}
    for sound in (with_reminder(TERMINATE), with_reminder("", cancel=True),
                  with_reminder(TERMINATE, loop=True)):  # fmt: skip
        assert judge(*sound) == []


def test_a_case_is_not_started_by_the_clock() -> None:
    begin = node(
        "startEvent",
        "start",
        '<bpmn:timerEventDefinition id="d"><bpmn:timeDate>2030-01-01</bpmn:timeDate>'
        "</bpmn:timerEventDefinition>",
    )
    found = judge(begin, task("steg"), end(), chain("start", "steg", "slut"))
    assert told(found, "unsupported_event") == {"start"}


SIGNAL = '<bpmn:signal id="sig" name="klart"/>'
FAULT = '<bpmn:error id="fel" name="fel" errorCode="fel"/>'


def judge_declaring(declared: str, *elements: str) -> list[Finding]:
    text = diagram("prov", *elements).replace(
        "</bpmn:definitions>", f"{declared}</bpmn:definitions>"
    )
    return check({"prov.bpmn": text}, CONTEXT)


def test_a_signal_is_thrown_and_caught_in_the_same_case() -> None:
    definition = '<bpmn:signalEventDefinition id="{}" signalRef="sig"/>'
    waits = node("intermediateCatchEvent", "vantar", definition.format("a"))
    sends = node("intermediateThrowEvent", "sander", definition.format("b"))
    found = judge_declaring(SIGNAL, *path("vantar"), waits)
    assert told(found, "signal_not_thrown") == {"vantar"}
    found = judge_declaring(SIGNAL, *path("sander"), sends)
    assert told(found, "signal_not_caught") == {"sander"}
    both = (
        start(), end(), fork("dela"), fork("samla"), waits, sends,
        chain("start", "dela", "vantar", "samla", "slut"), chain("dela", "sander", "samla"),
    )  # fmt: skip
    assert judge_declaring(SIGNAL, *both) == []


def test_an_error_is_taken_by_something_around_it() -> None:
    fails = node("endEvent", "fallerar", '<bpmn:errorEventDefinition id="a" errorRef="fel"/>')
    inner = start("i") + task("gor") + fails + chain("i", "gor", "fallerar")
    around = step(node("subProcess", "steg", inner))
    assert told(judge_declaring(FAULT, *around), "error_not_caught") == {"fallerar"}
    edge = node(
        "boundaryEvent", "kant", '<bpmn:errorEventDefinition id="b" errorRef="fel"/>',
        attach=' attachedToRef="steg"',
    )  # fmt: skip
    assert judge_declaring(FAULT, *around, edge, flow("kant", "slut")) == []
