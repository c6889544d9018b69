"""Nothing a process owner draws reaches Python, and threads may share what is built."""

from __future__ import annotations

import builtins
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from SpiffWorkflow.bpmn.script_engine import python_environment

from engine.spiff import BuildError, Run, RunFailed, SpecCache, build_specs
from engine.spiff.schema import UnsafeXml, safe_root, xsd_errors
from tests.engine.bpmn import (
    boundary_timer,
    catch,
    chain,
    diagram,
    end,
    flow,
    node,
    script,
    task,
    throw,
    timer,
)
from tests.engine.bpmn import start as begin
from tests.engine.spiff.drawing import call, several, xor
from tests.engine.spiff.test_decisions import ASK, DRAWN, TABLE, decision
from tests.engine.spiff.walk import Walk, World

ATTACKS = [
    "__import__('os').getcwd()",
    "().__class__.__base__.__subclasses__()",
    "open('/etc/passwd').read()",
    "[x for x in range(10**9)]",
    "10 ** 10 ** 10",
    "(lambda: 1)()",
]


@pytest.fixture
def _no_python(monkeypatch):
    """SpiffWorkflow's own eval and exec, were they reached, would end the test."""

    def reached(*args, **kwargs):
        raise SystemExit(f"eval or exec reached: {args[0]!r}")

    monkeypatch.setattr(python_environment, "eval", reached, raising=False)
    monkeypatch.setattr(python_environment, "exec", reached, raising=False)
    for name in ("eval", "exec"):
        genuine = getattr(builtins, name)

        def guarded(source, *args, genuine=genuine, **kwargs):
            if isinstance(source, str) and "import" in source:
                reached(source)
            return genuine(source, *args, **kwargs)

        monkeypatch.setattr(builtins, name, guarded)


def places(attack: str) -> dict[str, str]:
    """One diagram for each place an expression can stand."""
    line = ("start", "x", "slut")
    default = xor("x", default="f_x_slut") + task("u")
    text = attack.replace("<", "&lt;")
    return {
        "condition": diagram("p", begin(), default, end(), chain(*line),
            flow("x", "u", attack), chain("u", "slut")),
        "script": diagram("p", begin(), script("x", f"a = {attack}"), end(), chain(*line)),
        "timer": diagram("p", begin(), timer("x", attack), end(), chain(*line)),
        "cycle": diagram("p", begin(), task("u"), boundary_timer("x", "u", attack,
            kind="timeCycle", cancel=False), end(), chain("start", "u", "slut"),
            chain("x", "slut")),
        "key": diagram("p", begin(), catch("x", "m", f"[{attack}]"), end(), chain(*line),
            messages=("m",)),
        "payload": diagram("p", begin(), throw("x", "m", "[1]", f'{{"a": {attack}}}'), end(),
            chain(*line), messages=("m",)),
        "cardinality": diagram("p", begin(), node("userTask", "x",
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>"
            f"{text}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"), end(),
            chain(*line)),
        "list": diagram("p", begin(), node("userTask", "x", several(text, "i")), end(),
            chain(*line)),
        "loop": diagram("p", begin(), node("userTask", "x",
            '<bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>'
            f"{text}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"), end(),
            chain(*line)),
        "pre-script": diagram("p", begin(), node("userTask", "x", "<bpmn:extensionElements>"
            f"<spiffworkflow:preScript>a = {text}</spiffworkflow:preScript>"
            "</bpmn:extensionElements>"), end(), chain(*line)),
    }  # fmt: skip


@pytest.mark.parametrize("place", list(places("1")))
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.usefixtures("_no_python")
def test_no_expression_anywhere_reaches_eval_or_exec(place, attack):
    with pytest.raises(RunFailed) as failed:
        Walk(places(attack)[place])
    assert failed.value.element in ("x", "start", "u")


@pytest.mark.usefixtures("_no_python")
def test_a_whole_case_never_asks_spiffworkflow_to_evaluate():
    walk = Walk(DRAWN, decision("UNIQUE", *TABLE), data={"typ": "inköp", "belopp": 5})
    walk.do("delegat")
    assert walk.completed
    assert ASK


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "<a>" + "x" * 2_000_001 + "</a>",
    ],
)
def test_xml_with_a_doctype_or_of_any_size_is_refused(text):
    with pytest.raises(UnsafeXml):
        safe_root(text)


@pytest.mark.parametrize("text", ["", "<a>", "inte xml", "<a/>"])
def test_a_file_that_is_no_diagram_is_refused_in_words(text):
    with pytest.raises(BuildError):
        build_specs({"p.bpmn": text}, "p")


def test_the_schema_names_the_element_it_objects_to():
    drawn = diagram("p", begin(), node("userTask", "u", "<bpmn:hittepa/>"), end())
    errors = xsd_errors(safe_root(drawn))
    assert errors
    assert errors[0][1] == "u"
    assert xsd_errors(safe_root(DRAWN)) == []


def test_a_called_process_that_is_missing_is_named_by_the_element_that_calls_it():
    with pytest.raises(BuildError, match="saknad") as refused:
        build_specs({"p.bpmn": diagram("p", begin(), call("c", "saknad"), end(),
            chain("start", "c", "slut"))}, "p")  # fmt: skip
    assert refused.value.element == "c"


def test_the_cache_keeps_the_latest_and_builds_each_once():
    loads = []

    def load(version):
        def files():
            loads.append(version)
            return {"p.bpmn": diagram("p", begin(), end(), chain("start", "slut"))}, "p"

        return files

    cache = SpecCache(size=2)
    for version in ("a", "b", "a", "c", "a", "b"):
        cache.get(version, load(version))
    assert loads == ["a", "b", "c", "b"]


def test_eight_threads_run_on_the_same_specs_without_meeting():
    drawn = diagram(
        "p", begin(), node("userTask", "u", several("xs", "x", into="svar", result="r")),
        boundary_timer("t", "u", "P9D"), script("s", "n = len(svar)"), end(),
        chain("start", "u", "s", "slut"), chain("t", "slut"),
    )  # fmt: skip
    specs = build_specs({"p.bpmn": drawn}, "p")

    def one(seed: int) -> bool:
        count, world = random.Random(seed).randint(1, 6), World()
        run = Run.start(specs, {"xs": list(range(count))}, world)
        for number in range(count):
            run = Run.load(specs, run.dump(), world)
            task_ = next(t for t in run.open_tasks() if t.data["x"] == number)
            run.complete(task_.spiff_id, {"r": (seed, number)})
        expected = [(seed, number) for number in range(count)]
        return run.completed and [tuple(r) for r in run.data()["svar"]] == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(80)))
