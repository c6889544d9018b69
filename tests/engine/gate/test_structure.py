from __future__ import annotations

import time

import pytest

from engine.gate import check
from tests.engine.bpmn import boundary_timer, chain, diagram, end, flow, fork, node, start, task
from tests.engine.gate.judging import CONTEXT, SOUND, judge, path, step, told


def within(*inside: str, kind: str = "subProcess", extra: str = "") -> tuple[str, ...]:
    return step(node(kind, "steg", "".join(inside), attach=extra))


INNER = (start("i_start"), task("inre"), end("i_slut"), *[chain("i_start", "inre", "i_slut")])
TIMER = (
    '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition>"
)
LANES = (
    '<bpmn:laneSet id="b"><bpmn:lane id="l" name="Chef">'
    "<bpmn:flowNodeRef>borta</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)
AD_HOC = '<bpmn:adHocSubProcess id="steg"><bpmn:task id="x"/></bpmn:adHocSubProcess>'
BROKEN = {
    "dangling_flow": ((*SOUND, flow("steg", "borta")), "f_steg_borta"),
    "no_start": ((task("steg"), end(), flow("steg", "slut")), "prov"),
    "no_end": ((start(), task("steg"), flow("start", "steg")), "prov"),
    "several_starts": ((*SOUND, start("igen"), flow("igen", "steg")), "igen"),
    "start_trigger": (
        within(
            node("startEvent", "i_start", '<bpmn:signalEventDefinition id="s" signalRef="x"/>'),
            *INNER[1:],
        ),
        "i_start",
    ),
    "empty": (within(), "steg"),
    "end_goes_on": ((*SOUND, flow("slut", "steg")), "slut"),
    "dead_end": ((*SOUND, task("ensam"), flow("start", "ensam")), "ensam"),
    "enters_start": ((*SOUND, flow("steg", "start")), "start"),
    "unreachable": ((*SOUND, task("ensam"), flow("ensam", "slut")), "ensam"),
    "implicit_join": (
        (
            start(), end(), fork("dela"), task("a"), task("b"), task("efter"),
            chain("start", "dela", "a", "efter", "slut"), chain("dela", "b", "efter"),
        ),
        "efter",
    ),
    "dangling_boundary": (
        (
            *SOUND, flow("kant", "slut"),
            node("boundaryEvent", "kant", TIMER, attach=' attachedToRef="borta"'),
        ),
        "kant",
    ),
    "too_many_nodes": (
        (
            *path(*(f"s{n}" for n in range(301))),
            *(task(f"s{n}") for n in range(301)),
        ),
        "prov",
    ),
    "duplicate_id": ((*SOUND, task("steg")), "steg"),
    "dangling_lane": ((LANES, *SOUND), "prov"),
}  # fmt: skip


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_shape_is_told_at_its_element(code: str) -> None:
    elements, element = BROKEN[code]
    found = judge(*elements)
    assert element in told(found, code)
    assert all(finding.message and finding.file == "prov.bpmn" for finding in found)


def test_a_flow_may_not_cross_the_edge_of_a_subprocess() -> None:
    found = judge(*within(*INNER), flow("start", "inre"))
    assert told(found, "dangling_flow") == {"f_start_inre"}
    assert "delprocess" in next(f.message for f in found if f.code == "dangling_flow")


def test_parallel_branches_that_are_joined_are_sound() -> None:
    found = judge(
        start(), end(), fork("dela"), task("a"), task("b"), fork("samla"),
        chain("start", "dela", "a", "samla", "slut"), chain("dela", "b", "samla"),
    )  # fmt: skip
    assert found == []


def test_exclusive_branches_may_meet_in_a_task_and_loops_are_sound() -> None:
    found = judge(
        start(), end(), task("a"), node("exclusiveGateway", "val", attach=' default="f_val_slut"'),
        chain("start", "a", "val", "slut"), flow("val", "a", "a.om == True"),
    )  # fmt: skip
    assert found == []


def test_a_subprocess_with_its_own_start_and_end_is_sound() -> None:
    assert judge(*within(*INNER)) == []


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<bpmn:complexGateway id="steg"/>', "unsupported"),
        (AD_HOC, "unsupported"),
        (node("subProcess", "steg", "".join(INNER), attach=' triggeredByEvent="true"'),
         "event_subprocess"),
        (node("task", "steg", attach=' isForCompensation="true"', role="Handläggare"),
         "compensation"),
        (node("receiveTask", "steg", attach=' instantiate="true"'), "instantiate"),
    ],
)  # fmt: skip
def test_what_the_engine_does_not_honour_is_refused(element: str, code: str) -> None:
    found = [finding for finding in judge(*step(element)) if finding.refuses]
    assert "steg" in told(found, code)


@pytest.mark.parametrize("goes_on", [False, True])
def test_what_to_draw_for_an_event_subprocess_is_said(goes_on: bool) -> None:
    inner = "".join(INNER).replace(
        "<bpmn:startEvent", f'<bpmn:startEvent isInterrupting="{str(not goes_on).lower()}"', 1
    )
    beside = node("subProcess", "pa_sidan", inner, attach=' triggeredByEvent="true"')
    outer = node("subProcess", "yttre", beside + task("uppgift"))
    for drawn, at in ((beside, "en vanlig delprocess"), (outer, "kanten av ”yttre”")):
        [said] = [each.message for each in judge(*SOUND, drawn) if each.code == "event_subprocess"]
        assert ("en händelse som inte avbryter" if goes_on else "en händelse som avbryter") in said
        assert at in said


def test_a_step_of_a_subprocess_may_stand_in_a_group() -> None:
    member = "<bpmn:categoryValueRef>kategori</bpmn:categoryValueRef>"
    assert judge(*within(member, *INNER)) == []


def test_data_stores_are_refused_and_data_objects_and_notes_are_not() -> None:
    store = '<bpmn:dataStoreReference id="lager"/>'
    assert told(judge(*SOUND, store), "unsupported") == {"lager"}
    passive = '<bpmn:dataObject id="akt"/><bpmn:textAnnotation id="n"/>'
    assert judge(*SOUND, passive) == []


def test_what_other_tools_wrote_is_a_warning() -> None:
    foreign = (
        '<bpmn:userTask id="steg" name="Steg"><bpmn:extensionElements>'
        '<c:formData xmlns:c="http://camunda.org/schema/1.0/bpmn"/>'
        '<spiffworkflow:properties><spiffworkflow:property name="role" value="Handläggare"/>'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
    )
    found = judge(*step(foreign))
    assert told(found, "foreign") == {"steg"}
    assert not any(finding.refuses for finding in found)


def test_a_process_that_is_not_executable_is_refused_with_what_else_is_wrong() -> None:
    text = diagram("prov", start(), task("steg"), flow("start", "steg"))
    found = check({"prov.bpmn": text.replace('"true"', '"false"')}, CONTEXT)
    assert {"not_executable", "no_end"} <= {finding.code for finding in found}


def joined(split: str, join: str) -> tuple[str, ...]:
    default = ' default="f_dela_a"' if split == "exclusiveGateway" else ""
    condition = "arende.om == True" if split == "exclusiveGateway" else ""
    return (
        start(), end(), node(split, "dela", attach=default), task("a"), task("b"),
        node(join, "samla"), chain("start", "dela", "a", "samla", "slut"),
        flow("dela", "b", condition), flow("b", "samla"),
    )  # fmt: skip


def test_a_parallel_join_does_not_wait_for_both_outcomes_of_a_choice() -> None:
    assert told(judge(*joined("exclusiveGateway", "parallelGateway")), "deadlock") == {"samla"}
    assert judge(*joined("exclusiveGateway", "exclusiveGateway")) == []
    assert judge(*joined("parallelGateway", "parallelGateway")) == []


def test_several_flows_out_of_a_step_are_taken_as_bpmn_says_and_asked_about() -> None:
    both = (*SOUND, end("nej"), flow("steg", "nej"))
    (found,) = judge(*both)
    assert (found.code, found.element, found.refuses) == ("implicit_split", "steg", False)
    joined_ = (*parts("steg"), fork("samla"), chain("steg", "a", "samla", "slut"),
               chain("steg", "b", "samla"))  # fmt: skip
    assert {each.code for each in judge(*joined_)} == {"implicit_split"}
    chosen = (*parts("steg", ' default="f_steg_a"'), fork("samla"),
              chain("steg", "a", "samla", "slut"), flow("steg", "b", "arende.om"),
              flow("b", "samla"))  # fmt: skip
    assert told(judge(*chosen), "deadlock") == {"samla"}
    half = (*parts("steg"), chain("steg", "a", "slut"), flow("steg", "b", "arende.om"),
            flow("b", "slut"))  # fmt: skip
    assert {"no_default", "no_condition"} <= {each.code for each in judge(*half)}


def parts(step_: str, attach: str = "") -> tuple[str, ...]:
    first = node("userTask", step_, attach=attach, role="Handläggare")
    return (start(), first, task("a"), task("b"), end(), flow("start", step_))


def test_two_flows_between_the_same_elements_are_refused() -> None:
    twice = flow("dela", "samla").replace('id="', 'id="ocksa_')
    found = judge(*joined("parallelGateway", "parallelGateway"), flow("dela", "samla"), twice)
    assert told(found, "double_flow") == {"ocksa_f_dela_samla"}


def test_a_choice_on_one_of_two_parallel_branches_is_no_deadlock() -> None:
    found = judge(
        start(), end(), fork("dela"), fork("samla"), task("a"), task("b"), task("c"),
        node("exclusiveGateway", "val", attach=' default="f_val_b"'),
        node("exclusiveGateway", "vag"),
        chain("start", "dela", "a", "samla", "slut"), chain("dela", "val", "b", "vag", "samla"),
        flow("val", "c", "arende.om"), flow("c", "vag"),
    )  # fmt: skip
    assert found == []


def test_a_diagram_as_tangled_as_can_be_is_judged_in_seconds() -> None:
    kinds = ("exclusiveGateway", "parallelGateway")
    gates = [node(kinds[n % 2], f"g{n}") for n in range(290)]
    tangle = [
        flow(f"g{n}", f"g{(n * step + 7) % 290}").replace('id="', f'id="{step}')
        for n in range(290)
        for step in (1, 3, 11)
    ]
    started = time.perf_counter()
    assert judge(start(), end(), flow("start", "g0"), *gates, *tangle)
    assert time.perf_counter() - started < 5


def test_a_file_has_a_bounded_number_of_processes() -> None:
    text = diagram("prov", *SOUND)
    body = text[text.index("<bpmn:process") : text.index("</bpmn:definitions>")]
    many = "".join(body.replace('id="prov"', f'id="prov{n}"') for n in range(31))
    found = check({"prov.bpmn": text.replace(body, many)}, CONTEXT)
    assert "too_many_processes" in {finding.code for finding in found}


COUNTED = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{}</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
REPEATED = '<bpmn:standardLoopCharacteristics loopMaximum="{}"/>'


@pytest.mark.parametrize(
    ("loop", "refused"),
    [(COUNTED, ("0", "1001", "9" * 5_000)), (REPEATED, ("0", "1001", "9" * 30))],
)
def test_a_step_is_done_a_bounded_number_of_times(loop: str, refused: tuple[str, ...]) -> None:
    for count in refused:
        found = judge(*step(node("userTask", "steg", loop.format(count), role="Handläggare")))
        assert told(found, "loop_count") == {"steg"}
    found = judge(*step(node("userTask", "steg", loop.format("1000"), role="Handläggare")))
    assert told(found, "loop_count") == set()


def test_yes_and_no_may_be_written_one_and_nought() -> None:
    edge = boundary_timer("kant", "steg", "P1D", cancel=False).replace('"false"', '" 0 "')
    ends = (task("paminn"), end("e"), chain("kant", "paminn", "e"))
    assert told(judge(*SOUND, edge, *ends), "lingering_task") == {"paminn"}
    text = diagram("prov", *SOUND).replace('isExecutable="true"', 'isExecutable="0"')
    assert "not_executable" in {each.code for each in check({"prov.bpmn": text}, CONTEXT)}
