from __future__ import annotations

import json

import pytest

from engine.gate.rule import what_there_is
from tests.engine.bpmn import chain, diagram, end, flow, node, script, service, start, task
from tests.engine.gate.judging import judge, path, step, told

FORM = json.dumps(
    {
        "title": "Steg",
        "type": "object",
        "properties": {"val": {"title": "Val", "type": "string"}},
    }
)


def test_operations_exist_and_a_human_task_runs_only_inside_ones() -> None:
    assert told(judge(*path("steg"), node("serviceTask", "steg")), "no_operation") == {"steg"}
    assert told(judge(*path("steg"), service("steg", "borta")), "unknown_operation") == {"steg"}
    assert judge(*path("steg"), service("steg", "skicka_brev")) == []
    assert judge(*step(task("steg", operation="ge_nummer"))) == []
    found = judge(*step(task("steg", operation="skicka_brev")))
    assert told(found, "outside_operation") == {"steg"}
    assert judge(*path("steg"), service("steg", "skicka_brev", retries="0", backoff="PT5M")) == []
    for wrong in ({"retries": "21"}, {"retries": "ofta"}, {"backoff": "P1M"}, {"backoff": "snart"}):
        found = judge(*path("steg"), service("steg", "skicka_brev", **wrong))
        assert told(found, "retrying") == {"steg"}
    found = judge(*path("steg"), service("steg", "ge_nummer", retries="3"))
    assert told(found, "retrying_inside") == {"steg"}
    operator = (
        '<bpmn:serviceTask id="steg"><bpmn:extensionElements>'
        '<spiffworkflow:serviceTaskOperator id="x"/></bpmn:extensionElements></bpmn:serviceTask>'
    )
    assert told(judge(*path("steg"), operator), "operator") == {"steg"}


def test_forms_are_among_the_files_or_deployed() -> None:
    assert told(judge(*step(task("steg", form="borta"))), "unknown_form") == {"steg"}
    assert judge(*step(task("steg", form="kant_formular"))) == []
    assert judge(*step(task("steg", form="mitt")), mitt__json=FORM) == []


def rule_task(decision: str) -> str:
    called = f"<spiffworkflow:calledDecisionId>{decision}</spiffworkflow:calledDecisionId>"
    inside = f"<bpmn:extensionElements>{called}</bpmn:extensionElements>" if decision else ""
    return node("businessRuleTask", "steg", inside)


def test_decisions_are_among_the_files_or_deployed() -> None:
    assert told(judge(*path("steg"), rule_task("")), "no_decision") == {"steg"}
    assert told(judge(*path("steg"), rule_task("borta")), "unknown_decision") == {"steg"}
    assert judge(*path("steg"), rule_task("kant_beslut")) == []


def call(key: str) -> str:
    return node("callActivity", "steg", attach=f' calledElement="{key}"' if key else "")


def test_called_processes_are_among_the_files_or_deployed_and_can_begin() -> None:
    assert told(judge(*path("steg"), call("")), "no_process") == {"steg"}
    assert told(judge(*path("steg"), call("borta")), "unknown_process") == {"steg"}
    assert judge(*path("steg"), call("kand_process")) == []
    waits = node("startEvent", "start", '<bpmn:signalEventDefinition id="s" signalRef="sig"/>')
    called = diagram("anropad", waits, task("t"), end(), chain("start", "t", "slut"))
    found = judge(*path("steg"), call("anropad"), anropad__bpmn=called)
    assert told(found, "called_start") == {"steg"}


@pytest.mark.parametrize(
    ("elements", "code", "element"),
    [
        ((script("steg", "a = 1\nb = okand(a)"),), "script", "steg"),
        ((script("steg", "import os"),), "script", "steg"),
        ((script("steg", ""),), "no_script", "steg"),
        ((node("scriptTask", "steg", "<bpmn:script>a = 1</bpmn:script>",
               attach=' scriptFormat="groovy"'),), "script_format", "steg"),
        ((script("steg", "arende = 1"),), "shadows_fact", "steg"),
        ((script("steg", "a = open('x')"),), "script", "steg"),
    ],
)  # fmt: skip
def test_scripts_can_be_read(elements: tuple[str, ...], code: str, element: str) -> None:
    assert told(judge(*path("steg"), *elements), code) == {element}


def test_expressions_can_be_read() -> None:
    assert judge(*path("steg"), script("steg", "a = nasta(1)\nb = a + 1")) == []
    gateway = node("exclusiveGateway", "val", attach=' default="f_val_slut"')
    for text, expected in (("arende.steg ==", {"f_val_a"}), ("arende.steg == 2", set())):
        found = judge(start(), end(), task("a"), gateway, chain("start", "val", "slut"),
                      flow("val", "a", text), flow("a", "slut"))  # fmt: skip
        assert told(found, "expression") == expected


def test_an_answer_that_is_read_is_one_that_is_asked_for() -> None:
    for name, expected in (("val", set()), ("vall", {"rakna"})):
        found = judge(*path("steg", "rakna"), task("steg", form="mitt"),
                      script("rakna", f"a = steg.{name}"), mitt__json=FORM)  # fmt: skip
        assert told(found, "unknown_answer") == expected


def test_an_id_may_not_hide_a_fact() -> None:
    found = judge(start(), task("arende"), end(), chain("start", "arende", "slut"))
    assert told(found, "shadows_fact") == {"arende"}


def multi(over: str, item: str = "svar", kind: str = "userTask", collect: bool = True) -> str:
    output = (
        f'<bpmn:loopDataOutputRef>alla</bpmn:loopDataOutputRef><bpmn:inputDataItem id="en"/>'
        f'<bpmn:outputDataItem id="{item}"/>'
        if collect
        else '<bpmn:inputDataItem id="en"/>'
    )
    loop = (
        f"<bpmn:multiInstanceLoopCharacteristics>{over}{output}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    inner = start("i") + task("fraga") + script("samla", "svar = fraga") + end("s")
    inner += chain("i", "fraga", "samla", "s")
    return node("subProcess", "steg", loop + inner)


OVER = "<bpmn:loopDataInputRef>lista</bpmn:loopDataInputRef>"


def test_a_multi_instance_collects_what_is_set_on_the_way() -> None:
    assert judge(*step(multi(OVER))) == []
    alone = judge(*step(multi(OVER, collect=False)))
    assert told(alone, "loop_output") == {"steg"}
    assert not any(finding.refuses for finding in alone)
    half = multi(OVER).replace("<bpmn:loopDataOutputRef>alla</bpmn:loopDataOutputRef>", "")
    assert "loop_output" in {found.code for found in judge(*step(half)) if found.refuses}
    assert told(judge(*step(multi(OVER, item="annat"))), "loop_item") == {"steg"}
    assert told(judge(*step(multi(""))), "loop_input") == {"steg"}


def test_a_multi_instance_may_end_on_a_condition_that_can_be_read() -> None:
    for condition, expected in (("len(alla) &gt; 1", set()), ("len(alla) &gt;", {"steg"})):
        text = multi(OVER).replace(
            "</bpmn:multiInstanceLoopCharacteristics>",
            f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>"
            "</bpmn:multiInstanceLoopCharacteristics>",
        )
        assert told(judge(*step(text)), "expression") == expected


def test_a_loop_ends() -> None:
    def looped(attributes: str, inside: str = "") -> str:
        tag = "bpmn:standardLoopCharacteristics"
        return node("userTask", "steg", f"<{tag}{attributes}>{inside}</{tag}>", role="Handläggare")

    assert told(judge(*step(looped(""))), "loop_end") == {"steg"}
    sound = looped("", "<bpmn:loopCondition>steg.om</bpmn:loopCondition>")
    assert judge(*step(sound)) == []


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    known = [f"spara_{name}" for name in "abcdefgh"] + ["ge_nummer"]
    assert what_there_is("ge_numer", known) == "Närmast är ge_nummer."
    assert what_there_is("x", ["a"]) == "De som finns är a."
    assert what_there_is("x", []) == "Det finns inga."
