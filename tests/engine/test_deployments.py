from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from engine import deployments, gate
from engine.engine import Engine
from engine.errors import NotFound
from engine.gate import GateRefused
from engine.host import Actor
from tests.engine.bpmn import chain, diagram, end, node, start, task

ANNA = Actor(id="anna")
CALL = node("callActivity", "anrop", attach=' calledElement="under"')
OVER = diagram("over", start(), CALL, end(), chain("start", "anrop", "slut"))
ALONE = diagram("ensam", start(), task("steg"), end(), chain("start", "steg", "slut"))


def under(name: str = "Steg", form: str = "mitt") -> str:
    step = node("userTask", "steg", name=name, role="Handläggare", form=form)
    return diagram("under", start(), step, end(), chain("start", "steg", "slut"))


def form(title: str) -> str:
    field = {"title": "Val", "type": "string"}
    return json.dumps({"title": title, "type": "object", "properties": {"val": field}})


ALL = {
    "over.bpmn": OVER, "under.bpmn": under(), "forms/mitt.json": form("Ett"), "ensam.bpmn": ALONE,
}  # fmt: skip


def deploy(engine: Engine, **files: str) -> deployments.Deployment:
    named = {name.replace("__", "."): text for name, text in files.items()}
    with engine.database.writing() as session:
        return deployments.deploy(session, engine, named or ALL, actor=ANNA, comment="prov")


def in_force(engine: Engine) -> dict[str, int]:
    with engine.database.reading() as session:
        return {found.key: found.version for found in deployments.all_current(session)}


def test_a_process_is_deployed_with_all_it_needs(engine: Engine) -> None:
    done = deploy(engine)
    assert done.processes == [("ensam", 1), ("over", 1), ("under", 1)] == done.new
    with engine.database.reading() as session:
        over = deployments.current(session, "over")
        assert set(deployments.files_of(over)) == {"over.bpmn", "under.bpmn", "mitt.json"}
        assert (over.file_name, over.deployed_by, over.comment) == ("over.bpmn", "anna", "prov")
        assert over.deployed_at == engine.clock.now()
        assert deployments.bpmn_of(over, "under").endswith(under()[60:])
        found = deployments.form_of(over, "mitt")
        assert found is not None
        assert found["title"] == "Ett"
        assert deployments.form_of(over, "annat") is None
        assert set(deployments.current(session, "ensam").files) == {"ensam.bpmn"}
        assert deployments.form_titles(session) == {"mitt": "Ett"}


def test_the_same_content_makes_no_new_version(engine: Engine) -> None:
    deploy(engine)
    again = deploy(engine)
    assert again.new == []
    assert again.processes == [("ensam", 1), ("over", 1), ("under", 1)]


def test_callers_of_what_changed_get_a_new_version_and_others_do_not(engine: Engine) -> None:
    deploy(engine)
    done = deploy(engine, under__bpmn=under("Annat"))
    assert done.new == [("over", 2), ("under", 2)]
    assert in_force(engine) == {"ensam": 1, "over": 2, "under": 2}
    with engine.database.reading() as session:
        old = deployments.version(session, "over", 1)
        assert "Annat" not in deployments.bpmn_of(old, "under")
        new = deployments.version(session, "over", 2)
        assert "Annat" in deployments.bpmn_of(new, "under")
        assert [found.version for found in deployments.versions(session, "over")] == [2, 1]


def test_a_changed_form_is_a_new_version_of_all_that_use_it(engine: Engine) -> None:
    deploy(engine)
    done = deploy(engine, mitt__json=form("Två"))
    assert done.new == [("over", 2), ("under", 2)]
    with engine.database.reading() as session:
        found = deployments.form_of(deployments.current(session, "over"), "mitt")
        assert found is not None
        assert found["title"] == "Två"


def test_going_back_takes_the_callers_along(engine: Engine) -> None:
    deploy(engine)
    deploy(engine, under__bpmn=under("Annat"))
    with engine.database.writing() as session:
        deployments.make_current(session, engine, "under", 1, actor=ANNA)
    assert in_force(engine) == {"ensam": 1, "over": 1, "under": 1}
    assert deploy(engine, under__bpmn=under("Annat")).new == []
    assert in_force(engine) == {"ensam": 1, "over": 2, "under": 2}


def test_what_is_refused_changes_nothing(engine: Engine) -> None:
    deploy(engine)
    with pytest.raises(GateRefused) as refused:
        deploy(engine, ensam__bpmn=ALONE.replace("Handläggare", "Kung"))
    (error,) = refused.value.errors
    assert (error.field, error.element, error.code) == ("ensam.bpmn", "steg", "unknown_role")
    assert in_force(engine) == {"ensam": 1, "over": 1, "under": 1}


def test_a_change_that_breaks_a_caller_is_refused(engine: Engine) -> None:
    deploy(engine)
    waits = node("startEvent", "start", '<bpmn:messageEventDefinition id="m" messageRef="m_x"/>')
    broken = diagram(
        "under", waits, task("steg"), end(), chain("start", "steg", "slut"), messages=("x",)
    )
    with pytest.raises(GateRefused) as refused:
        deploy(engine, under__bpmn=broken)
    assert {error.element for error in refused.value.errors} == {"anrop"}


def test_what_a_diagram_refers_to_may_be_deployed_before(engine: Engine) -> None:
    deploy(engine)
    text = OVER.replace('"over"', '"over_till"')
    assert deploy(engine, over_till__bpmn=text).new == [("over_till", 1)]
    with engine.database.reading() as session:
        files = deployments.current(session, "over_till").files
        assert set(files) == {"over_till.bpmn", "under.bpmn", "mitt.json"}


def test_two_files_of_one_name_are_both_kept(engine: Engine) -> None:
    deploy(engine, a__bpmn=under(), mitt__json=form("Ett"))
    deploy(engine, **{"mapp/a__bpmn": OVER})
    with engine.database.reading() as session:
        over = deployments.current(session, "over")
        assert set(over.files) == {"a.bpmn", "a-2.bpmn", "mitt.json"}
        assert "callActivity" in deployments.bpmn_of(over, "over")
        assert "userTask" in deployments.bpmn_of(over, "under")


def test_what_is_not_there_is_not_found(engine: Engine) -> None:
    deploy(engine)
    with engine.database.reading() as session:
        for ask in (
            lambda: deployments.current(session, "borta"),
            lambda: deployments.version(session, "over", 9),
            lambda: deployments.get(session, "borta"),
            lambda: deployments.bpmn_of(deployments.current(session, "ensam"), "over"),
        ):
            with pytest.raises(NotFound):
                ask()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The files that the gate has been asked about, each time."""
    times: list[set[str]] = []
    ask = gate.check

    def counted(files: Mapping[str, str], context: gate.GateContext) -> list[gate.Finding]:
        times.append(set(files))
        return ask(files, context)

    monkeypatch.setattr(gate, "check", counted)
    return times


def checked_and_deployed(
    engine: Engine, meanwhile: dict[str, str], asked: list[set[str]]
) -> list[tuple[str, int]]:
    with engine.database.reading() as session:
        checked = deployments.check(session, engine, {"under.bpmn": under("Nytt")})
    if meanwhile:
        deploy(engine, **meanwhile)
    asked.clear()
    with engine.database.writing() as session:
        done = deployments.deploy(
            session, engine, {"under.bpmn": under("Nytt")}, actor=ANNA, checked=checked
        )
    return done.new


def test_what_was_checked_is_not_checked_again(engine: Engine, asked: list[set[str]]) -> None:
    deploy(engine)
    assert checked_and_deployed(engine, {}, asked) == [("over", 2), ("under", 2)]
    assert asked == []


def test_what_was_checked_is_checked_again_when_what_it_hung_on_has_changed(
    engine: Engine, asked: list[set[str]]
) -> None:
    deploy(engine)
    assert checked_and_deployed(engine, {"mitt__json": form("Annat")}, asked)
    assert asked == [{"over.bpmn", "under.bpmn", "mitt.json"}]


def test_what_was_checked_and_refused_is_refused(engine: Engine) -> None:
    broken = {"under.bpmn": under(form="saknas")}
    with engine.database.reading() as session:
        checked = deployments.check(session, engine, broken)
    with pytest.raises(GateRefused), engine.database.writing() as session:
        deployments.deploy(session, engine, broken, actor=ANNA, checked=checked)
    assert in_force(engine) == {}
