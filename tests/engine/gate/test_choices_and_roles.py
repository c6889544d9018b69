from __future__ import annotations

from tests.engine.bpmn import chain, diagram, end, flow, fork, node, start, task
from tests.engine.gate.judging import SOUND, judge, step, told


def choice(*flows: str, default: str = "", kind: str = "exclusiveGateway") -> tuple[str, ...]:
    attach = f' default="{default}"' if default else ""
    return (start(), end(), task("a"), node(kind, "val", attach=attach), flow("start", "val"),
            flow("a", "slut"), *flows)  # fmt: skip


def test_a_choice_has_conditions_and_a_default() -> None:
    conditioned = flow("val", "a", "arende.vag == 'RS'")
    for kind in ("exclusiveGateway", "inclusiveGateway"):
        plain = choice(conditioned, flow("val", "slut"), default="f_val_slut", kind=kind)
        assert judge(*plain) == []
        found = judge(*choice(conditioned, flow("val", "slut", "dnr == 1"), kind=kind))
        assert told(found, "no_default") == {"val"}
        found = judge(
            *choice(flow("val", "a"), flow("val", "slut"), default="f_val_slut", kind=kind)
        )
        assert told(found, "no_condition") == {"f_val_a"}
    found = judge(*choice(conditioned, flow("val", "slut"), default="borta"))
    assert told(found, "dangling_default") == {"val"}


def test_a_condition_that_nobody_reads_is_told() -> None:
    both = (flow("val", "a", "dnr"), flow("val", "slut", "dnr"))
    assert told(judge(*choice(*both, default="f_val_slut")), "default_condition") == {"f_val_slut"}
    found = judge(start(), end(), task("a"), flow("start", "a"), flow("a", "slut", "dnr"))
    assert told(found, "stray_condition") == {"f_a_slut"}
    found = judge(start(), end(), task("a"), fork("dela"), chain("start", "dela", "slut"),
                  flow("dela", "a", "dnr"), flow("a", "slut"))  # fmt: skip
    assert told(found, "stray_condition") == {"f_dela_a"}
    chosen = node("task", "steg", attach=' default="f_steg_slut"', role="Handläggare")
    assert told(judge(*step(chosen)), "stray_default") == {"steg"}


def test_every_human_task_has_a_role_that_exists() -> None:
    for kind in ("userTask", "manualTask", "task"):
        assert told(judge(*step(node(kind, "steg"))), "no_role") == {"steg"}
    assert told(judge(*step(task("steg", role="Kung"))), "unknown_role") == {"steg"}


def lanes(name: str, *ids: str) -> str:
    members = "".join(f"<bpmn:flowNodeRef>{key}</bpmn:flowNodeRef>" for key in ids)
    return (
        f'<bpmn:laneSet id="b"><bpmn:lane id="l" name="{name}">{members}</bpmn:lane></bpmn:laneSet>'
    )


def test_a_lane_gives_the_role_also_inside_a_subprocess() -> None:
    bare = node("userTask", "steg")
    assert judge(lanes("Sekreterare", "start", "steg", "slut"), *step(bare)) == []
    assert told(judge(lanes("Kung", "steg"), *step(bare)), "unknown_role") == {"steg"}
    inner = start("i") + node("userTask", "inre") + end("s") + chain("i", "inre", "s")
    around = step(node("subProcess", "steg", inner))
    assert judge(lanes("Sekreterare", "steg"), *around) == []
    assert told(judge(*around), "no_role") == {"inre"}


def test_a_called_process_may_get_its_role_from_its_caller() -> None:
    called = diagram("anropad", *step(node("userTask", "steg")))
    call = node("callActivity", "anrop", attach=' calledElement="anropad"', role="Sekreterare")
    caller = (start(), call, end(), chain("start", "anrop", "slut"))
    assert judge(*caller, anropad__bpmn=called) == []
    bare = node("callActivity", "anrop", attach=' calledElement="anropad"')
    found = judge(start(), bare, end(), chain("start", "anrop", "slut"), anropad__bpmn=called)
    assert told(found, "no_role") == {"steg"}


def test_properties_are_known_and_in_their_place() -> None:
    assert told(judge(*step(task("steg", roll="x"))), "unknown_property") == {"steg"}
    sent = node("startEvent", "start", form="kant_formular")
    found = judge(sent, *SOUND[1:])
    assert told(found, "misplaced_property") == {"start"}
    assert not any(finding.refuses for finding in found)


def test_ids_are_words() -> None:
    found = judge(start(), task("Activity_1"), end(), chain("start", "Activity_1", "slut"))
    assert told(found, "id_style") == {"Activity_1"}
    assert not any(finding.refuses for finding in found)
